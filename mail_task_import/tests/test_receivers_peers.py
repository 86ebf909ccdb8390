"""Which addresses a mailbox may be connected to, whatever they are called and wrapped in."""

import contextlib
import ipaddress
import socket
import unittest
from unittest.mock import patch

from odoo.addons.mail_task_import.receivers.check import test_connection
from odoo.addons.mail_task_import.receivers.connection import ConnectionSettings, open_connection
from odoo.addons.mail_task_import.receivers.exceptions import ConnectError
from odoo.addons.mail_task_import.receivers.peers import (
    Peers,
    is_public,
    parse_hosts,
    parse_ports,
)
from odoo.addons.mail_task_import.receivers.smtp import open_smtp

from .test_receivers_common import Script, closed_port, silent_server

PUBLIC = ("8.8.8.8", "1.1.1.1", "2a00:1450:4001:81b::200e", "64:ff9b::808:808", "2002:808:808::1")
INSIDE = (
    "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "100.127.255.254", "fd00::1",
    "127.0.0.1", "127.255.255.254", "::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::a01:203", "2002:7f00:1::1", "2002:a01:203::1", "198.18.0.1",
)  # fmt: skip
NOWHERE = (
    "0.0.0.0", "0.1.2.3", "::", "::ffff:0.0.0.0", "169.254.169.254", "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1", "fe80::1", "fe80::1%eth0", "224.0.0.1", "ff02::1",
    "255.255.255.255", "240.0.0.1", "fec0::1", "2001:0:7f00:1::1", "4000::1",
)  # fmt: skip
SPELLINGS = (
    "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0x7f.1", "localhost", "localhost.",
    "LOCALHOST", "0", "0.0.0.0", "::1", "::ffff:127.0.0.1", "127.0.0.1.",
)  # fmt: skip


def personal(**values):
    return Peers(**{"own_hosts": True, "ports": ((1024, 65535),), **values})


def group(**values):
    return Peers(own_hosts=True, internal=True, discreet=False, **values)


def resolving(*answers):
    """The system's resolver: each call gives the next answer, a list of addresses."""
    left = list(answers)

    def getaddrinfo(_host, port, *_args, **_kwargs):
        found = left.pop(0) if len(left) > 1 else left[0]
        return [
            (
                socket.AF_INET6 if ":" in address else socket.AF_INET,
                socket.SOCK_STREAM,
                6,
                "",
                (address, port, 0, 0) if ":" in address else (address, port),
            )
            for address in found
        ]

    return patch("socket.getaddrinfo", getaddrinfo)


@contextlib.contextmanager
def listening(host="127.0.0.1"):
    """A socket that nobody may touch; yields it, with a short patience."""
    with socket.create_server((host, 0)) as server:
        server.settimeout(0.2)
        yield server


def touched(server):
    try:
        server.accept()[0].close()
    except TimeoutError:
        return False
    return True


class TestAddresses(unittest.TestCase):
    def test_what_lies_in_the_internet_is_public(self):
        for address in PUBLIC:
            with self.subTest(address):
                self.assertTrue(personal().permit_address("mail.example", address))

    def test_what_lies_inside_or_nowhere_is_not(self):
        for address in INSIDE + NOWHERE:
            with self.subTest(address):
                self.assertFalse(personal().permit_address("mail.example", address))
                self.assertFalse(is_public(ipaddress.ip_address(address.partition("%")[0])))

    def test_known_providers_are_reached_in_the_internet_only(self):
        peers = Peers(known_hosts=frozenset({"imap.known.example"}))
        self.assertTrue(peers.permit_address("IMAP.known.example.", "8.8.8.8"))
        self.assertFalse(peers.permit_address("imap.other.example", "8.8.8.8"))
        for address in INSIDE + NOWHERE:
            self.assertFalse(peers.permit_address("imap.known.example", address), address)

    def test_a_listed_network_is_allowed_under_any_name(self):
        _names, networks = parse_hosts("10.0.0.0/8, fd00::/8")
        peers = Peers(networks=networks)
        for address, allowed in (
            ("10.9.9.9", True), ("::ffff:10.9.9.9", True), ("fd00::5", True),
            ("11.9.9.9", False), ("127.0.0.1", False), ("64:ff9b::a09:909", False),
        ):  # fmt: skip
            with self.subTest(address):
                self.assertEqual(peers.permit_address("any.example", address), allowed)

    def test_a_listed_name_may_stand_for_an_address_inside(self):
        names, _networks = parse_hosts("mail.intern.example")
        peers = Peers(listed_hosts=names)
        for address in INSIDE:
            self.assertTrue(peers.permit_address("Mail.Intern.Example", address), address)
        for address in NOWHERE:
            self.assertFalse(peers.permit_address("mail.intern.example", address), address)
        self.assertFalse(peers.permit_address("www.mail.intern.example", "10.1.2.3"))

    def test_an_administrators_server_is_inside_or_outside_but_not_nowhere(self):
        for address in PUBLIC + INSIDE:
            self.assertTrue(group().permit_address("any.example", address), address)
        for address in NOWHERE:
            self.assertFalse(group().permit_address("any.example", address), address)

    def test_this_machine_by_its_public_address_is_inside_too(self):
        self.assertFalse(personal().permit_itself("mail.example", "8.8.8.8"))
        self.assertTrue(group().permit_itself("mail.example", "8.8.8.8"))
        _names, networks = parse_hosts("8.8.8.8")
        self.assertTrue(personal(networks=networks).permit_itself("mail.example", "8.8.8.8"))

    def test_ports_of_mail_and_those_that_are_allowed(self):
        peers = Peers(ports=parse_ports("1143, 2000-2002"))
        for port in (25, 143, 465, 587, 993, 2525, 1143, 2000, 2002):
            self.assertTrue(peers.permit_port(port), port)
        for port in (22, 80, 443, 5432, 6379, 11211, 1999, 2003):
            self.assertFalse(peers.permit_port(port), port)

    def test_a_list_that_cannot_be_understood_is_refused(self):
        for text in ("10.0.0.0/33", "127.1", "0x7f000001", "10.0.0", "a b/24", "*", "-"):
            with self.subTest(text), self.assertRaises(ValueError):
                parse_hosts(text)
        for text in ("0", "65536", "20-10", "x", "-5", "1-2-3"):
            with self.subTest(text), self.assertRaises(ValueError):
                parse_ports(text)


