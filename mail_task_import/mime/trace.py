"""Header fields as text for people: those that all copies share, and those of one copy."""

from .headers import decode_words

MAX_TEXT = 65_536

# What servers add on the way, so that two copies of one mail differ in it; and Bcc, which only
# the copy of the person named there, or of the sender, may hold (RFC 5322 section 3.6.3).
TRACE_FIELDS = frozenset(
    str.split(
        "received return-path delivered-to x-original-to envelope-to x-envelope-to x-envelope- "
        "from envelope-from authentication-results received-spf dkim-signature domainkey- "
        "signature x-received x-forwarded-to x-forwarded-for x-forwarded-encrypted x-delivered-to "
        "apparently-to bcc resent-bcc status x-status x-uid x-uidl x-keywords lines content- "
        "length x-imap original-recipient x-beenthere x-loop x-sieve x-virus-scanned x-virus- "
        "status x-amp-result"
    )
)
TRACE_PREFIXES = (
    "arc-",
    "x-spam",
    "x-google",
    "x-gm-",
    "x-gmail",
    "x-mozilla",
    "x-ms-exchange",
    "x-microsoft-antispam",
    "x-forefront",
    "x-amavis",
    "x-barracuda",
    "x-proofpoint",
    "x-ironport",
    "x-rspamd",
    "x-yandex",
    "x-mailru",
    "x-mras",
    "x-getmail",
    "x-fetchmail",
    "x-ham",
    "x-dspam",
    "x-mimecast",
)


def headers_as_text(headers):
    """Return the fields that all copies share, "Name: value" a line, decoded, bounded."""
    return _as_text(headers, traces=False)


def trace_as_text(headers):
    """Return the fields that belong to one copy, Bcc among them."""
    return _as_text(headers, traces=True)


def fields_of(text):
    """``(name, value)`` of each field in such a text."""
    for line in text.split("\n"):
        name, colon, value = line.partition(":")
        if colon:
            yield name, value.strip()


def _as_text(headers, traces):
    lines, length = [], 0
    for name, value in headers.fields:
        if _is_trace(name.lower()) != traces:
            continue
        line = f"{name}: {decode_words(headers.unfold(value[:MAX_TEXT]))}"
        length += len(line) + 1
        if length > MAX_TEXT:
            lines.append("[…]")
            break
        lines.append(line)
    return "\n".join(lines)


def _is_trace(name):
    return name in TRACE_FIELDS or name.startswith(TRACE_PREFIXES)
