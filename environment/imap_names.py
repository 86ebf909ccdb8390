"""Folder names as IMAP wants them on the wire: modified UTF-7 (RFC 3501, section 5.1.3), quoted."""

import base64
import re

_OUTSIDE_ASCII = re.compile(r"[^\x20-\x7e]+")


def quoted(name: str) -> str:
    encoded = _OUTSIDE_ASCII.sub(_shifted, name.replace("&", "&-"))
    escaped = encoded.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _shifted(match: re.Match) -> str:
    text = base64.b64encode(match.group().encode("utf-16-be")).decode()
    return f"&{text.rstrip('=').replace('/', ',')}-"
