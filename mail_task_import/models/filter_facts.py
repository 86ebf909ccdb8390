"""What filters ask of a mail. Plain objects that know no ORM."""

from collections import defaultdict
from functools import cached_property

from ..mime.text import words_of
from ..mime.trace import fields_of
from ..mime.wildcards import People, folded, one_line

MAX_PEOPLE = 500
"""Recipients of each header that are looked at; so many are stored, too."""
MAX_BODY = 1_000_000
TEXTS = ("sender", "recipients", "subject", "header_text", "body")
"""Texts of a mail in which words are looked for, the short ones first."""
BODY, FILES = "body", "files"
"""What a mail does not tell of which only the headers were fetched."""


class Facts:
    """What filters ask of one mail; each answer is worked out for the first that asks."""

    def __init__(self, batch, mail):
        self.batch, self.mail, self.parsed = batch, mail, mail.parsed

    @cached_property
    def missing(self):
        """Kinds of conditions that this mail cannot answer."""
        return (BODY, FILES) if self.mail.raw.truncated else ()

    def text(self, place):
        """What ``TEXTS`` names."""
        if place in ("sender", "recipients"):
            return getattr(self, place).text
        return getattr(self, place)

    @cached_property
    def sender(self):
        return People([self.parsed.sender, self.parsed.from_])

    @cached_property
    def recipients(self):
        return People(self.parsed.to[:MAX_PEOPLE] + self.parsed.cc[:MAX_PEOPLE])

    @cached_property
    def subject(self):
        return one_line(folded(self.parsed.subject))

    @cached_property
    def body(self):
        """The text, and what the HTML says: people read the one or the other."""
        if BODY in self.missing:
            return ""
        text, html = self.parsed.body_text, self.parsed.body_html
        return one_line(folded(f"{text[:MAX_BODY]}\n{words_of(html[:MAX_BODY])}"))

    @cached_property
    def header_text(self):
        return folded(f"{self.parsed.headers}\n{self.parsed.trace_headers}")

    @cached_property
    def headers(self):
        """``{name: values}``, folded."""
        found = defaultdict(list)
        for name, value in fields_of(self.header_text):
            found[name].append(value)
        return found

    @cached_property
    def has_files(self):
        return FILES not in self.missing and any(not f.inline for f in self.parsed.attachments)

    @cached_property
    def size(self):
        return max(self.parsed.size, self.mail.raw.size)

    @cached_property
    def is_list(self):
        automatic = self.parsed.automatic
        return automatic in ("list", "bulk") or bool(automatic and self.parsed.list_id)

    @cached_property
    def is_employee(self):
        return bool(self.mail.employee)

    @cached_property
    def is_known(self):
        return bool(self.mail.employee or self.mail.author)

    @cached_property
    def is_unknown(self):
        """Nobody's address; one that is only claimed is not unknown, it is unverified."""
        email, lookups = self.parsed.sender.email, self.batch.lookups
        return email not in lookups["insiders"] and email not in lookups["partners"]

    @cached_property
    def is_unverified(self):
        """As the entry shows it to its owner."""
        verdict = self.batch.mailbox._trusted_verdict(self.parsed)
        return bool(self.mail.posing or (verdict and verdict.failed))
