"""Mail by which a provider asks whether somebody's mail may be forwarded to this address.

Only what such a mail says is read here. Whether it is the provider's, its signature tells.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from .parsed_mail import ParsedMail

MAX_TEXT = 50_000
MAX_LINK = 2_000


@dataclass(frozen=True, slots=True)
class _Provider:
    name: str
    domains: tuple[str, ...]
    """Of its addresses, and of the hosts that its links lead to."""
    sender: re.Pattern
    """Whole addresses that it asks from."""
    subject: re.Pattern
    link: re.Pattern = re.compile("")
    """Found in the path of the link that allows it."""


@dataclass(frozen=True, slots=True)
class ForwardingRequest:
    provider: str
    account: str
    """Whose mail is to be forwarded; "" where the mail does not say."""
    code: str
    link: str
    """At the provider's own host, by https; "" where there is none."""
    domains: tuple[str, ...]
    """The provider's: one of them must have signed the mail, or anybody has written it."""


_ANY = re.compile(r".+")
_WORDS = re.compile(
    r"forward|weiterleit|transfert|reenv|inoltr|doorst|пересыл|переадрес", re.IGNORECASE
)
_PROVIDERS = (
    _Provider(
        "Gmail",
        ("google.com",),
        re.compile(r"forwarding-noreply@google\.com"),
        _ANY,
        re.compile(r"/vf-"),
    ),
    _Provider("Yandex", ("yandex.ru", "yandex.com", "yandex.net"), _ANY, _WORDS),
    _Provider("Mail.ru", ("mail.ru",), re.compile(r".*(reply|support|security).*"), _WORDS),
    _Provider("Yahoo", ("yahoo.com", "yahooinc.com"), re.compile(r".*reply.*"), _WORDS),
    _Provider("Zoho", ("zoho.com", "zoho.eu", "zohomail.com"), re.compile(r".*reply.*"), _WORDS),
    _Provider("GMX", ("gmx.net", "gmx.de", "gmx.com", "web.de"), re.compile(r".*reply.*"), _WORDS),
)
_CODE = re.compile(r"(?:code|код|c[oó]digo|codice)[^\d\n]{0,60}?(\d{5,12})\b", re.IGNORECASE)
_CODE_IN_SUBJECT = re.compile(r"\(#(\d{5,12})\)")
_LINK = re.compile(r"https://[^\s<>\"'\x00-\x1f]{4,2000}")
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")


def read_request(mail: ParsedMail) -> ForwardingRequest | None:
    """What a mail asks, that is such a request by its sender's address and its subject."""
    provider = _provider_of(mail)
    if not provider:
        return None
    text = f"{mail.body_text[:MAX_TEXT]}\n{mail.body_html[:MAX_TEXT]}"
    code = _CODE_IN_SUBJECT.search(mail.subject) or _CODE.search(text)
    link = next((link for link in _LINK.findall(text) if _leads_to(provider, link)), "")
    if not code and not link:
        return None
    own = {mail.sender.email, *(address.email for address in mail.to)}
    accounts = _ADDRESS.findall(mail.subject) + _ADDRESS.findall(mail.body_text[:MAX_TEXT])
    account = next((each.lower() for each in accounts if each.lower() not in own), "")
    return ForwardingRequest(
        provider.name, account, code[1] if code else "", link, provider.domains
    )


def _provider_of(mail: ParsedMail) -> _Provider | None:
    sender = mail.sender.email
    provider = next((each for each in _PROVIDERS if _is_from(each, sender)), None)
    is_its = provider and mail.from_.email == sender and provider.subject.search(mail.subject)
    return provider if is_its else None


def _is_from(provider: _Provider, address: str) -> bool:
    domain = address.rpartition("@")[2]
    return is_within(domain, provider.domains) and bool(provider.sender.fullmatch(address))


def _leads_to(provider: _Provider, link: str) -> bool:
    """Its host is the provider's; what browsers may read in another way is none."""
    try:
        parts = urlsplit(link)
        port = parts.port
    except ValueError:
        return False
    plain = "\\" not in link and not parts.username and port in (None, 443)
    host = (parts.hostname or "").rstrip(".")
    return plain and is_within(host, provider.domains) and bool(provider.link.search(parts.path))


def is_within(host: str, domains: tuple[str, ...]) -> bool:
    """Whether it is one of these domains, or below one."""
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)
