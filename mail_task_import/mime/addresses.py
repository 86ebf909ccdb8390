"""Address lists: ``Ann <ann@example.com>, Team: bob@example.com;`` and all that goes wrong there.

RFC 5322 section 3.4. The standard library's reader recurses on brackets and takes minutes on long
lists; this one reads its input once.
"""

import re
from itertools import islice

from .headers import decode_words
from .parsed_mail import Address

MAX_LENGTH = 1_000_000
"""Characters of one header's list."""
MAX_WORDS = 100
"""Pieces of one entry."""
MAX_TOKENS = 100_000
MAX_ADDRESSES = 10_000
MAX_NAME = 200
MAX_TEXT = 4_000
"""Characters around an address that are searched for its name."""
MAX_EMAIL = 320
"""64 for the local part, 255 for the domain (RFC 5321 section 4.5.3.1), and the @."""

# Each repetition is bounded or ends at a character that starts another token, so that unclosed
# quotes and brackets do not make the reader start over again and again.
_TOKEN = re.compile(
    r'(?P<quoted>"[^"\\]{0,250}"|"(?:[^"\\]|\\.){0,150}")'
    r"|(?P<comment>\((?:[^()\\]|\\.){0,250}\))"
    r"|(?P<angle><[^<>]{0,1000}>)"
    r"|(?P<mark>[,;:])"
    r'|(?P<text>[^",;:<(]+|["<(])',
    re.DOTALL,
)
_BARE = re.compile(r"[^\s@\"'<>()\[\],;:\\]{1,100}@[^\s@\"'<>()\[\],;:\\]{1,255}")
_EMAIL = re.compile(
    r"(?:[^\s@<>(),;:\"\\]{1,100}|\"[^@<>\"\\\r\n]{1,98}\")@[^\s@<>()\",;:\\]{1,255}"
)
_COMMENT = re.compile(r"\([^()]{0,250}\)")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.){0,250})"', re.DOTALL)
_NEEDLESSLY_QUOTED = re.compile(r"^\"([\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*)\"@")
"""``"ann.lee"@example.com`` is ``ann.lee@example.com`` (RFC 5321 section 4.1.2)."""
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_SPACES = re.compile(r"\s+")


def parse_addresses(value):
    """Return the ``Address`` of each mailbox in the value of an address header, encoded or not.

    Groups are flattened; an entry without a usable address is left out, unless nothing else is
    there: then it is one ``Address`` of a name only.
    """
    reader = _Reader()
    for match in islice(_TOKEN.finditer(value[:MAX_LENGTH]), MAX_TOKENS):
        reader.take(match.lastgroup, match[0])
        if len(reader.addresses) >= MAX_ADDRESSES:
            break
    return reader.finish()


def parse_all(values):
    """Return the addresses of several headers of one kind, each address once."""
    unique = {}
    for value in values:
        for address in parse_addresses(value):
            unique.setdefault(address.email or address.name, address)
        if len(unique) >= MAX_ADDRESSES:
            break
    return list(unique.values())[:MAX_ADDRESSES]


def normalise_email(text):
    """Return a usable address in lower case, "" where ``text`` is none."""
    text = text.strip().strip("<>'\u200b").strip()
    if text[:7].lower() == "mailto:":
        text = text[7:].partition("?")[0]
    if text.startswith("@") and ":" in text:
        text = text.rpartition(":")[2]  # the route of RFC 822: <@relay.example:ann@example.com>
    text = _NEEDLESSLY_QUOTED.sub(r"\1@", text.rstrip("."))
    if len(text) > MAX_EMAIL or not _EMAIL.fullmatch(text):
        return ""
    return text.lower() if text.isprintable() else ""


def domain_of(email):
    return email.rpartition("@")[2]


class _Reader:
    """Collects the tokens of one entry until a comma, a semicolon or the end."""

    def __init__(self):
        self.addresses = []
        self.in_group = False
        self.encoded = 0
        self._start_entry()
        self.nameless = ""

    def _start_entry(self):
        self.words, self.comments = [], []
        self.angle, self.named = None, 0  # the text in brackets, and how many words stood before it

    def take(self, kind, token):
        if kind == "comment":
            self.comments.append(token[1:-1])
        elif kind == "angle":
            self._take_angle(token[1:-1])
        elif kind == "mark":
            self._take_mark(token)
        else:
            self.words.append(token)
        del self.words[MAX_WORDS:], self.comments[MAX_WORDS:]

    def _take_angle(self, text):
        """A second address without a comma between them starts an entry of its own."""
        if self.angle is not None and normalise_email(text):
            words = self.words[self.named :]
            del self.words[self.named :]
            self._end_entry()
            self.words = words
        self.angle, self.named = text, len(self.words)

    def _take_mark(self, mark):
        if mark == ":" and self.angle is None and "@" not in "".join(self.words):
            self._start_entry()  # what came was the name of a group
            self.in_group = True
            return
        if mark == ":":
            self.words.append(mark)
            return
        self._end_entry()
        self.in_group = self.in_group and mark != ";"

    def _end_entry(self):
        text = "".join(self.words)[:MAX_TEXT].strip()
        if self.angle is None and "@" not in text and not self._is_encoded_address(text):
            self._keep_name(text)
            return
        address = self._address(text)
        self._start_entry()
        if address:
            self.addresses.append(address)
            self.nameless = ""
        else:
            self.nameless = self.nameless or text

    def _keep_name(self, text):
        """ "Doe, John <john@…>" without quotes: the first half waits for the second."""
        self._start_entry()
        if text:
            self.nameless = self.nameless or text
            self.words = [text[:MAX_NAME], ", "]

    def _is_encoded_address(self, text):
        """Some programs encode name and address in one word, which RFC 2047 section 5 forbids."""
        if "=?" not in text or self.encoded >= MAX_ADDRESSES:
            return False
        self.encoded += 1
        return "@" in decode_words(text)

    def _address(self, text):
        if self.angle is None and "=?" in text:
            decoded = decode_words(text)
            return next(iter(parse_addresses(decoded)), None) if "=?" not in decoded else None
        if self.angle is not None:
            email = normalise_email(self.angle) or self._repaired(self.angle)
            bare = None if email else _BARE.search(self.angle) or _BARE.search(text)
        else:
            email = normalise_email(text)
            bare = None if email else _BARE.search(text)
        if bare:
            email = normalise_email(bare[0])
            text = text.replace(bare[0], " ") if self.angle is None else text
        elif self.angle is None:
            text = ""
        return Address(self._name(text, email), email) if email else None

    @staticmethod
    def _repaired(text):
        """Comments and spaces may stand in an address (RFC 5322 section 4.4), words must not."""
        text = _COMMENT.sub("", decode_words(text))
        return normalise_email("".join(text.split()))

    def _name(self, text, email):
        name = _plain_name(text) or _plain_name(" ".join(self.comments))
        return "" if name.lower() == email else name

    def finish(self):
        self._end_entry()
        if not self.addresses and self.nameless and not self.in_group:
            name = _plain_name(self.nameless)
            return [Address(name, "")] if name else []
        return self.addresses


def _plain_name(text):
    """Return a name without its quotes; encoded words are decoded, in quotes as well."""
    text = _QUOTED.sub(lambda match: _ESCAPED.sub(r"\1", match[1]), text)
    return _SPACES.sub(" ", decode_words(text)).strip(" ,\"'<>")[:MAX_NAME]
