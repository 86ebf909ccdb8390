"""The one beginning of what is written here: from the inbox, a record, or the click on an address.

How a draft answers another mail is in ``email_drafts.py``.
"""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, formataddr
from odoo.tools.mail import email_split_tuples

MOST_LOOKED_AT = 20
"""E-mails of a record by which its mailbox is found."""


class MailImportEmail(models.Model):
    _inherit = "mail.import.email"

    @api.model
    def begin(self, model=None, res_id=None, address=None):
        """Begin an e-mail, and return the action that opens it.

        :param model: with ``res_id``, the record that it is about: it goes to that one's customer,
            and belongs to the record when it is sent
        :param address: whom it goes to instead, as ``ann@example.com`` or ``Ann <ann@…>``
        """
        self.browse().check_access("read")
        record = self._check_begin(model, res_id, address)
        return self._begin(record, address)._open_draft()

    @api.model
    def action_compose(self):
        """A new e-mail from the first mailbox that the user may send from."""
        return self.begin()

    # -- what is asked for ----------------------------------------------------------------------

    @api.model
    def _check_begin(self, model, res_id, address):
        """The record that is named, which the user has to read; None where there is none."""
        if address and not email_normalize(address, strict=False):
            raise UserError(self.env._("“%s” is not an e-mail address.", address))
        if not model or not res_id:
            return None
        if model not in self.env or self.env[model]._abstract or self.env[model]._transient:
            raise UserError(self.env._("No e-mail is written from such a record."))
        record = self.env[model].browse(int(res_id)).exists()
        record.check_access("read")
        return record or None

    # -- beginning ------------------------------------------------------------------------------

    @api.model
    def _begin(self, record=None, address=None):
        """A draft for a record's customer, or for an address; access was checked."""
        mailbox = self._mailbox_to_begin_with(record)
        if not mailbox and not self._may_begin_by_company():
            raise UserError(
                self.env._(
                    "No mailbox of yours can send yet. Fill in an SMTP server under "
                    "Configuration ‣ Mailboxes, or ask to be made a member of a group mailbox."
                )
            )
        to = self._first_recipient(record, address)
        draft = self._new_draft(mailbox, {"written_as": "new", "to": to})
        if record is not None and self._belongs_to(record):
            draft._link_to_begin_with(record)
        draft._sign_as_last_time()
        return draft

    @api.model
    def _mailbox_to_begin_with(self, record):
        """By which the record's mail came last, among those that the user may send from."""
        sendable = self.env["mail.import.mailbox"]._sendable()
        if record is None or len(sendable) < 2:
            return sendable[:1]
        links = self.env["mail.import.link"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)], limit=MOST_LOOKED_AT
        )
        # sudo: only which of the user's own mailboxes have a copy
        used = links.sudo().email_id.entry_ids.mailbox_id
        return next((mailbox for mailbox in used if mailbox in sendable), sendable[:1])

    @api.model
    def _first_recipient(self, record, address):
        """``To`` of a new e-mail: name and address as the user may read them; may be empty."""
        partners = self._partners_to_write_to(record)
        if address:
            ((name, _raw), *_others) = email_split_tuples(address)
            address = email_normalize(address, strict=False)
            known = partners.filtered(lambda partner: partner.email_normalized == address)
            return formataddr((name or known[:1].name or self._name_of(record), address))
        for partner in partners:
            if partner.email_normalized:
                return formataddr((partner.name or "", partner.email_normalized))
        own = self._own_address_of(record)
        return own and formataddr((self._name_of(record), own))

    @api.model
    def _partners_to_write_to(self, record):
        if record is None or not hasattr(record, "_mail_get_partners"):
            return self.env["res.partner"]
        return record._mail_get_partners()[record.id]._filtered_access("read")

    @api.model
    def _own_address_of(self, record):
        """The address that a record has without a contact, as leads and cases do."""
        if record is None or not hasattr(record, "_mail_get_primary_email_field"):
            return ""
        # sudo: targets are settings
        field = self.env["mail.import.target"].sudo()._of_record(record).address_field
        if field not in record._fields:
            field = record._mail_get_primary_email_field()
        return email_normalize(record[field] or "", strict=False) or "" if field else ""

    @api.model
    def _name_of(self, record):
        """Of the person, where the record has one without a contact."""
        names = ("contact_name", "partner_name")
        found = [record[name] for name in names if record is not None and name in record._fields]
        return next(filter(None, found), "")

    # -- the record that it is about ------------------------------------------------------------

    @api.model
    def _belongs_to(self, record):
        """Whether mail can be linked to it, and the user may post there: what leaves is posted."""
        if not hasattr(record, "_mail_import_check_may_post"):
            return False
        # sudo: targets are settings
        target = self.env["mail.import.target"].sudo()._of_record(record)
        return bool(target) and record.has_access(record._mail_post_access)

    def _link_to_begin_with(self, record):
        # sudo: links are the importer's; the user's right to both ends was checked
        self.env["mail.import.link"].sudo().create(
            {
                "email_id": self.id,
                "res_model": record._name,
                "res_id": record.id,
                "target_id": self.env["mail.import.target"].sudo()._of_record(record).id,
                "step": "sent",
                "user_id": self.env.uid,
            }
        )
