"""What mail servers say about the origin of a mail: Authentication-Results (RFC 8601).

Nothing is verified here, and nobody is believed: which server is trusted is the mailbox's to say.
"""

import re
from itertools import islice

from .addresses import domain_of
from .parsed_mail import AuthenticationVerdict

MAX_HEADERS = 20
MAX_LENGTH = 8_192
MAX_RESULTS = 40
MAX_SUMMARY = 300
MAX_AUTHOR = 2_000
"""Characters of a From that may be believed."""

# "Name <ann@example.com>" or "ann@example.com"; quoted names and comments are taken out before.
_PLAIN_AUTHOR = re.compile(
    r"[^<>@\"(),:;]*<([^\s<>@\"(),:;]+@[^\s<>@\"(),:;]+)>\s*"
    r"|\s*([^\s<>@\"(),:;]+@[^\s<>@\"(),:;]+)\s*"
)
_PLAIN_COMMENT = re.compile(r"\([^()@<>\"\\]*\)")
_CONTROL = re.compile(rb"\r(?!\n|\Z)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_COMMENT = re.compile(r"\([^()]*\)")
_ASIDE = re.compile(r'\\.|[()]|"(?:[^"\\]|\\.){0,1000}"?|[^()"\\]+', re.DOTALL)
_NO_NAME = re.compile(r"[^\w.@<>+-]+")
_RESULT = re.compile(r"\s*(dmarc|dkim|spf)(?:/\d+)?\s*=\s*([a-z]+)", re.IGNORECASE)
_PROPERTY = re.compile(r"([a-z]+\.[a-z-]+)\s*=\s*\"?([^\s\";]+)", re.IGNORECASE)
_FAILURES = ("fail", "permerror", "hardfail")
# Second levels under which names are sold; of others, the last two labels are the organisation.
_SECOND_LEVELS = frozenset(
    str.split("ac co com edu gob gov govt gr id ltd me mil ne net nom or org plc sch")
)


def vouched_address(headers, from_, sender):
    """The address that a pass may speak for, "" where servers may have read another one.

    None where a mail names several authors, for servers check but one; none where From is missing
    or written so oddly that two programs read two addresses; none where a group rewrote From, for
    the pass is then the group's.
    """
    values = headers.raw_all("from")
    if len(values) != 1 or len(values[0]) > MAX_AUTHOR or from_.email != sender.email:
        return ""
    if any(name.lower() == "from" and _CONTROL.search(value) for name, value in headers.fields):
        return ""
    value = _PLAIN_COMMENT.sub(" ", _QUOTED.sub(" ", values[0]))
    plain = _PLAIN_AUTHOR.fullmatch(value)
    written = plain and (plain[1] or plain[2]).lower()
    return from_.email if written == from_.email else ""


def read_verdicts(headers, from_email):
    """Return what each Authentication-Results header says, the topmost (newest) first.

    ``from_email`` is the address that a pass must speak for, "" where none may be believed.
    """
    domain = domain_of(from_email)
    values = headers.raw_all("authentication-results")[:MAX_HEADERS]
    on_top = _count_on_top(headers)
    verdicts = (
        _read_verdict(value[:MAX_LENGTH], domain, place < on_top)
        for place, value in enumerate(values)
    )
    return [verdict for verdict in verdicts if verdict]


def _count_on_top(headers):
    """How many stand above the first Received: a server writes that on top (RFC 5321, 4.4), so
    that what a sender has written stands below.
    """
    if "received" not in headers:
        return 0
    names = [name.lower() for name, _value in headers.fields]
    return names[: names.index("received")].count("authentication-results")


def _read_verdict(value, domain, on_top):
    server, _semicolon, rest = _without_comments(value).partition(";")
    words = server.split()
    if not words or "=" in words[0]:
        return None
    results = list(islice(filter(None, map(_read_result, rest.split(";"))), MAX_RESULTS))
    passed = bool(domain) and any(_speaks_for(domain, *result) for result in results)
    summary = " ".join(f"{method}={result}" for method, result, _properties in results)
    return AuthenticationVerdict(
        server=words[0].strip('"').lower()[:255],
        passed=passed and not _dmarc_failed(results) and not _checked_another(domain, results),
        failed=_has_failed(results),
        summary=summary[:MAX_SUMMARY],
        signers=tuple(
            _signer(properties)
            for method, result, properties in results
            if method == "dkim" and result == "pass"
        ),
        on_top=on_top,
    )


def _without_comments(value):
    """Comments may nest (RFC 5322 section 3.2.2); what they say is no result.

    Nor is what stands in quotes, which may be the sender's words: only a name stays of it.
    """
    if '"' in value:
        value = _plain_quotes(value)
    for _depth in range(5):
        value, count = _COMMENT.subn(" ", value)
        if not count:
            break
    return value


def _plain_quotes(value):
    """Read once from the left: a quote in a comment begins no string, and the other way round."""
    kept, depth = [], 0
    for match in _ASIDE.finditer(value):
        token = match[0]
        if token == "(":
            depth += 1
        elif token == ")":
            depth = max(0, depth - 1)
        elif not depth:
            kept.append(_NO_NAME.sub("", token) if token[0] == '"' else token)
    return "".join(kept)


def _read_result(text):
    match = _RESULT.match(text)
    if not match:
        return None
    properties = {
        name.lower(): value.lower() for name, value in _PROPERTY.findall(text, match.end())
    }
    return match[1].lower(), match[2].lower(), properties


def _speaks_for(domain, method, result, properties):
    """Tell whether a passed check is one of the From domain (RFC 7489 section 3.1: alignment)."""
    if result != "pass":
        return False
    if method == "dmarc":
        return True
    if method == "dkim":
        return _aligned(_signer(properties), domain)
    return _aligned(properties.get("smtp.mailfrom") or properties.get("smtp.from", ""), domain)


def _signer(properties):
    return domain_of(properties.get("header.d") or properties.get("header.i", "")).strip(".<>")


def _checked_another(domain, results):
    """DMARC names the From domain that was checked: ours, or its organisation's above it.

    Of a domain below ours or beside it the server says nothing of ours.
    """
    named = (
        domain_of(properties["header.from"]).strip(".<>")
        for method, _result, properties in results
        if method == "dmarc" and "header.from" in properties
    )
    ours = "." + domain.strip(".")
    return any(not (ours.endswith(f".{one}") and _aligned(one, domain)) for one in named)


def _aligned(checked, domain):
    checked = domain_of(checked).strip(".<>")
    return bool(checked) and _organisation(checked) == _organisation(domain)


def _organisation(domain):
    """The organisational domain, near enough: "mail.example.co.uk" -> "example.co.uk".

    Without the public suffix list it is strict where in doubt: a wrong guess keeps more labels.
    """
    labels = domain.strip(".").split(".")
    sold = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVELS
    return ".".join(labels[-3:] if sold else labels[-2:])


def _dmarc_failed(results):
    return any(method == "dmarc" and result in _FAILURES for method, result, _properties in results)


def _has_failed(results):
    """DMARC has the last word; without it a failure counts where nothing passed."""
    dmarc = [result for method, result, _properties in results if method == "dmarc"]
    if "pass" in dmarc:
        return False
    if any(result in _FAILURES for result in dmarc):
        return True
    others = [result for method, result, _properties in results if method != "dmarc"]
    return "pass" not in others and any(result in (*_FAILURES, "softfail") for result in others)
