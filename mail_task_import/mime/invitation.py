"""What an invitation says, for a mail that is nothing else (RFC 5545)."""

import re

MAX_LENGTH = 200_000
MAX_LINES = 5_000
SHOWN = ("SUMMARY", "DTSTART", "DTEND", "DUE", "LOCATION", "DESCRIPTION")

_FOLD = re.compile(r"\n[ \t]")
_LINE = re.compile(r'([A-Za-z-]{1,40})((?:;(?:[^":]|"[^"]*")*)?):(.*)')
_ZONE = re.compile(r";TZID=\"?([\w/+ .-]{1,80})", re.IGNORECASE)
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?")
_ESCAPED = re.compile(r"\\(.)")


def invitation_as_text(text):
    """Return summary, time, place and description of the first event or task in ``text``."""
    lines = _FOLD.sub("", text[:MAX_LENGTH]).split("\n")[:MAX_LINES]
    found, inside = {}, False
    for line in lines:
        name, _colon, value = line.strip().upper().partition(":")
        if name in ("BEGIN", "END") and value in ("VEVENT", "VTODO", "VALARM"):
            if inside and found and value != "VALARM":
                break
            inside = (name == "BEGIN") != (value == "VALARM")
        elif inside and (match := _LINE.fullmatch(line)) and match[1].upper() in SHOWN:
            found.setdefault(match[1].upper(), _shown(match))
    when = " – ".join(found[each] for each in ("DTSTART", "DTEND", "DUE") if found.get(each))
    head = (found.get("SUMMARY"), when, found.get("LOCATION"))
    pieces = ["\n".join(filter(None, head)), found.get("DESCRIPTION")]
    return "\n\n".join(filter(None, pieces))


def _shown(match):
    time = _TIME.fullmatch(match[3].strip()) if match[1].upper().startswith("D") else None
    if not time:
        return _ESCAPED.sub(_unescaped, match[3]).strip()
    year, month, day, hour, minute, utc = time.groups()
    zone = _ZONE.search(match[2])
    words = [f"{year}-{month}-{day}", f"{hour}:{minute}" if hour else ""]
    return " ".join(filter(None, [*words, "UTC" if utc else zone[1] if zone else ""]))


def _unescaped(match):
    return "\n" if match[1] in "nN" else match[1]
