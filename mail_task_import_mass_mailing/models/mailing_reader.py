"""With whose rights the placeholders of a mailing are read: never those of somebody who is chosen.

Whoever acts reads with their own rights. The scheduler and the recipients' page have none of their
own; they read with those of whoever last wrote the letter, or let it go.
"""

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

READER = "mail_import_reader_id"
RECIPIENT = "mail_import_recipient"
"""In the context: a recipient opens the link in their letter."""
BY_LINK = object()
"""The value of ``RECIPIENT``, which no caller of RPC can send."""
WRITTEN = frozenset(
    {
        "subject",
        "preview",
        "body_html",
        "body_arch",
        "attachment_ids",
        "mailing_model_id",
        "mailing_domain",
        "mailing_filter_id",
        "contact_list_ids",
        "user_id",
        "email_from",
        "reply_to",
        "reply_to_mode",
        "state",
        "schedule_type",
        "schedule_date",
        "mail_import_template_id",
        "mail_import_leave_out",
    }
)
"""What makes whoever writes it the reader."""


class MailingMailing(models.Model):
    _inherit = "mailing.mailing"

    mail_import_reader_id = fields.Many2one(
        "res.users",
        "Placeholders Read By",
        readonly=True,
        copy=False,
        help="Who last changed or sent it: it tells what that user may read.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        writer = self._mail_import_writer().id
        is_system = self.env.uid == SUPERUSER_ID
        return super().create(
            [
                {**vals, READER: writer or (is_system and (vals.get("user_id") or SUPERUSER_ID))}
                for vals in vals_list
            ]
        )

    def write(self, vals):
        vals = {name: value for name, value in vals.items() if name != READER}
        writer = self._mail_import_writer()
        if writer and WRITTEN.intersection(vals):
            vals[READER] = writer.id
        return super().write(vals)

    def copy(self, default=None):
        copies = super().copy(default)
        if not self._mail_import_writer():
            # the scheduler sends the better of two letters to the others, by a copy
            for mailing, copied in zip(self, copies, strict=True):
                # past our own write, which takes it from nobody
                # pylint: disable-next=super-method-mismatch
                super(MailingMailing, copied).write({READER: mailing.mail_import_reader_id.id})
        return copies

    def _init_column(self, column_name):
        """Mailings from before: whoever made them."""
        if column_name != READER:
            return super()._init_column(column_name)
        return self.env.cr.execute(
            SQL(
                "UPDATE mailing_mailing SET mail_import_reader_id = create_uid"
                " WHERE create_uid <> %s",
                SUPERUSER_ID,
            )
        )

    @api.model
    def _mail_import_writer(self):
        """The user who acts; none where it is the system, or a visitor."""
        user = self.env.user
        is_somebody = user.id != SUPERUSER_ID and user._is_internal()
        return user.sudo(False) if is_somebody else user.browse()

    def _mail_import_sender(self):
        """With whose rights it is read."""
        if len(self) != 1:
            return super()._mail_import_sender()
        by_link = self.env.context.get(RECIPIENT) is BY_LINK
        writer = self.browse() if by_link else self._mail_import_writer()
        # sudo: only who it is; of their own right they read it
        reader = writer or self.sudo().mail_import_reader_id or self.env.ref("base.public_user")
        return reader.sudo(False)

    def _mail_import_placeholders(self):
        """``mail.import.placeholder``, where {User.…} is the responsible."""
        return self.env["mail.import.placeholder"].with_context(mail_import_user=self.user_id.id)
