"""*Link to…*, with a way back."""

from odoo import models


class MailImportLinkTo(models.TransientModel):
    _inherit = "mail.import.link.to"

    def action_link(self):
        # sudo: a thread may come along whose other links the user does not read
        Link = self.env["mail.import.link"].sudo()
        before = Link.search([("email_id", "in", self.email_ids.ids)])
        proposals = set(before.filtered("suggested").ids)
        newest = Link.search([], order="id desc", limit=1).id
        super().action_link()
        fresh = Link.search([("id", ">", newest), ("step", "=", "user")])
        accepted = before.filtered(lambda link: link.id in proposals and not link.suggested)
        return (accepted | fresh.filtered(lambda link: link.user_id == self.env.user))._told_as_made(
            proposals
        )
