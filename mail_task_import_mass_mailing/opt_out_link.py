"""The host's stand-in for a recipient's own way out of a mailing, in the text of mails."""

import re
from urllib.parse import quote

STAND_IN = "/unsubscribe_from_list"

_ANYWHERE = re.compile(r"https?://[^\s\"'<>/]{1,255}/unsubscribe_from_list\b", re.ASCII)
# as a part of another address
_ENCODED = re.compile(r"https?%3A%2F%2F[\w.%-]{1,300}?%2Funsubscribe_from_list\b", re.ASCII)


def replaced(text: str, address: str) -> str:
    """The text with ``address`` wherever a stand-in is left, under whichever host it stands."""
    if "unsubscribe_from_list" not in text:
        return text
    text = _ANYWHERE.sub(lambda _match: address, text)
    return _ENCODED.sub(lambda _match: quote(address, safe=""), text)
