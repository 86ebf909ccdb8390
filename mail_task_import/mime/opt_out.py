"""Addresses by which recipients opt out of mailings, in the text of mails.

A text is written with a stand-in, which is nobody's; what leaves has its recipient's own address in
that place. Whoever quotes, forwards or keeps such a mail gets the stand-in again, or an address of
their own: with somebody else's they could speak for that person.
"""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from email.message import EmailMessage
from html import unescape
from urllib.parse import quote, unquote

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

# what may be an address: up to a space, quote or bracket, also where these are written for HTML
_RUN = re.compile(r"(?:(?!&(?:lt|gt|quot|nbsp|#39|#34|#x27);)[^\s\"'<>])+")
_SCHEME = re.compile(r"https?(?::|%(?:25){0,5}3A|&#58;)", re.ASCII | re.IGNORECASE)
_TOKEN = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])", re.ASCII | re.IGNORECASE)
# also behind an encoded slash
_MAYBE_TOKEN = re.compile(r"[0-9a-f]{64}", re.ASCII | re.IGNORECASE)
_SENT = re.compile(r"(\d{1,400})[/.]*$", re.ASCII)
_TO = re.compile(r"[?&;]to=([^\s&;#,<>()\[\]\"]{1,1000})")
_AT_THE_END = ".,:;!?)]}*"
MOST_UNQUOTED = 6
"""How often an address was made a part of another one, and twice."""
MOST_READ = 20
"""Tokens and recipients in one address that are looked at."""

IsOurs = Callable[[str, int, str], bool]
"""Whether a link was signed here: its address, when it was sent, its token. Others' are theirs."""


def holds_some(text: str) -> bool:
    """False says that there is no such address; quick."""
    is_written = PATH[1:] in text or "mail_import%2Fopt_out_here" in text
    return is_written or bool(_MAYBE_TOKEN.search(text))


def replaced(text: str, address: str, is_ours: IsOurs) -> str:
    """The text with ``address`` in the place of stand-ins, and of links, whoever's they were.

    A link that some mail program has spelled in another way, or put into an address of its own, is
    known by what it says: then the whole of that address is replaced.
    """
    if not holds_some(text):
        return text
    return _RUN.sub(lambda match: _run_replaced(match[0], address, is_ours), text)


def _run_replaced(run: str, address: str, is_ours: IsOurs) -> str:
    if not holds_some(run):
        return run
    rest = _WRITTEN.sub(lambda match: "" if _is_one(match, is_ours) else match[0], run)
    if _MAYBE_TOKEN.search(rest) and _is_spelled(rest, is_ours):
        scheme = _SCHEME.search(run)
        end = run[len(run.rstrip(_AT_THE_END)) :]
        return run[: scheme.start() if scheme else 0] + address + end
    run = _WRITTEN.sub(lambda match: address if _is_one(match, is_ours) else match[0], run)
    return _ENCODED.sub(lambda _match: quote(address, safe=""), run)


def _is_spelled(run: str, is_ours: IsOurs) -> bool:
    """Whether a link of ours is in it, however it is written."""
    return any(
        is_ours(to, sent, token)
        for text in _unquoted(run)
        for sent, token in _signed_in(text)
        for to in _recipients_in(text)
    )


def _unquoted(run: str) -> Iterator[str]:
    text = unescape(run)
    for _time in range(MOST_UNQUOTED):
        yield text
        before, text = text, unescape(unquote(text))
        if text == before:
            return


def _signed_in(text: str) -> Iterator[tuple[int, str]]:
    for _number, match in zip(range(MOST_READ), _TOKEN.finditer(text), strict=False):
        sent = _SENT.search(text[max(0, match.start() - 500) : match.start()])
        if sent:
            yield int(sent[1]), match[0].lower()


def _recipients_in(text: str) -> Iterator[str]:
    for _number, match in zip(range(MOST_READ), _TO.finditer(text), strict=False):
        written = match[1].partition("__")[0].rstrip(_AT_THE_END)
        # one redirector writes "*" for what it keeps elsewhere
        yield from {written, unquote(written), unquote(written.replace("*", "%"))}


def impersonal(text: str, is_ours: IsOurs = lambda *_link: True) -> str:
    """The text with stand-ins in the place of links, under the hosts that these name."""
    if PATH not in text:
        return text
    return _WRITTEN.sub(
        lambda match: match["origin"] + STAND_IN if _is_one(match, is_ours) else match[0], text
    )


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