class TestConnectingToPeers(unittest.TestCase):
    """Real sockets; only the resolver's answers are made up where a name is needed."""

    def opens(self, port, host="127.0.0.1", peers=None, opener=open_connection):
        settings = ConnectionSettings(
            host=host, port=port, security="none", timeout=2, peers=peers or personal()
        )
        return opener(settings)

    def refusal(self, *args, **kwargs):
        with self.assertRaises(ConnectError) as caught:
            self.opens(*args, **kwargs)
        return str(caught.exception)

    def test_no_spelling_of_loopback_is_connected_to(self):
        for opener in (open_connection, open_smtp):
            with listening() as server:
                port = server.getsockname()[1]
                for host in SPELLINGS:
                    with self.subTest(host, opener=opener.__name__):
                        self.assertIn("cannot be used", self.refusal(port, host, opener=opener))
                self.assertFalse(touched(server))

    def test_a_name_that_points_inside_is_not_connected_to(self):
        with listening() as server, resolving(["127.0.0.1"]):
            self.refusal(server.getsockname()[1], "mail.evil.example")
            self.assertFalse(touched(server))

    def test_of_several_addresses_only_the_allowed_one_is_connected_to(self):
        _names, networks = parse_hosts("127.0.0.2")
        with (
            listening() as secret,
            Script() as script,
            resolving(["127.0.0.1", "127.0.0.2"]),
        ):
            self.refusal(secret.getsockname()[1], "m.example", personal(networks=networks))
            self.assertFalse(touched(secret))
            self.refusal(script.port, "m.example", personal(networks=networks))

    def test_a_name_is_looked_up_once(self):
        """A name that points elsewhere a moment later (DNS rebinding) changes nothing."""
        _names, networks = parse_hosts("127.0.0.2")
        with listening("127.0.0.2") as allowed:
            port = allowed.getsockname()[1]
            with (
                socket.create_server(("127.0.0.1", port)) as secret,
                resolving(["127.0.0.2"], ["127.0.0.1"]),
            ):
                secret.settimeout(0.2)
                settings = ConnectionSettings(
                    host="rebind.example", port=port, security="none", timeout=0.3,
                    peers=personal(networks=networks),
                )  # fmt: skip
                with self.assertRaises(ConnectError):
                    open_connection(settings)
                self.assertTrue(touched(allowed))
                self.assertFalse(touched(secret))

    def test_a_port_that_is_none_of_mail_is_not_connected_to(self):
        _names, networks = parse_hosts("127.0.0.1")
        with listening() as server:
            for opener in (open_connection, open_smtp):
                said = self.refusal(
                    server.getsockname()[1],
                    peers=Peers(own_hosts=True, networks=networks, ports=()),
                    opener=opener,
                )
                self.assertIn("not one of mail", said)
            self.assertFalse(touched(server))

    def test_what_is_allowed_is_connected_to(self):
        names, networks = parse_hosts("127.0.0.0/8, localhost")
        with Script() as script:
            for host, peers in (
                ("127.0.0.1", personal(networks=networks)),
                ("localhost", personal(listed_hosts=names)),
                ("localhost", group()),
            ):
                with self.subTest(host, peers=peers):
                    self.opens(script.port, host, peers).shutdown()

    def test_words_do_not_tell_what_is_there(self):
        """Closed, silent, unknown, forbidden: a user learns no more than that it does not work."""
        with Script() as open_port:
            inside = {self.refusal(p, "127.0.0.1") for p in (open_port.port, closed_port())}
        with resolving([]):
            unknown = self.refusal(993, "127.0.0.1")
        self.assertEqual(inside, {unknown})
        _names, networks = parse_hosts("127.0.0.1")
        port = closed_port()
        said = self.refusal(port, peers=personal(networks=networks))
        self.assertEqual(said, f"127.0.0.1, port {port} cannot be reached.")
        with Script(greeting=b"SSH-2.0-OpenSSH_9.9 secret-banner\r\n") as other:
            said = self.refusal(other.port, peers=personal(networks=networks))
        self.assertNotIn("OpenSSH", said)

    def test_administrators_are_told_the_whole(self):
        self.assertIn("refuses connections", self.refusal(closed_port(), peers=group()))

    def test_the_connection_test_says_so_at_its_first_stage(self):
        settings = ConnectionSettings(host="127.0.0.1", port=993, peers=personal())
        (result,) = test_connection(settings, lambda _connection: None)
        self.assertEqual((result.stage, result.ok), ("resolve", False))

    def test_a_silent_smtp_server_does_not_hold_us(self):
        with silent_server() as port:
            settings = ConnectionSettings(
                host="127.0.0.1", port=port, security="none", read_timeout=0.3, peers=group()
            )
            with self.assertRaises(ConnectError):
                open_smtp(settings)
