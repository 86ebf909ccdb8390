"""*Link to…*, with a way back."""

from odoo import models


class MailImportLinkTo(models.TransientModel):
    _inherit = "mail.import.link.to"

    def action_link(self):
        # sudo: a thread may come along whose other links the user does not read
        Link = self.env["mail.import.link"].sudo()
        before = Link.search([("email_id", "in", self.email_ids.ids)])
        proposals = set(before.filtered("suggested").ids)
        newest = Link.search([], order="id desc", limit=1).id or 0
        super().action_link()
        mine = [("id", ">", newest), ("step", "=", "user"), ("user_id", "=", self.env.uid)]
        accepted = before.filtered(lambda link: link.id in proposals and not link.suggested)
        return (accepted | Link.search(mine))._told_as_made(proposals)
