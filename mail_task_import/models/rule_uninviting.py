"""Taking invitations back: with the record that a sender was invited to see goes the login that was
made for it, as long as nobody has used it.
"""

from odoo import SUPERUSER_ID, api, models

from ..access import as_superuser

NO_ACCESS_BY_THEM = ("mail.message", "mail.mail")
"""Mail that they wrote is no use of their login, and gives them no access."""


class MailImportRule(models.Model):
    _inherit = "mail.import.rule"

    @api.model
    def _invited(self, links):
        """Users of the portal whose login was made in the transactions of these mails."""
        # sudo: who undoes a rule need not see users
        users = self.env["res.users"].sudo()
        return users.search(
            [
                ("create_uid", "=", SUPERUSER_ID),
                ("create_date", "in", list(set(links.mapped("create_date")))),
                ("partner_id.email_normalized", "in", links.email_id.mapped("from_email")),
                ("share", "=", True),
            ]
        )

    @api.model
    def _withdraw_invitations(self, invited):
        """Of those whose records are gone by now; returns the users whose access is withdrawn."""
        invited = invited.exists()
        if not invited:
            return invited
        invited.lock_for_update()
        unused = invited - self._in_use(invited)
        for user in unused:
            self._revoke(user)
        return unused

    @api.model
    def _in_use(self, users):
        """Those who signed in, whom somebody has changed, or who may see something else."""
        self.env.flush_all()
        used = users.filtered(
            lambda user: (
                user.login_date or not user._is_portal() or user.write_date != user.create_date
            )
        )
        partners = (users - used).partner_id
        moments = {user.partner_id.id: {user.create_date} for user in users - used}
        # sudo: what there is of them, whoever may see it
        touched = self.env["mail.import.touched"].sudo()
        busy = {id_ for id_, _code, _what in touched._referring(
            "res.partner", moments, {}, but=NO_ACCESS_BY_THEM
        )}  # fmt: skip
        # sudo: as above
        follows = self.env["mail.followers"].sudo().search([("partner_id", "in", partners.ids)])
        for follower in follows:
            itself = follower.res_model, follower.res_id
            if itself != ("res.partner", follower.partner_id.id):
                busy.add(follower.partner_id.id)
        return used | users.filtered(lambda user: user.partner_id.id in busy)

    @api.model
    def _revoke(self, user):
        """By the host's own dialog."""
        self._unsent_invitations(user).unlink()
        # superuser: the import has invited them, whatever the rights of who undoes it
        wizard = as_superuser(self.env["portal.wizard"])
        wizard.create({"partner_ids": user.partner_id.ids}).user_ids.action_revoke_access()

    @api.model
    def _unsent_invitations(self, user):
        # sudo: the host's queue of mail
        return (
            self.env["mail.mail"]
            .sudo()
            .search(
                [
                    ("model", "=", "res.users"),
                    ("res_id", "=", user.id),
                    ("state", "in", ("outgoing", "exception")),
                ]
            )
        )
