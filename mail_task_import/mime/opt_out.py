"""Addresses by which recipients opt out of mailings, in the text of mails.

A text is written with a stand-in, which is nobody's; what leaves has its recipient's own address in
that place. Whoever quotes, forwards or keeps such a mail gets the stand-in again, or an address of
their own: with somebody else's they could speak for that person.
"""

import re
from collections.abc import Callable
from copy import deepcopy
from email.message import EmailMessage
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

IsOurs = Callable[[str, int, str], bool]
"""Whether a link was signed here: its address, when it was sent, its token. Others' are theirs."""


def holds_some(text: str) -> bool:
    """False says that there is no such address; quick."""
    return PATH[1:] in text or "mail_import%2Fopt_out_here" in text


def replaced(text: str, address: str, is_ours: IsOurs) -> str:
    """The text with ``address`` in the place of stand-ins, and of links, whoever's they were."""
    text = _WRITTEN.sub(lambda match: address if _is_one(match, is_ours) else match[0], text)
    return _ENCODED.sub(lambda _match: quote(address, safe=""), text)


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
