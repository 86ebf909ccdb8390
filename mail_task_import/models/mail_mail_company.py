"""Mails that an employee sends by the company's server: claimed and kept as those of mailboxes."""

from odoo import fields, models


class MailMail(models.Model):
    _inherit = "mail.mail"

    mail_import_writer_id = fields.Many2one(
        "res.users", "Writer", index="btree_not_null", ondelete="set null", readonly=True
    )

    def _mail_import_is_ours(self):
        # sudo: as for mailboxes
        return super()._mail_import_is_ours() or bool(self.sudo().mail_import_writer_id)

    def _claimed_everywhere(self):
        mails = super()._claimed_everywhere()
        # sudo: as for mailboxes
        return mails | self.browse(self.sudo().filtered("mail_import_writer_id").ids)
