"""Whether a message of a POP3 server is still the mail that was read, by its headers."""

import hashlib
import re

_NAMED_BY = (b"message-id", b"date", b"from", b"subject")
# Some servers write these into the mail when it is read.
_CHANGING = (b"status", b"x-status", b"x-uidl", b"x-keywords", b"content-length", b"lines")
_END = re.compile(rb"\r?\n\r?\n")
_FOLD = re.compile(rb"\r?\n(?=[ \t])")


def headers_digest(content: bytes) -> str:
    """Of a mail, or of its headers alone.

    By what names it: servers write other headers into it, or leave them out, from one answer to
    the next. A mail without a Message-ID is told by all of them.
    """
    lines = _header_lines(content)
    named = [line for line in lines if _name(line) in _NAMED_BY]
    if not any(_name(line) == b"message-id" for line in named):
        named = [line for line in lines if _name(line) not in _CHANGING]
    return hashlib.sha256(b"\n".join(named)).hexdigest()


def name_digest(content: bytes) -> str:
    """Of what names a mail, or its headers alone, in any two answers; "" where nothing does."""
    lines = _header_lines(content)
    names = [line for line in lines if _name(line) == b"message-id"]
    names = names or [line for line in lines if _name(line) in _NAMED_BY]
    return hashlib.sha256(b"\n".join(names)).hexdigest()[:32] if names else ""


def _header_lines(content: bytes) -> list[bytes]:
    head = _END.split(content.lstrip(b"\r\n"), maxsplit=1)[0]
    return [_plain(line) for line in _FOLD.sub(b"", head).splitlines() if line.strip()]


def _plain(line: bytes) -> bytes:
    return b" ".join(line.split())


def _name(line: bytes) -> bytes:
    return line.partition(b":")[0].strip().lower()
