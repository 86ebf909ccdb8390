"""First steps: finding the servers of an address, and trying them while the user watches.

Each call is one step, so that the page can show it as it happens. What is tried is what the call
says: neither a stored password nor an earlier connection has a part in it, and nothing is stored
but which servers answered. The servers that may be tried are those that the mailbox could be saved
with (``mailbox_hosts.py``); how often, is bounded.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import email_normalize

from ..receivers import first_tries
from ..receivers.connection import SECURITIES, ConnectionSettings
from .mailbox_patience import CONNECT_SECONDS

MOST_TRIES, TRIES_WITHIN = 120, timedelta(minutes=10)
"""Logins weigh more: mail services shut out who fails too often."""
WEIGHTS = {"reach": 1, "login": 6}
GUESSED_HOSTS = {"reading": ("imap", "mail"), "sending": ("smtp", "mail")}
GUESSED_PORTS = {
    "reading": ((993, "ssl"), (143, "starttls")),
    "sending": ((465, "ssl"), (587, "starttls")),
}
"""Encrypted ones alone (RFC 8314): a password is not shown to everybody because of a guess."""
MOST_SECONDS, MOST_ANSWER_SECONDS = 8, 30
LONGEST_HOST = 253


class MailImportSetUp(models.Model):
    _inherit = "mail.import.set.up"

    # -- finding --------------------------------------------------------------------------------

    @api.model
    def look_up(self, kind, address, provider=False):
        """Which servers an address may have, in the order in which they are tried.

        :param provider: the id of one that the user chose, in place of that of the domain
        :return: ``address``, ``provider``, ``reading`` and ``sending`` (lists of servers), and
            ``refused`` (words, where none of them may be used)
        :raises ValidationError: it is no address, or somebody else's
        """
        row = self._mine(kind)
        address = self.env["mail.import.mailbox"]._with_plain_address({"address": address})
        address = email_normalize(address["address"]) or ""
        row._check_address(address)
        found = self._known_provider(provider) or self.env["mail.import.provider"]._for_address(
            address
        )
        row.write({"address": address, "provider_id": found.id})
        refused = not found and self._refused_words(kind, address)
        return {
            "address": address,
            "provider": self._provider_words(found),
            "reading": [] if refused else self._servers("reading", found, address),
            "sending": [] if refused else self._servers("sending", found, address),
            "refused": refused,
        }

    def _check_address(self, address):
        if not address:
            raise ValidationError(self.env._("Enter a whole e-mail address: name@domain."))
        # sudo: whose address it is; nothing but that is told
        mailboxes = self.env["mail.import.mailbox"].sudo()
        planned = mailboxes.new(
            {"kind": self.kind, "owner_id": self.user_id.id, "address": address},
            origin=self._mailbox().sudo(),
        )
        planned._check_address_is_nobody_elses()
        taken = mailboxes._known_addresses()
        others = mailboxes.browse(taken).exists().filtered("active") - self.mailbox_id
        own = others.filtered(lambda other: self.kind == "group" or other.owner_id == self.user_id)
        if any(address in taken[other.id][1] for other in own):
            raise ValidationError(self.env._("“%s” is the address of a mailbox already.", address))

    @api.model
    def _known_provider(self, id_):
        known = self.env["mail.import.provider"].search([])
        return known.filtered(lambda provider: provider.id == id_)

    @api.model
    def _servers(self, way, provider, address):
        if provider:
            protocol = "smtp" if way == "sending" else "imap"
            if way == "reading" and not provider.imap_host:
                protocol = "pop"
            names = ("host", "port", "security")
            server = {name: provider[f"{protocol}_{name}"] for name in names}
            server["needs_login"] = True
            return [{**server, "protocol": protocol}] if server["host"] else []
        domain = address.rpartition("@")[2]
        return [
            {
                "protocol": "imap" if way == "reading" else "smtp",
                "host": f"{name}.{domain}",
                "port": port,
                "security": security,
                "needs_login": True,
            }
            for port, security in GUESSED_PORTS[way]
            for name in GUESSED_HOSTS[way]
        ]

    @api.model
    def _refused_words(self, kind, address):
        """Where no server of its own domain may be used: nothing is asked of it then."""
        peers = self._planned(kind)._peers()
        if kind == "group" or peers.own_hosts or peers.networks or peers.listed_hosts:
            return False
        return self.env._(
            "%s is no address of a mail service that is known here, and personal mailboxes may use "
            "no other one: an administrator can allow it under Settings, Mail Import. If a known "
            "service has your mail, choose it below.",
            address,
        )

    # -- trying ---------------------------------------------------------------------------------

    @api.model
    def try_server(self, kind, way, server):
        """Find, reach and encrypt; nobody signs in.

        :param way: "reading" or "sending"
        :return: ``ok``, ``stages``, ``server`` (as it is to be saved), and, where it failed,
            ``advice``
        """
        row = self._mine(kind)
        row._count_try("reach")
        server = self._server(server, way == "sending")
        settings = self._settings(kind, server)
        if way == "sending":
            stages, server["needs_login"] = first_tries.reach_smtp(settings)
        else:
            stages = first_tries.reach(settings, server["protocol"])
        return row._outcome(way, server, stages)

    @api.model
    def try_login(self, kind, way, server, login, password):
        """Sign in, as ``try_server`` has found the server; by IMAP, open the inbox."""
        row = self._mine(kind)
        row._count_try("login")
        server = self._server(server, way == "sending")
        settings = self._settings(kind, server)
        login, password = str(login or ""), str(password or "")
        if way == "sending":
            stages = first_tries.sign_in_smtp(settings, login, password)
        else:
            stages = first_tries.sign_in(settings, server["protocol"], login, password)
        outcome = row._outcome(way, server, stages)
        if outcome["ok"]:
            row.servers = {**(row.servers or {}), way: server, "login": login}
        return outcome

    @api.model
    def try_account(self, kind):
        """The same for a mailbox whose account was connected on its provider's pages."""
        row = self._mine(kind)
        row._count_try("login")
        mailbox = row._mailbox_to_go_on()
        test = self.env["mail.import.connection.test"]._try_out(mailbox)
        stages = [
            first_tries.StageResult(one.stage, one.ok, one.message, one.server_words or "")
            for one in test.stage_ids
        ]
        return row._outcome("reading", {}, stages)

    def _outcome(self, way, server, stages):
        failed = next((stage for stage in stages if not stage.ok), None)
        return {
            "ok": not failed,
            "server": server,
            "stages": [
                {
                    "stage": one.stage,
                    "ok": one.ok,
                    "words": one.server_words,
                    "message": one.message,
                }
                for one in stages
            ],
            "advice": self._advice(way, failed.stage) if failed else "",
        }

    def _count_try(self, what):
        """A page that is called by a program is no way to guess passwords, or to scan networks."""
        now = fields.Datetime.now()
        if not self.tries_since or now - self.tries_since > TRIES_WITHIN:
            self.write({"tries": 0, "tries_since": now})
        self.tries += WEIGHTS[what]
        if self.tries > MOST_TRIES:
            raise UserError(
                self.env._("That was often in a short time. Wait ten minutes, then try again.")
            )

    @api.model
    def _server(self, given, sending=False):
        """What a caller named, as plain values; the settings decide whether it may be used."""
        given = given if isinstance(given, dict) else {}
        host, port = str(given.get("host") or "").strip(), given.get("port")
        security = given.get("security")
        protocol = "smtp" if sending else given.get("protocol") or "imap"
        if not host or len(host) > LONGEST_HOST or security not in SECURITIES:
            raise UserError(self.env._("Name the mail server, and how it encrypts."))
        if type(port) is not int or not 0 < port < 65536:
            raise UserError(self.env._("A port is a number from 1 to 65535."))
        if not sending and protocol not in first_tries.RECEIVERS:
            raise UserError(self.env._("Mail is read by IMAP or POP3."))
        server = {"protocol": protocol, "host": host, "port": port, "security": security}
        return {**server, "needs_login": given.get("needs_login") is not False}

    @api.model
    def _settings(self, kind, server):
        planned = self._planned(kind)
        seconds = planned._patience(CONNECT_SECONDS)
        return ConnectionSettings(
            host=server["host"],
            port=server["port"],
            security=server["security"],
            peers=planned._peers(),
            timeout=min(seconds, MOST_SECONDS),
            read_timeout=MOST_ANSWER_SECONDS,
            command_timeout=MOST_ANSWER_SECONDS,
        )

    @api.model
    def _planned(self, kind):
        """A mailbox of that kind, to ask it what it may connect to."""
        # sudo: settings are administrators'; users only meet what follows from them
        return self.env["mail.import.mailbox"].sudo().new({"kind": kind})
