"""Settings: what people may do with their own mailboxes, and whom nothing is sent to by itself."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import str2bool

from ..receivers.peers import parse_hosts, parse_ports
from .address_state import DEFAULT_SOFT_BOUNCES, SOFT_BOUNCES
from .confirmation_guards import NO_SEND
from .mailbox_hosts import ALLOWED_HOSTS, ALLOWED_PORTS, OWN_HOSTS
from .mailbox_letters_outside import PERSONAL_INSIDE


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    mail_import_own_hosts = fields.Boolean(
        "Own Mail Servers",
        config_parameter=OWN_HOSTS,
        help="People may name a mail server for their personal mailbox that is no known "
        "provider's.",
    )
    mail_import_allowed_hosts = fields.Char(
        "Allowed Inside",
        config_parameter=ALLOWED_HOSTS,
        help="Names, addresses and networks of your own that personal mailboxes may use.",
    )
    mail_import_allowed_ports = fields.Char(
        "Further Ports",
        config_parameter=ALLOWED_PORTS,
        help="Besides the usual ones of mail: 25, 110, 143, 465, 587, 993, 995 and 2525.",
    )

    mail_import_no_send = fields.Char(
        "No Automatic Mail To",
        config_parameter=NO_SEND,
        help="Addresses, names (no-reply@) and domains that get no confirmation. * stands for any "
        "characters. The usual robots get none anyway.",
    )
    mail_import_personal_inside = fields.Boolean(
        "Personal Mailboxes Stay Inside",
        config_parameter=PERSONAL_INSIDE,
        help="Nothing leaves from personal mailboxes to people outside the company, whatever their "
        "owners tick.",
    )

    mail_import_soft_bounces = fields.Integer(
        "E-mails That Come Back",
        config_parameter=SOFT_BOUNCES,
        default=DEFAULT_SOFT_BOUNCES,
        help="After so many in a row that might have arrived another time (mailbox full, server "
        "not reached), mailings do not go to that address any more.",
    )

    @api.model
    def get_values(self):
        """The host takes any text for yes, that of a parameter written by hand too."""
        parameters = self.env["ir.config_parameter"].sudo()  # sudo: as the host
        return {
            **super().get_values(),
            "mail_import_own_hosts": str2bool(parameters.get_param(OWN_HOSTS), False),
            "mail_import_personal_inside": str2bool(
                parameters.get_param(PERSONAL_INSIDE) or "", False
            ),
        }

    def set_values(self):
        for settings in self:
            settings._check_mail_import_hosts()
            if settings.mail_import_soft_bounces < 1:
                raise ValidationError(self.env._("At least one e-mail has to come back first."))
        return super().set_values()

    def _check_mail_import_hosts(self):
        try:
            parse_hosts(self.mail_import_allowed_hosts or "")
        except ValueError as error:
            raise ValidationError(
                self.env._("“%s” is neither a host, nor an address, nor a network.", error)
            ) from error
        try:
            parse_ports(self.mail_import_allowed_ports or "")
        except ValueError as error:
            raise ValidationError(
                self.env._("“%s” is neither a port nor a range of ports.", error)
            ) from error
