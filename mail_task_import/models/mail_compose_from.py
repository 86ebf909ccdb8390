"""The host's composer on a record: which mailbox an answer leaves from, and under which alias.

It begins with the mailbox that the record's mail came in by, as answers from a chatter do. What is
chosen goes along in the context, by which nobody gains anything: who may send from the mailbox is
asked when the message leaves (``mail_thread_answer.py``).
"""

from odoo import api, fields, models

FROM = "mail_import_from"
"""In the context: ``[mailbox id or 0, signature id or 0]``."""


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    mail_import_mailbox_id = fields.Many2one(
        "mail.import.mailbox",
        "Leaves From",
        compute="_compute_mail_import_mailbox_id",
        store=True,
        readonly=False,
        help="Empty: it leaves as Odoo sends its own e-mails.",
    )
    mail_import_signature_id = fields.Many2one(
        "mail.import.signature",
        "Alias",
        compute="_compute_mail_import_signature_id",
        store=True,
        readonly=False,
    )
    mail_import_sendable_ids = fields.Many2many(
        "mail.import.mailbox", compute="_compute_mail_import_sendable_ids"
    )

    @api.depends_context("uid")
    @api.depends("composition_mode", "composition_batch", "subtype_is_log")
    def _compute_mail_import_sendable_ids(self):
        mailboxes = self.env["mail.import.mailbox"]
        sendable = mailboxes._sendable() if mailboxes._any() else mailboxes
        for composer in self:
            answers = composer.composition_mode == "comment" and not composer.composition_batch
            offered = answers and not composer.subtype_is_log
            composer.mail_import_sendable_ids = sendable if offered else False

    @api.depends("composition_mode", "composition_batch", "model", "res_ids")
    def _compute_mail_import_mailbox_id(self):
        for composer in self:
            record = composer._mail_import_record()
            mailbox = record._mail_import_came_by() if record is not None else None
            if mailbox and mailbox.can_send and mailbox._may_send(self.env.user):
                composer.mail_import_mailbox_id = mailbox
            else:
                composer.mail_import_mailbox_id = False

    @api.depends("mail_import_mailbox_id")
    def _compute_mail_import_signature_id(self):
        # sudo: what the user last wrote by
        choice = self.env["mail.import.signature.choice"].sudo()
        for composer in self:
            mailbox = composer.mail_import_mailbox_id.sudo()
            record = composer._mail_import_record() if mailbox else None
            known = choice._signature_in(mailbox, [record]) if record is not None else False
            composer.mail_import_signature_id = known

    def _mail_import_record(self):
        """The one record that is answered from, or None."""
        if self.composition_mode != "comment" or self.composition_batch:
            return None
        if not self.env["mail.import.mailbox"]._any() or self.model not in self.env:
            return None
        ids = self._evaluate_res_ids()
        record = self.env[self.model].browse(ids)
        thread = isinstance(record, self.pool["mail.thread"])
        return record if thread and len(record) == 1 else None

    def _mail_import_with_from(self):
        """The composer with its choice in the context; the user may send from there."""
        if self._mail_import_record() is None or self.subtype_is_log:
            return self
        mailbox, alias = self.mail_import_mailbox_id, self.mail_import_signature_id
        if mailbox:
            mailbox.with_env(self.env)._check_may_send()
        if alias:
            alias.sudo(False).check_access("read")
        if alias.mailbox_id != mailbox:
            alias = alias.browse()
        return self.with_context(**{FROM: [mailbox.id or 0, alias.id or 0]})

    def _action_send_mail_comment(self, res_ids):
        composer = self._mail_import_with_from()
        result = super(MailComposeMessage, composer)._action_send_mail_comment(res_ids)
        if self.mail_import_mailbox_id and FROM in composer.env.context:
            # sudo: what the user has used is the user's own
            choice = self.env["mail.import.signature.choice"].sudo()
            choice._remember(
                self.mail_import_mailbox_id.sudo(),
                self.mail_import_signature_id.sudo(),
                [self._mail_import_record()],
            )
        return result

    def _prepare_schedule_message_post_values(self, post_values):
        """What is posted later leaves from where its writer chose, if they still may."""
        values = super()._prepare_schedule_message_post_values(post_values)
        chosen = self._mail_import_with_from().env.context.get(FROM)
        if chosen:
            values["send_context"] = {**(values.get("send_context") or {}), FROM: chosen}
        return values
