"""Which addresses and ports a mailbox may be connected to.

Asked of the address that is connected to, never of the name alone: a name can stand for any
address, and for another one a moment later.
"""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network
PortRange = tuple[int, int]

MAIL_PORTS = (25, 110, 143, 465, 587, 993, 995, 2525)

_GLOBAL_IPV6 = ipaddress.ip_network("2000::/3")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052
_SITE_LOCAL = ipaddress.ip_network("fec0::/10")  # RFC 3879


@dataclass(frozen=True, slots=True)
class Peers:
    """What an administrator allows one mailbox."""

    known_hosts: frozenset[str] = frozenset()
    """Names of the mail services that an administrator has entered: any public address."""
    own_hosts: bool = False
    """Whether every other public mail server may be used too."""
    internal: bool = False
    """Whether addresses inside may be used without being listed."""
    listed_hosts: frozenset[str] = frozenset()
    """Names that may stand for an address inside."""
    networks: tuple[IPNetwork, ...] = ()
    """Addresses that may be used under any name."""
    ports: tuple[PortRange, ...] | None = None
    """Besides the usual ones of mail; None: every port."""
    discreet: bool = True
    """Whether a failure keeps to itself what it tells about the network."""

    def permit_port(self, port: int) -> bool:
        if self.ports is None or port in MAIL_PORTS:
            return True
        return any(first <= port <= last for first, last in self.ports)

    def permit_address(self, host: str, address: str) -> bool:
        """Whether ``host``, which turned out to be at ``address``, may be used.

        :param address: as ``getaddrinfo`` and ``getpeername`` give it, perhaps with a zone
        """
        ip = _canonical(address)
        if any(ip in network for network in self.networks):
            return True
        if is_public(ip):
            name = plain_host(host)
            return self.own_hosts or name in self.known_hosts or name in self.listed_hosts
        inside = self.internal or plain_host(host) in self.listed_hosts
        return inside and _is_somewhere(ip)

    def permit_itself(self, host: str, address: str) -> bool:
        """The same for an address that turned out to be this machine's own, public or not."""
        ip = _canonical(address)
        listed = any(ip in network for network in self.networks)
        return listed or self.internal or plain_host(host) in self.listed_hosts


def plain_host(host: str) -> str:
    """One spelling for what DNS takes for one name."""
    return host.strip().rstrip(".").lower()


def is_public(ip: IPAddress) -> bool:
    """Whether an address lies in the internet at large, whatever it is wrapped in."""
    if isinstance(ip, ipaddress.IPv6Address):
        if inner := _wrapped(ip):
            return is_public(inner)
        if ip not in _GLOBAL_IPV6 or ip.teredo:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved)


def _is_somewhere(ip: IPAddress) -> bool:
    """No mail server is at all, many or no addresses, nor among the link-local ones, where clouds
    keep their secrets (169.254.169.254).
    """
    if isinstance(ip, ipaddress.IPv6Address):
        if inner := _wrapped(ip):
            return _is_somewhere(inner)
        if ip in _SITE_LOCAL or ip.teredo or (ip.is_reserved and not ip.is_loopback):
            return False
    return not (
        ip.is_multicast
        or ip.is_unspecified
        or ip.is_link_local
        or (ip.version == 4 and (ip.is_reserved or int(ip) >> 24 == 0))
    )


def _wrapped(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that a translator or tunnel would make of it (RFC 4291, 3056, 6052)."""
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour


def _canonical(address: str) -> IPAddress:
    ip = ipaddress.ip_address(address.partition("%")[0])
    return getattr(ip, "ipv4_mapped", None) or ip


# -- what an administrator writes into a setting -----------------------------------------------


def parse_hosts(text: str) -> tuple[frozenset[str], tuple[IPNetwork, ...]]:
    """Names and networks of a list such as ``10.1.2.3, fd00::/8, mail.intern.example``.

    :raises ValueError: a part that is neither; its only argument
    """
    names, networks = set(), []
    for part in _parts(text):
        try:
            networks.append(ipaddress.ip_network(part, strict=False))
        except ValueError:
            if not _is_host_name(part):
                raise ValueError(part) from None
            names.add(plain_host(part))
    return frozenset(names), tuple(networks)


def parse_ports(text: str) -> tuple[PortRange, ...]:
    """Ranges of a list such as ``1143, 2000-2010``.

    :raises ValueError: a part that is no port and no range; its only argument
    """
    ranges = []
    for part in _parts(text):
        first, _, last = part.partition("-")
        if not (first.isdecimal() and (last or first).isdecimal()):
            raise ValueError(part)
        bounds = int(first), int(last or first)
        if not 0 < bounds[0] <= bounds[1] < 65536:
            raise ValueError(part)
        ranges.append(bounds)
    return tuple(ranges)


def _parts(text: str) -> Iterable[str]:
    return filter(None, (text or "").replace(",", " ").replace(";", " ").split())


def _is_host_name(part: str) -> bool:
    """Neither a spelling of an address (``127.1``, ``0x7f000001``) nor a misspelt network."""
    labels = plain_host(part).split(".")
    if not all(label and label.replace("-", "").isalnum() for label in labels):
        return False
    return not labels[-1][0].isdigit()
