"""Mailboxes: who has none is shown the start page; administrators see what is still to be done."""

from odoo import api, fields, models

FIRST_STEPS = "mail_task_import.action_mail_import_first_steps"
CONNECT_MINE = "mail_task_import.action_mail_import_connect_mine"
INBOX = "mail_task_import.action_mail_import_inbox"


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    sending_tested_at = fields.Datetime(
        readonly=True, copy=False, help="When a test mail last left from here."
    )

    @api.model
    def action_open_mail(self):
        """What the *Mail* app opens with: the inbox, or the first steps of who has none."""
        action = INBOX
        if self._has_no_mailbox():
            action = FIRST_STEPS if self._is_administrator() else CONNECT_MINE
        return self.env["ir.actions.actions"]._for_xml_id(action)

    @api.model
    def _has_no_mailbox(self):
        """Nothing to read, neither of one's own nor of a group; or one's own not finished yet."""
        set_up = self.env["mail.import.set.up"]._mine("personal")._mailbox()
        read = self.search([("reader_ids", "in", self.env.uid), ("id", "not in", set_up.ids)])
        return not read and set_up.state != "active"

    def _address_after_consent(self):
        """Where the browser goes when an account was connected: on with the first steps, if it was
        begun there.
        """
        # sudo: the model is open to nobody; it is the user's own row
        begun = self.env["mail.import.set.up"].sudo()
        mine = [("mailbox_id", "=", self.id), ("user_id", "=", self.env.uid)]
        if self.state == "draft" and begun.search_count(mine, limit=1):
            return "/odoo/mail-start-mine" if self.kind == "personal" else "/odoo/mail-start-group"
        return f"/odoo/mail.import.mailbox/{self.id}"

    def _waits_for_account(self):
        """Nobody has agreed on the provider's pages yet."""
        return self.sign_in_by != "password" and self.account_state in ("none", "revoked")

    @api.model
    def first_steps(self):
        """What the start page begins with."""
        self.env["mail.import.set.up"]._check_may_begin("personal")
        return {"is_administrator": self._is_administrator()}

    # -- the administrator's list ---------------------------------------------------------------

    @api.model
    def set_up_progress(self):
        """What is done of what a new installation needs.

        :return: ``{connected, sending, trusted, rule}``; False for who does not set up groups
        """
        if not self._is_administrator() or self.env.user.mail_import_list_closed:
            return False
        boxes = self.search([("state", "=", "active")])
        rules = self.env["mail.import.rule"]
        return {
            "connected": bool(boxes.filtered(lambda box: box.last_success or box.is_handed_over)),
            "sending": bool(boxes.filtered("sending_tested_at")),
            "trusted": bool(boxes) and all(boxes.mapped("trusted_authserv_ids")),
            "rule": bool(boxes.default_target_id or rules.search_count([], limit=1)),
        }

    @api.model
    def close_set_up_progress(self):
        # sudo: a user writes few fields of their own; this one is asked for by its own button
        self.env.user.sudo().mail_import_list_closed = True

    def action_send_test_mail(self):
        result = super().action_send_test_mail()
        # sudo: the time is nobody's to write; who may send a test mail was asked above
        self.sudo().sending_tested_at = fields.Datetime.now()
        return result

    def action_make_rule(self):
        """A new import rule for the mail of this mailbox."""
        self.ensure_one()
        self.check_access("read")
        return self.env["mail.import.rule.maker"]._for_mailbox(self)
