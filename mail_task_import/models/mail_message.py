"""Messages: internal ones are read by employees only, whatever their type."""

from odoo import api, fields, models
from odoo.tools import SQL


class MailMessage(models.Model):
    _inherit = "mail.message"

    mail_import_link_ids = fields.One2many(
        "mail.import.link", "message_id", groups="base.group_system"
    )

    def _get_forbidden_access(self, operation):
        """The host refuses outsiders internal messages of type "comment" only.

        A note that a mail was published as has type "email", and would be readable by its id.
        """
        forbidden = super()._get_forbidden_access(operation)
        rest = self - forbidden
        anything = self.env["mail.import.mailbox"]._any()
        if operation != "read" or not rest or not anything or self.env.user._is_internal():
            return forbidden
        rows = self.env.execute_query(
            SQL(
                """SELECT message.id FROM mail_message message
               LEFT JOIN mail_message_subtype subtype ON subtype.id = message.subtype_id
               WHERE message.id = ANY(%s) AND message.message_type IN ('email', 'email_outgoing')
               AND (message.is_internal OR message.subtype_id IS NULL OR subtype.internal)""",
                list(rest.ids),
            )
        )
        return forbidden + self.browse(id_ for [id_] in rows)

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        """The host fetches messages unchecked, relying on ``read``, which an export does not use.

        Reached by exports of messages, and of what leads to one (``mail_message_id/body``).
        """
        if self.env["mail.import.mailbox"]._any():
            self.check_access("read")
        return super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)

    @api.model_create_multi
    def create(self, vals_list):
        self._check_mailbox_server(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_mailbox_server([vals])
        return super().write(vals)

    @api.model
    def _check_mailbox_server(self, vals_list):
        """Nobody names the server of a mailbox that they may not send from."""
        ids = {vals["mail_server_id"] for vals in vals_list if vals.get("mail_server_id")}
        anything = ids and self.env["mail.import.mailbox"]._any()
        if not anything or self.env.uid == api.SUPERUSER_ID:
            return
        # sudo: users do not read mail servers
        servers = self.env["ir.mail_server"].sudo().browse(ids)
        if mailboxes := servers.mail_import_mailbox_ids:
            mailboxes.with_user(self.env.user)._check_may_send()
