"""Tasks: the e-mails that belong to them, and the description that they have of the first one."""

from markupsafe import Markup

from odoo import models

from ..mime.quoted_html import new_html


class ProjectTask(models.Model):
    _name = "project.task"
    _inherit = ["project.task", "mail.import.record.mixin"]
    _mail_import_described_by_chatter = True
    """For ``mail.import.target``: the pictures of the message are the task's own."""

    def _message_post_after_hook(self, message, msg_vals):
        """The mail that made a task describes it: by what its writer wrote, not by what it quotes.

        The host does so only where the customer wrote it; a rule may name another customer.
        """
        is_ours = self.env.su and self.env.context.get("mail_import_publishing")
        if not is_ours or not msg_vals.get("body"):
            return super()._message_post_after_hook(message, msg_vals)
        body = Markup(new_html(str(msg_vals["body"])))
        result = super()._message_post_after_hook(message, {**msg_vals, "body": body})
        if not self.description and message.subtype_id == self._creation_subtype():
            self.description = body
        return result
