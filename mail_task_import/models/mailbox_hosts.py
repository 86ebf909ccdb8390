"""Which mail servers a mailbox may be connected to.

Group mailboxes are set up by administrators, who may name any server, inside or outside. Personal
ones are set up by anybody, and Odoo's computer often reaches what its users do not.
"""

import logging

from odoo import api, fields, models
from odoo.tools import str2bool

from ..receivers.connection import ConnectionSettings
from ..receivers.peers import Peers, parse_hosts, parse_ports, plain_host
from .mailbox_patience import CONNECT_SECONDS, SEND_SECONDS
from .provider import USUAL_PORTS

_logger = logging.getLogger(__name__)

OWN_HOSTS = "mail_task_import.own_hosts"
ALLOWED_HOSTS = "mail_task_import.allowed_hosts"
ALLOWED_PORTS = "mail_task_import.allowed_ports"


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    needs_own_hosts = fields.Boolean(
        compute="_compute_needs_own_hosts",
        help="It names a server that is no known provider's, and such are not allowed.",
    )

    @api.depends("kind", "host", "smtp_host")
    def _compute_needs_own_hosts(self):
        peers = self._personal_peers()
        for mailbox in self:
            hosts = {plain_host(host) for host in (mailbox.host, mailbox.smtp_host) if host}
            mailbox.needs_own_hosts = (
                mailbox.kind == "personal"
                and not (peers.own_hosts or peers.networks)
                and bool(hosts - peers.known_hosts - peers.listed_hosts)
            )

    def _peers(self):
        """What this mailbox may be connected to, a ``Peers``."""
        self.ensure_one()
        if self.kind == "personal":
            return self._personal_peers()
        _names, networks = self._allowed_hosts()
        return Peers(own_hosts=True, internal=True, networks=networks, discreet=False)

    @api.model
    def _personal_peers(self):
        # sudo: settings are administrators'; users only meet what follows from them
        parameters = self.env["ir.config_parameter"].sudo()
        names, networks = self._allowed_hosts()
        return Peers(
            known_hosts=self._hosts_of_providers(),
            own_hosts=str2bool(parameters.get_param(OWN_HOSTS), False),
            listed_hosts=names,
            networks=networks,
            ports=self._parsed(ALLOWED_PORTS, parse_ports, ()) + self._ports_of_providers(),
        )

    @api.model
    def _hosts_of_providers(self):
        providers = self.env["mail.import.provider"].search([])
        return frozenset(
            plain_host(host)
            for protocol in USUAL_PORTS
            for host in providers.mapped(f"{protocol}_host")
            if host
        )

    @api.model
    def _ports_of_providers(self):
        providers = self.env["mail.import.provider"].search([])
        ports = {port for protocol in USUAL_PORTS for port in providers.mapped(f"{protocol}_port")}
        return tuple((port, port) for port in sorted(ports))

    @api.model
    def _allowed_hosts(self):
        return self._parsed(ALLOWED_HOSTS, parse_hosts, (frozenset(), ()))

    @api.model
    def _parsed(self, key, parse, otherwise):
        """What a setting says; one that cannot be understood allows nothing."""
        # sudo: as above
        text = self.env["ir.config_parameter"].sudo().get_param(key)
        try:
            return parse(text or "")
        except ValueError as error:
            _logger.warning("%s cannot be understood: %s", key, error)
            return otherwise

    def _smtp_settings__(self, check_certificate=True):
        """``ConnectionSettings`` of the server that this mailbox sends by."""
        # sudo: connection data of the mailbox, for the one who may send from it
        mailbox = self.sudo()
        return ConnectionSettings(
            host=mailbox.smtp_host,
            port=mailbox.smtp_port,
            security=mailbox.smtp_security,
            ca_file=mailbox.ca_file or None,
            check_certificate=check_certificate,
            peers=mailbox._peers(),
            timeout=mailbox._patience(CONNECT_SECONDS),
            read_timeout=mailbox._patience(SEND_SECONDS),
        )
