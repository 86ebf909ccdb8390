"""Bodies in base64 as they come: in pieces, quoted, with a footer under them that is text."""

import binascii
import re
import string

from .headers import decode_base64

_LETTERS = (string.ascii_letters + string.digits + "+/").encode()
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_LINE = re.compile(rb"(?=[^A-Za-z0-9]*[A-Za-z0-9])[\w+/-]+(?:={1,2}[\w+/-]+)*={0,2}")
_NO_LETTERS = re.compile(rb"[^A-Za-z0-9+/=]+")
_UNLIKE_WORDS = re.compile(rb"[a-z][A-Z]|[0-9+/]")
_WORDS = re.compile(rb"[^\s=] [^\s=]")
_PLAIN = re.compile(rb"[A-Za-z\s.,!?]+")
_PADDED = re.compile(rb"(?<==)(?=[^=])")
MIN_LETTERS = 16
"""Of a piece without padding: fewer may be a word."""
MAX_TEXT = 400
"""Bytes of a text that may be words only: more of base64 has other marks."""
MAX_PIECES = 1_000
MAX_ODD = 10_000
"""Other characters, beyond a quarter: tiny lines or pieces take long to read."""


def decode_body(content, with_rest):
    """Return the bytes that ``content`` stands for, and ``with_rest`` the text that follows it.

    In a file that text would be damage.
    """
    if with_rest and _is_text(content):
        return content
    odd = content.translate(None, _LETTERS + b"\r\n")
    if not odd or (odd in (b"=", b"==") and content.rstrip().endswith(odd)):
        return decode_base64(content)
    if len(odd) + content.count(b"\n") * 4 > len(content) // 4 + MAX_ODD:
        return _undivided(content)
    lines = [line.lstrip(b"> \t").rstrip() for line in content.split(b"\n")]
    end = _end(lines)
    rest = b"\n".join(content.split(b"\n")[end:]).strip()
    letters = _NO_LETTERS.sub(b"", b"".join(lines[:end]).translate(_URL_SAFE))
    if not end or (rest and not (_is_piece(letters) or _is_unlike_words(letters))):
        return _undivided(content)
    decoded = b"".join(decode_base64(piece) for piece in _PADDED.split(letters, MAX_PIECES))
    return decoded + b"\n" + rest if rest and with_rest else decoded


def _is_text(content):
    """Tell whether ``content`` is a few words that are no base64, though one could decode them."""
    if len(content) > MAX_TEXT or not _PLAIN.fullmatch(content) or _UNLIKE_WORDS.search(content):
        return False
    letters = _NO_LETTERS.sub(b"", content)
    decoded = decode_base64(letters)
    if binascii.b2a_base64(decoded).rstrip(b"=\n") != letters:
        return True
    try:
        return not all(map(str.isprintable, decoded.decode().split()))
    except UnicodeDecodeError:
        return True


def _undivided(content):
    """Words between spaces are no base64, whatever the header says."""
    return content if _WORDS.search(content, 0, 400) else decode_base64(content)


def _end(lines):
    """Return the number of the first line that is no longer base64; 0 where the first is none.

    All lines are as long as the first, but the last of each piece. Lines that are damaged stand
    between others.
    """
    first = next((line for line in lines if line), b"")
    if not _LINE.fullmatch(first):
        return 0
    end = len(lines)
    while not (len(lines[end - 1]) == len(first) and _LINE.fullmatch(lines[end - 1])):
        end -= 1
    while end < len(lines) and _goes_on(lines, end, len(first)):
        end += 1
    return end


def _goes_on(lines, number, length):
    line = lines[number]
    if not line:
        return any(map(_is_piece, lines[number + 1 : number + 3]))
    if _LINE.fullmatch(line) and len(line) < length and not lines[number - 1].endswith(b"="):
        whole = len(line) % 4 == 0 or _UNLIKE_WORDS.search(line)
        return bool(whole) or not any(lines[number + 1 :])
    return _is_piece(line)


def _is_piece(line):
    """Tell whether ``line`` is base64 and no word."""
    return (
        len(line) % 4 == 0
        and (line.endswith(b"=") or _is_unlike_words(line))
        and bool(_LINE.fullmatch(line))
    )


def _is_unlike_words(letters):
    return len(letters) >= MIN_LETTERS and bool(_UNLIKE_WORDS.search(letters))
