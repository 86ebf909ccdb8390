"""Virtual addresses: mail that no server keeps for us. The mail server itself hands it over, by the
host's gateway (``mail_thread_process.py``).

A mailbox has one as an alias of the host. One group mailbox may, besides, take in what comes for
projects, teams and records: its mail becomes theirs by the link step, as in every mailbox.
"""

import logging
import re

from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, ConcurrencyError, ValidationError

from ..access import as_superuser
from ..exceptions import CONFLICTS, is_host_trouble
from ..mime.addresses import parse_all
from ..mime.headers import parse_headers
from ..receivers.raw_mail import RawMail
from ..remembered import forget
from .target import RECORD_ADDRESS

_logger = logging.getLogger(__name__)
MODEL = "mail.import.mailbox"
OF_ADMINISTRATORS = {
    "alias_id", "alias_name", "alias_domain_id", "alias_defaults", "alias_contact",
    "alias_bounced_content", "takes_records",
}  # fmt: skip
RECIPIENT_HEADERS = (
    "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "resent-to", "resent-cc",
    "x-forwarded-to", "to", "cc",
)  # fmt: skip
"""Where the address may stand that the mail server delivered to."""
MAX_RECIPIENTS = 1000
_TAG = re.compile(r"\+[^@]*@")


class MailImportMailbox(models.Model):
    _name = MODEL
    _inherit = [MODEL, "mail.alias.mixin.optional"]

    alias_name = fields.Char("Virtual Address")
    takes_records = fields.Boolean(
        "Takes Mail for Records",
        copy=False,
        help="Mail that the mail server hands over for the addresses of projects and teams, and "
        "for task+12@ and the like, comes in by this mailbox.",
    )

    is_handed_over = fields.Boolean(
        compute="_compute_is_handed_over", help="Mail comes in without a server that is looked at."
    )

    @api.depends("alias_name", "alias_domain_id", "takes_records")
    def _compute_is_handed_over(self):
        for mailbox in self:
            mailbox.is_handed_over = bool(mailbox.alias_email or mailbox.takes_records)

    _one_alias_a_mailbox = models.UniqueIndex(
        "(alias_id) WHERE alias_id IS NOT NULL", "This address belongs to another mailbox."
    )

    # -- who gives them, and to what ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            # a form sends what is empty, too
            self._check_gives_addresses([name for name, value in vals.items() if value])
        return super().create(vals_list)

    def write(self, vals):
        self._check_gives_addresses(vals)
        result = super().write(vals)
        if "takes_records" in vals:
            forget(self.env)
        return result

    @api.model
    def _check_gives_addresses(self, names):
        """Any free name of the company's domain would do to pose as a department."""
        if not OF_ADMINISTRATORS.isdisjoint(names) and not self._is_administrator():
            raise AccessError(
                self.env._("Only a mail import administrator gives virtual addresses.")
            )

    @api.constrains("takes_records", "kind", "visibility")
    def _check_takes_records(self):
        for mailbox in self:
            if mailbox.takes_records and (
                mailbox.kind != "group" or mailbox.visibility != "linked"
            ):
                raise ValidationError(
                    self.env._(
                        "Mail for records comes in by a group mailbox whose linked mail is open "
                        "to readers of the record."
                    )
                )

    @api.constrains("alias_id")
    def _check_alias(self):
        """Not the alias of a project: its mail would be ours from then on."""
        for mailbox in self:
            # sudo: which model an alias belongs to
            if mailbox.alias_id and mailbox.alias_id.sudo().alias_model_id.model != MODEL:
                raise ValidationError(self.env._("This address belongs to something else."))

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id(MODEL)
        return values

    def _virtual_address(self):
        # sudo: of an alias, which every employee may read
        address = (self.sudo().alias_id.alias_full_name or "").lower()
        return address if "@" in address else ""

    # -- which mailbox a mail is handed over for ------------------------------------------------

    @api.model
    @tools.ormcache()
    def _virtual_addresses(self):
        """``({virtual address: mailbox id}, id of the mailbox that takes mail for records)``.

        Paused and archived ones too: no server keeps the mail until they are read again.
        """
        # sudo: which addresses are mailboxes is asked for everybody's mail
        mailboxes = self.sudo().with_context(active_test=False)
        found = mailboxes.search([("alias_id", "!=", False)])
        taker = mailboxes.search([("takes_records", "=", True)], limit=1)
        addresses = {mailbox._virtual_address(): mailbox.id for mailbox in found}
        addresses.pop("", None)
        return addresses, taker.id

    @api.model
    def _handed_over_for(self, content):
        """The mailboxes, as superuser, that a mail from the gateway is for; none: the host's."""
        if not self._any():
            return self.browse()
        addresses, taker = self._virtual_addresses()
        if not addresses and not taker:
            return self.browse()
        recipients = _recipients(content)
        ids = dict.fromkeys(
            found
            for address in recipients
            if (found := addresses.get(address) or addresses.get(_TAG.sub("@", address)))
        )
        if not ids and taker and self._any_of_records(recipients):
            ids = {taker: None}
        return as_superuser(self).with_context(active_test=False).browse(ids)

    @api.model
    def _any_of_records(self, addresses):
        """Whether one is ``task+12@`` of an own domain, or an alias whose mail makes records that
        a link target knows.
        """
        # sudo: aliases, domains and targets are settings
        domains = set(self.env["mail.alias.domain"].sudo().search([]).mapped("name"))
        targets = self.env["mail.import.target"].sudo().search([])
        codes = {(target.code or "").lower() for target in targets}
        for address in addresses:
            match = RECORD_ADDRESS.match(address)
            if match and match[1] in codes and address.rpartition("@")[2] in domains:
                return True
        aliases = (
            self.env["mail.alias"]
            .sudo()
            .search(
                [
                    ("alias_full_name", "in", list(addresses)),
                    ("alias_model_id.model", "in", targets.mapped("model")),
                ],
                limit=1,
            )
        )
        return bool(aliases)

    def _take_in(self, content):
        """Import a mail that the mail server handed over, into each of these; as superuser.

        Nothing keeps a second copy of it: it is stored whole, whatever its size.
        """
        importer = self.env["mail.import.importer"]
        raw = RawMail(content, received_at=fields.Datetime.now(), size=len(content))
        return [mail for mailbox in self for mail in importer.import_mails(mailbox, [raw])]

    def _keep_handed_over(self, content, error, once):
        """What becomes of a mail that could not be imported, all of which is undone.

        :param once: nobody hands it over again: after a conflict, too, it waits in quarantine
        :raises ConcurrencyError: two workers met; the host's RPC does all of it once more
        :raises OSError, psycopg2.Error: the host itself fails, so that nothing can be kept here
        """
        if isinstance(error, CONFLICTS):
            if not once:
                raise ConcurrencyError("Two workers met over a mail") from error
        elif is_host_trouble(error):
            raise error
        _logger.warning("A mail that was handed over is put aside", exc_info=error)
        for mailbox in self:
            self.env["mail.import.importer"]._put_aside_handed_over(mailbox, content, error)


def _recipients(content):
    """Addresses, lower case, that the mail may have been delivered to."""
    headers, _body = parse_headers(content)
    values = [value for name in RECIPIENT_HEADERS for value in headers.raw_all(name)]
    found = (each.email for each in parse_all(values) if each.email)
    return list(dict.fromkeys(found))[:MAX_RECIPIENTS]
