"""Addresses by which recipients opt out of mailings, in the text of mails.

A text is written with a stand-in, which is nobody's; what leaves has its recipient's own address in
that place. Whoever quotes, forwards or keeps such a mail gets the stand-in again, or an address of
their own: with somebody else's they could speak for that person. What such an address may look
like when it comes back, ``spellings`` knows.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from email.message import EmailMessage
from urllib.parse import quote, unquote

from .spellings import AT_THE_END, SCHEME, each_replaced, spellings
from .spellings import holds_some as holds_hint

PATH = "/mail_import/opt_out"
STAND_IN = f"{PATH}_here"

_WRITTEN = re.compile(
    r"(?P<origin>https?://[^\s\"'<>/%]{1,255})/mail_import/opt_out"
    r"(?:_here\b|/(?:one_click/)?(?P<sent>\d{1,15})/(?P<token>[0-9a-f]{64})"
    r"(?:\?to=(?P<to>[\w.%~-]{0,800}))?)",
    re.ASCII,
)
# as a part of another address, where readers are counted
_ENCODED = re.compile(r"https?%3A%2F%2F[\w.%-]{1,300}?%2Fmail_import%2Fopt_out_here\b", re.ASCII)

_TOKEN = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])", re.ASCII | re.IGNORECASE)
# also behind an encoded slash
_MAYBE_TOKEN = re.compile(r"[0-9a-f]{64}", re.ASCII | re.IGNORECASE)
_MAYBE_OURS = re.compile(
    rf"{PATH[1:]}|mail_import%2Fopt_out_here|{_MAYBE_TOKEN.pattern}", re.ASCII | re.IGNORECASE
)
_SENT = re.compile(r"(\d{1,400})[/.]*$", re.ASCII)
_TO = re.compile(r"[?&;]to=([^\s&;#,<>()\[\]\"]{1,1000})")
MOST_READ = 20
"""Tokens and recipients in one address that are looked at."""
MOST_ASKED = 3_000
"""Signatures that are computed for one text."""

IsOurs = Callable[[str, int, str], bool]
"""Whether a link was signed here: its address, when it was sent, its token. Others' are theirs."""


def holds_some(text: str) -> bool:
    """False says that there is no such address; quick."""
    return holds_hint(text, _MAYBE_OURS)


def replaced(text: str, address: str, is_ours: IsOurs) -> str:
    """The text with ``address`` in the place of stand-ins, and of links, whoever's they were.

    A link that some mail program has spelled in another way, or put into an address of its own, is
    known by what it says: then the whole of that address is replaced.
    """
    is_ours = Sparing(is_ours)

    def read(run: str) -> str:
        run = _run_replaced(run, address, lambda _match: address, is_ours)
        return _ENCODED.sub(lambda _match: quote(address, safe=""), run)

    return each_replaced(text, _MAYBE_OURS, read)


def quoted_impersonal(text: str, stand_in: str, is_ours: IsOurs) -> str:
    """What somebody else wrote, with stand-ins in the place of links that they quote.

    :param stand_in: for links whose host is not told from how they are spelled
    """
    is_ours = Sparing(is_ours)

    def read(run: str) -> str:
        return _run_replaced(run, stand_in, lambda match: match["origin"] + STAND_IN, is_ours)

    return each_replaced(text, _MAYBE_TOKEN, read)


class Sparing:
    """The question whether a link was signed here; after many times nothing is asked any more."""

    def __init__(self, is_ours: Callable[..., bool]):
        self._is_ours = is_ours
        self._left = MOST_ASKED

    def __call__(self, *link) -> bool:
        self._left -= 1
        return self._left >= 0 and self._is_ours(*link)

    def first(self, links: Iterable[tuple]) -> tuple | None:
        """The first that was; the links are not even put together when nothing is asked."""
        if self._left > 0:
            for link in links:
                if self(*link):
                    return link
                if self._left <= 0:
                    break
        return None


def whole_replaced(run: str, address: str) -> str:
    """The address in the place of the one that the run holds; what a sentence needs stays."""
    scheme = SCHEME.search(run)
    end = run[len(run.rstrip(AT_THE_END)) :]
    return run[: scheme.start() if scheme else 0] + address + end


def _run_replaced(
    run: str, address: str, plain: Callable[[re.Match], str], is_ours: Sparing
) -> str:
    rest = _WRITTEN.sub(lambda match: "" if _is_one(match, is_ours) else match[0], run)
    if _is_spelled(rest, is_ours):
        return whole_replaced(run, address)
    return _WRITTEN.sub(lambda match: plain(match) if _is_one(match, is_ours) else match[0], run)


def _is_spelled(run: str, is_ours: Sparing) -> bool:
    """Whether a link of ours is in it, however it is written."""
    if not holds_hint(run, _MAYBE_TOKEN):
        return False
    links = (
        (to, sent, token)
        for text in spellings(run, _MAYBE_TOKEN)
        for sent, token in _signed_in(text)
        for to in _recipients_in(text)
    )
    return is_ours.first(links) is not None


def _signed_in(text: str) -> Iterator[tuple[int, str]]:
    for _number, match in zip(range(MOST_READ), _TOKEN.finditer(text), strict=False):
        sent = _SENT.search(text[max(0, match.start() - 500) : match.start()])
        if sent:
            yield int(sent[1]), match[0].lower()


def _recipients_in(text: str) -> Iterator[str]:
    for _number, match in zip(range(MOST_READ), _TO.finditer(text), strict=False):
        written = match[1].rstrip(AT_THE_END)
        yield from {written, unquote(written)}


def impersonal(text: str) -> str:
    """What was written here, with stand-ins in the place of links, under the hosts they name."""
    if PATH not in text:
        return text
    return _WRITTEN.sub(lambda match: match["origin"] + STAND_IN, text)


def _is_one(match: re.Match, is_ours: IsOurs) -> bool:
    if not match["sent"]:
        return True
    return is_ours(unquote(match["to"] or ""), int(match["sent"]), match["token"])


def impersonal_copy(message: EmailMessage) -> EmailMessage:
    """What is kept of a mail that left: the mail itself, where nothing in it was personal."""
    if PATH not in (message["List-Unsubscribe"] or ""):
        return message
    kept = deepcopy(message)
    del kept["List-Unsubscribe"]
    del kept["List-Unsubscribe-Post"]
    for part in kept.walk():
        if part.get_content_maintype() == "text" and not part.is_attachment():
            text = part.get_content()
            changed = impersonal(text)
            if changed != text:
                part.set_content(changed, subtype=part.get_content_subtype())
    return kept
