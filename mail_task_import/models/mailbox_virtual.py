"""Virtual addresses: mail that no server keeps for us. The mail server itself hands it over, by the
host's gateway (``mail_thread_process.py``).

A mailbox has one as an alias of the host. One group mailbox may, besides, take in what comes for
projects, teams and records: its mail becomes theirs by the link step, as in every mailbox.
"""

import logging
import re

from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, ConcurrencyError, ValidationError
from odoo.fields import Domain
from odoo.tools import str2bool
from odoo.tools.mail import email_split

from ..access import as_superuser
from ..exceptions import CONFLICTS, is_host_trouble
from ..mime.addresses import parse_all
from ..mime.headers import parse_headers
from ..mime.message_id import parse_message_ids
from ..receivers.raw_mail import RawMail
from ..remembered import forget
from .target import RECORD_ADDRESS

_logger = logging.getLogger(__name__)
MODEL = "mail.import.mailbox"
OF_ADMINISTRATORS = {
    "alias_id", "alias_name", "alias_domain_id", "alias_defaults", "alias_contact",
    "alias_bounced_content", "takes_records",
}  # fmt: skip
REMOVES_FORGED_RESULTS = "mail_task_import.gateway_removes_forged_results"
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

    has_server = fields.Boolean(
        "Fetch from a Mail Server, too",
        compute="_compute_has_server",
        readonly=False,
        help="A form asks for the server then; what is stored is the server.",
    )

    @api.depends("host")
    def _compute_has_server(self):
        for mailbox in self:
            mailbox.has_server = bool(mailbox.host)

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
        if taker and self._any_of_records(recipients):
            ids[taker] = None
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
        models = self._host_aliases(addresses).mapped("alias_model_id.model")
        return not set(models).isdisjoint(targets.mapped("model"))

    @api.model
    def _host_aliases(self, addresses):
        """Aliases of the host among these addresses, by its own rule, but for mailboxes'."""
        names = [address.partition("@")[0] for address in addresses]
        # sudo: aliases are settings
        aliases = self.env["mail.alias"].sudo()
        found = Domain("alias_full_name", "in", list(addresses))
        found |= Domain("alias_incoming_local", "=", True) & Domain("alias_name", "in", names)
        return aliases.search(found & Domain("alias_model_id.model", "!=", MODEL))

    def _leaves_to_host(self, content, mails):
        """Whether the host, too, has its part in a mail that came in by these mailboxes: for an
        alias that none of them takes mail for, or as an answer to ``catchall@``.

        Not where it is in a chatter by now: the host itself takes no mail a second time.
        """
        if any(mail.email.link_ids.message_id for mail in mails if mail.email):
            return False
        recipients = _recipients(content)
        models = set(self._host_aliases(recipients).mapped("alias_model_id.model"))
        if self.filtered("takes_records"):
            # sudo: targets are settings
            models -= set(self.env["mail.import.target"].sudo().search([]).mapped("model"))
        # sudo: domains are settings
        domains = self.env["mail.alias.domain"].sudo().search([])
        catchall = set(domains.mapped("catchall_email")) & set(recipients)
        return bool(models) or bool(catchall and self._answers_chatter(content))

    @api.model
    def _answers_chatter(self, content):
        headers, _body = parse_headers(content)
        values = headers.raw_all("references") + headers.raw_all("in-reply-to")
        ids = [each for value in values for each in parse_message_ids(value)][-32:]
        named = [("message_id", "in", ids), ("model", "!=", False), ("res_id", "!=", 0)]
        # sudo: whether there is such a message, as the host asks it
        return bool(ids and self.env["mail.message"].sudo().search_count(named, limit=1))

    @api.model
    def _without_virtual(self, text):
        """Addresses as the host has them, but for those of mailboxes."""
        known, _taker = self._virtual_addresses()
        found = [address.lower() for address in email_split(text or "")]
        return ",".join(each for each in found if not {each, _TAG.sub("@", each)} & known.keys())

    def _take_in(self, content):
        """Import a mail that the mail server handed over, into each of these; as superuser.

        Nothing keeps a second copy of it: it is stored whole, whatever its size.
        """
        importer = self.env["mail.import.importer"]
        raw = RawMail(
            content, received_at=fields.Datetime.now(), size=len(content), handed_over=True
        )
        return [mail for mailbox in self for mail in importer.import_mails(mailbox, [raw])]

    @api.model
    def _removes_forged_results(self):
        """Whether the administrator says that the mail server takes out what senders have written
        in the name of servers that check senders (RFC 8601, 5).
        """
        # sudo: settings are administrators'
        said = self.env["ir.config_parameter"].sudo().get_param(REMOVES_FORGED_RESULTS)
        return str2bool(said or "", False)

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
