"""Structured header values: ``text/plain; charset=utf-8; name*0*=...`` (RFC 2045, RFC 2231)."""

import re
from itertools import islice
from urllib.parse import unquote_to_bytes

from .charsets import decode
from .headers import decode_words

MAX_LENGTH = 8_192
MAX_PARAMETERS = 60

_PARAMETER = re.compile(r';\s*([^\s=;"]{1,80})\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_CONTINUED = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?")


def parse_parameters(value):
    """Return the main value in lower case, and its parameters by lower-case name, decoded."""
    main, semicolon, _rest = value.partition(";")
    if not semicolon:
        return main.strip().lower(), {}
    found = islice(_PARAMETER.finditer(value[:MAX_LENGTH]), MAX_PARAMETERS)
    raw = [(match[1].lower(), _unquote(match[2])) for match in found]
    if any("*" in name for name, _value in raw):
        return main.strip().lower(), _join(raw)
    parameters = {}
    for name, text in raw:
        parameters.setdefault(name, _decode_plain(text))
    return main.strip().lower(), parameters


def _unquote(text):
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        return _ESCAPED.sub(_keep_backslash_of_paths, text[1:-1])
    return text.strip('"')


def _keep_backslash_of_paths(match):
    # Outlook wrote C:\dir\file unescaped; only quotes and backslashes are ever escaped for good.
    return match[1] if match[1] in '"\\' else match[0]


def _decode_plain(text):
    """Encoded words are forbidden in parameters (RFC 2047 section 5), and usual there."""
    return decode_words(text) if "=?" in text else text


def _join(raw):
    """Put RFC 2231 continuations together; the extended form of a name beats its plain one."""
    plain, sections = {}, {}
    for name, text in raw:
        match = _CONTINUED.fullmatch(name)
        if not match or not (match[2] or match[3]):
            plain.setdefault(name, _decode_plain(text))
            continue
        section = int(match[2] or 0)
        sections.setdefault(match[1], {}).setdefault(section, (bool(match[3]), text))
    return plain | {name: _join_sections(found) for name, found in sections.items()}


def _join_sections(sections):
    charset, content = "", b""
    for number in sorted(sections):
        extended, text = sections[number]
        if extended and not content and text.count("'") >= 2:
            charset, _language, text = text.split("'", 2)
        encoded = text.encode("utf-8", "replace")
        content += unquote_to_bytes(encoded) if extended else encoded
    return _decode_plain(decode(content, charset))
