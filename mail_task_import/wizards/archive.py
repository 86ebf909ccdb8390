"""*Archive an E-mail*: file one by hand on a record, from a file or by a form."""

import io
import uuid
from datetime import timedelta, timezone
from email.message import EmailMessage
from email.policy import SMTPUTF8
from email.utils import format_datetime

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..actions import in_dialog
from ..batch import QUARANTINED, STORED
from ..mime.addresses import parse_addresses
from ..models.mailbox_archive import SIZE_LIMIT
from ..receivers.eml import is_mbox, looks_like_mail, raw_from_eml

OUTLOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How every file of Microsoft's compound format begins, ``.msg`` among them."""
LONGEST_SUBJECT = 1000


class MailImportArchive(models.TransientModel):
    _name = "mail.import.archive"
    _inherit = ["mail.import.moved.mixin", "mail.import.text.mixin"]
    _description = "Archive an E-mail by Hand"

    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Integer(required=True, readonly=True)
    record_name = fields.Char(compute="_compute_record_name", compute_sudo=False)
    direction = fields.Selection(
        [("incoming", "We received it"), ("outgoing", "We sent it")],
        default="incoming",
        required=True,
    )
    from_ = fields.Char("From")
    to = fields.Char()
    date = fields.Datetime(default=fields.Datetime.now)
    subject = fields.Char()
    text = fields.Text()
    attachment_ids = fields.Many2many("ir.attachment", string="Files")

    @api.depends("res_model", "res_id")
    def _compute_record_name(self):
        for wizard in self:
            record = wizard._record()
            record.check_access("read")
            wizard.record_name = record.display_name

    @api.onchange("direction")
    def _onchange_direction(self):
        """Whoever is here is on one side of it."""
        own = self.env.user.email_formatted
        if self.direction == "outgoing":
            self.from_, self.to = self.from_ or own, self.to if self.to != own else False
        else:
            self.to, self.from_ = self.to or own, self.from_ if self.from_ != own else False

    @api.model
    def _open(self, record):
        self._check_may_archive(record)
        wizard = self.create(
            {"res_model": record._name, "res_id": record.id, "to": self.env.user.email_formatted}
        )
        return in_dialog(wizard, self.env._("Archive an E-mail"))

    @api.model
    def open_on(self, model, id_):
        """The dialog, from a list of a record's e-mails or its action menu."""
        return self._open(self._record_of(model, id_))

    @api.model
    @api.private
    def archive_file(self, model, id_, name, content):
        """What a file becomes that was dropped on a record or chosen for it.

        :return: words for the user
        """
        record = self._record_of(model, id_)
        self._check_may_archive(record)
        self._check_is_mail(name, content)
        content = raw_from_eml(content).content
        return self._archive(content, record, "file")

    def action_archive(self):
        """What was typed in becomes an e-mail."""
        self.ensure_one()
        self.check_access("write")
        record = self._record()
        self._check_may_archive(record)
        self._check_filled_in()
        outgoing = self.direction == "outgoing"
        words = self._archive(self._as_mail(), record, "form", outgoing)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": words,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # -- checks ---------------------------------------------------------------------------------

    def _record(self):
        return self._record_of(self.res_model, self.res_id)

    @api.model
    def _record_of(self, model, id_):
        """A record that e-mails may belong to."""
        Model = self.env.get(model)
        if Model is None or Model._abstract or not hasattr(Model, "_mail_import_check_may_post"):
            raise UserError(self.env._("E-mails are archived on records that have a chatter."))
        return Model.browse(int(id_))

    @api.model
    def _check_may_archive(self, record):
        if not record.exists():
            raise UserError(self.env._("The record is gone."))
        record.check_access("read")
        record._mail_import_check_may_post()

    @api.model
    def _check_is_mail(self, name, content):
        if content.startswith(OUTLOOK) or name.lower().endswith(".msg"):
            raise UserError(
                self.env._(
                    "“%s” is a message of Outlook's own format (.msg), which is not read here. In "
                    "Outlook choose “Save as” and the type .eml, or drag it out of Outlook on the "
                    "web.",
                    name,
                )
            )
        if len(content) > SIZE_LIMIT:
            raise UserError(self.env._("“%s” is larger than 50 MB.", name))
        if is_mbox(io.BytesIO(content)) and content.count(b"\nFrom ") > 0:
            raise UserError(
                self.env._(
                    "“%s” is a file with several e-mails: open the inbox and choose Import Files "
                    "in the menu there.",
                    name,
                )
            )
        if not looks_like_mail(raw_from_eml(content).content):
            raise UserError(self.env._("“%s” is no e-mail. Nothing of it was kept.", name))

    def _check_filled_in(self):
        senders, recipients = parse_addresses(self.from_ or ""), parse_addresses(self.to or "")
        if len(senders) != 1 or not senders[0].email:
            raise ValidationError(self.env._("From whom was it? Fill in one e-mail address."))
        if not recipients or not all(each.email for each in recipients):
            raise ValidationError(
                self.env._("To whom was it? Fill in at least one e-mail address.")
            )
        if not self.date or self.date > fields.Datetime.now() + timedelta(minutes=5):
            raise ValidationError(self.env._("When was it sent? Not in the future."))
        # sudo: also of files that the user cannot see; filing one would give it away
        self.sudo().attachment_ids.sudo(False).check_access("read")

    # -- archiving ------------------------------------------------------------------------------

    @api.model
    def _archive(self, content, record, archived_from, outgoing=False):
        mail, is_linked = self.env["mail.import.email"]._archive(
            content, record, archived_from, outgoing
        )
        if mail.state == QUARANTINED:
            # raised, so that nothing of it stays: its file is the user's
            raise UserError(
                self.env._(
                    "This e-mail cannot be read, and nothing of it was kept: %s",
                    mail.quarantine.reason or "",
                )
            )
        if not mail.email:
            raise UserError(self.env._("This e-mail was here once, and was deleted for good."))
        if mail.state == STORED:
            return self.env._("Archived: %s", mail.email.subject or self.env._("(no subject)"))
        if is_linked:
            return self.env._("This e-mail was here already. It is linked now.")
        return self.env._("This e-mail is here already.")

    def _as_mail(self):
        """The bytes of what was typed in."""
        mail = EmailMessage(policy=SMTPUTF8)
        mail["From"] = str(parse_addresses(self.from_)[0])
        mail["To"] = ", ".join(map(str, parse_addresses(self.to)))
        mail["Subject"] = " ".join((self.subject or "").split())[:LONGEST_SUBJECT]
        mail["Date"] = format_datetime(self.date.replace(tzinfo=timezone.utc))
        mail["Message-ID"] = f"<{uuid.uuid4().hex}@archive.invalid>"
        mail.set_content(self.text or "")
        for file in self.attachment_ids:
            # never as what its maker calls it: a mail in a file is a file
            mail.add_attachment(
                file.raw or b"",
                maintype="application",
                subtype="octet-stream",
                filename=" ".join((file.name or "file").split()),
            )
        return mail.as_bytes()
