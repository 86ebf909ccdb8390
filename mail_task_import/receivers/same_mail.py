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
    head = _END.split(content.lstrip(b"\r\n"), maxsplit=1)[0]
    lines = [_plain(line) for line in _FOLD.sub(b"", head).splitlines() if line.strip()]
    named = [line for line in lines if _name(line) in _NAMED_BY]
    if not any(_name(line) == b"message-id" for line in named):
        named = [line for line in lines if _name(line) not in _CHANGING]
    return hashlib.sha256(b"\n".join(named)).hexdigest()


def _plain(line: bytes) -> bytes:
    return b" ".join(line.split())


def _name(line: bytes) -> bytes:
    return line.partition(b":")[0].strip().lower()
