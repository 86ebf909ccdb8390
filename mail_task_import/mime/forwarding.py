"""Mail by which a provider asks whether somebody's mail may be forwarded to this address.

Only what such a mail says is read here. Whether it is the provider's, its signature tells.
"""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from .parsed_mail import ParsedMail

MAX_TEXT = 50_000
MAX_LINK = 2_000


@dataclass(frozen=True, slots=True)
class _Provider:
    name: str
    domains: tuple[str, ...]
    """Of its addresses, and of who signs its mail."""
    sender: re.Pattern
    """Whole addresses that it asks from."""
    subject: re.Pattern
    hosts: tuple[str, ...]
    """Those, and no other below its domains, that its links lead to: on others it may keep pages
    of anybody, and addresses that lead on to anywhere."""
    link: re.Pattern = re.compile(r"(?:/[\w.~%@=+-]+)*/?")
    """The whole path of the link that allows it."""
    named: re.Pattern = re.compile(r"confirm|verif|forward|allow|accept|validat", re.IGNORECASE)
    """Found in the path or the query of that link."""


@dataclass(frozen=True, slots=True)
class ForwardingRequest:
    provider: str
    account: str
    """Whose mail is to be forwarded; "" where the mail does not say."""
    code: str
    link: str
    """At a host where the provider itself asks, by https; "" where there is none."""
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
        ("mail-settings.google.com", "mail.google.com"),
        re.compile(r"/mail/(?:u/\d{1,3}/)?vf-[\w.~%\[\]-]+"),
        _ANY,
    ),
    _Provider(
        "Yandex",
        ("yandex.ru", "yandex.com", "yandex.net"),
        _ANY,
        _WORDS,
        ("mail.yandex.ru", "mail.yandex.com"),
    ),
    _Provider(
        "Mail.ru",
        ("mail.ru",),
        re.compile(r".*(reply|support|security).*"),
        _WORDS,
        ("e.mail.ru", "account.mail.ru"),
    ),
    _Provider(
        "Yahoo",
        ("yahoo.com", "yahooinc.com"),
        re.compile(r".*reply.*"),
        _WORDS,
        ("mail.yahoo.com", "login.yahoo.com"),
    ),
    _Provider(
        "Zoho",
        ("zoho.com", "zoho.eu", "zohomail.com"),
        re.compile(r".*reply.*"),
        _WORDS,
        ("mail.zoho.com", "mail.zoho.eu"),
    ),
    _Provider(
        "GMX",
        ("gmx.net", "gmx.de", "gmx.com", "web.de"),
        re.compile(r".*reply.*"),
        _WORDS,
        ("www.gmx.net", "www.gmx.com", "web.de"),
    ),
)
_CODE = re.compile(r"(?:code|код|c[oó]digo|codice)[^\d\n]{0,60}?(\d{5,12})\b", re.IGNORECASE)
_CODE_IN_SUBJECT = re.compile(r"\(#(\d{5,12})\)")
_ADDRESS_IN_IT = re.compile(r"//|\\|https?:|\burl=|redirect|\bamp/", re.IGNORECASE)
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
    """Its host is one of the provider's that are known to ask, and so is its path; what browsers
    may read in another way is none, nor what holds a second address.
    """
    try:
        parts = urlsplit(link)
        port = parts.port
    except ValueError:
        return False
    if "\\" in link or parts.username is not None or port not in (None, 443):
        return False
    if parts.hostname not in provider.hosts or not provider.link.fullmatch(parts.path):
        return False
    leads_on = _ADDRESS_IN_IT.search(unquote(unquote(f"{parts.path}?{parts.query}")))
    return not leads_on and bool(provider.named.search(f"{parts.path}?{parts.query}"))


def is_within(host: str, domains: tuple[str, ...]) -> bool:
    """Whether it is one of these domains, or below one."""
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)
