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


def names_of(content: bytes) -> dict[bytes, set[bytes]]:
    """What names a mail, or its headers alone: ``{header: its values}``, without blanks."""
    named: dict[bytes, set[bytes]] = {}
    for line in _header_lines(content):
        name = _name(line)
        value = b"".join(line.partition(b":")[2].split())
        if name in _NAMED_BY and value:
            named.setdefault(name, set()).add(value)
    return named


def is_another(names: dict[bytes, set[bytes]], others: dict[bytes, set[bytes]]) -> bool:
    """Whether two mails are clearly not the same.

    Servers write headers in one way here and in another there, leave them out, add them and mark
    subjects: only what both say, and say differently, tells them apart.
    """
    both = names.keys() & others.keys()
    if b"message-id" in both:
        both = {b"message-id"}
    return any(
        not any(_agree(one, other) for one in names[name] for other in others[name])
        for name in both
    )


def _agree(one: bytes, other: bytes) -> bool:
    """A mark may stand before a subject, in whose encoded words it hides."""
    return one in other or other in one or (b"=?" in one and b"=?" in other)


def _header_lines(content: bytes) -> list[bytes]:
    head = _END.split(content.lstrip(b"\r\n"), maxsplit=1)[0]
    return [_plain(line) for line in _FOLD.sub(b"", head).splitlines() if line.strip()]


def _plain(line: bytes) -> bytes:
    return b" ".join(line.split())


def _name(line: bytes) -> bytes:
    return line.partition(b":")[0].strip().lower()
