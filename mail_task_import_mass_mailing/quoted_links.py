"""The host's links in letters of mailings, which somebody quotes: each speaks for its recipient.

There is the way out, the letter on a page of its own, and short addresses that count who follows
them.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import unquote

from odoo.addons.mail_task_import.mime.opt_out import MOST_READ, Sparing, whole_replaced
from odoo.addons.mail_task_import.mime.spellings import (
    AT_THE_END,
    each_replaced,
    spellings,
)

# a slash, in any spelling
_SLASH = r"(?:[/_]|%(?:25){0,5}2F)"
_TOKEN = re.compile(r"(?<![0-9a-f])[0-9a-f]{128}(?![0-9a-f])", re.ASCII | re.IGNORECASE)
_MAYBE_TOKEN = re.compile(r"[0-9a-f]{128}", re.ASCII | re.IGNORECASE)
_PAGE = re.compile(r"mailing/(\d{1,9})/(\w{1,30})", re.ASCII)
_DOCUMENT = re.compile(r"[?&;](?:document_id|res_id)=(\d{1,9})", re.ASCII)
_EMAIL = re.compile(r"[?&;]email=([^\s&;#,<>()\[\]\"]{1,1000})")
_COUNTED = re.compile(
    rf"{_SLASH}r{_SLASH}(?P<code>[A-Za-z0-9]{{1,64}})(?P<whose>{_SLASH}m{_SLASH}\d{{1,15}})\b",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Link:
    """A page of a mailing, for one of its recipients."""

    mailing: int
    page: str
    document: int
    email: str
    token: str


def impersonal(
    text: str, address_of: Callable[[Link], str], is_ours: Callable[[Link], bool]
) -> str:
    """The text with ``address_of`` in the place of each link that was signed here."""
    is_ours = Sparing(is_ours)

    def read(run: str) -> str:
        found = is_ours.first((link,) for link in _links(run))
        return whole_replaced(run, address_of(found[0])) if found else run

    return each_replaced(text, _MAYBE_TOKEN, read)


def _links(run: str) -> Iterator[Link]:
    for text in spellings(run, _MAYBE_TOKEN):
        tokens = [match[0].lower() for match in islice(_TOKEN.finditer(text), MOST_READ)]
        documents = {int(match[1]) for match in islice(_DOCUMENT.finditer(text), MOST_READ)}
        for page in islice(_PAGE.finditer(text), MOST_READ) if tokens else ():
            for email in _emails(text):
                for document in documents:
                    for token in tokens:
                        yield Link(int(page[1]), page[2], document, email, token)


def _emails(text: str) -> Iterator[str]:
    for match in islice(_EMAIL.finditer(text), MOST_READ):
        written = match[1].rstrip(AT_THE_END)
        yield from {written, unquote(written), written.lower(), unquote(written).lower()}


def counted_codes(text: str) -> set[str]:
    """Those of short addresses that say for whom they count."""
    return {match["code"] for match in _COUNTED.finditer(text)}


def uncounted(text: str, codes: set[str]) -> str:
    """The text with these short addresses, which lead to the same place and count for nobody."""
    return _COUNTED.sub(
        lambda match: match[0][: -len(match["whose"])] if match["code"] in codes else match[0],
        text,
    )
