"""Inviting an unknown sender to the portal: to follow the one record that the mail has become."""

from odoo import api, models
from odoo.exceptions import ValidationError

from ..access import as_seen_by

SEEN_BY_PORTAL = ("invited_users", "portal")
"""Privacy of projects whose tasks invited outsiders may see."""


class MailImportRule(models.Model):
    _inherit = "mail.import.rule"

    @api.constrains("unknown_sender", "target_id", "project_id")
    def _check_portal(self):
        for rule in self.filtered(lambda rule: rule.unknown_sender == "portal"):
            if not rule._portal_reads_target():
                raise ValidationError(
                    self.env._(
                        "The portal does not show “%s” records: nobody can be invited to one.",
                        rule.target_id.name or "",
                    )
                )
            # sudo: the privacy of a project that the owner makes tasks in
            project = rule.sudo().project_id
            if project and project.privacy_visibility not in SEEN_BY_PORTAL:
                raise ValidationError(
                    self.env._(
                        "The project “%s” is not open to portal users: change its visibility "
                        "first.",
                        project.display_name,
                    )
                )

    def _portal_reads_target(self):
        # sudo: access rights are settings
        portal = self.env.ref("base.group_portal")
        return bool(
            self.env["ir.model.access"]
            .sudo()
            .search_count(
                [
                    ("model_id.model", "=", self.target_model),
                    ("group_id", "=", portal.id),
                    ("perm_read", "=", True),
                ],
                limit=1,
            )
        )

    def _invite(self, batch, linking):
        """A user of the portal who sees this record, and nothing else."""
        mail, record = linking.mail, linking.decision.record
        if why := self._why_not_invited(batch, mail, record):
            mail.note("rule", "not_invited", rule=self.id, why=why)
            return
        user = self._portal_user(mail.author)
        if not user:
            mail.note("rule", "not_invited", rule=self.id, why="address")
            return
        record.message_subscribe(mail.author.ids)
        seen = as_seen_by(record, user).has_access("read")
        mail.note("rule", "invited" if seen else "invited_in_vain", rule=self.id)

    @api.model
    def _why_not_invited(self, batch, mail, record):
        """A code, "" where nothing speaks against it."""
        if not mail.vouched:
            return "vouched"
        if self.env["mail.import.link"]._is_quiet(batch, mail):
            return "quiet"
        return "" if self._is_open_to_portal(record) else "closed"

    @api.model
    def _is_open_to_portal(self, record):
        project = record.project_id if "project_id" in record._fields else None
        if project is None or project._name != "project.project":
            return True
        return project.privacy_visibility in SEEN_BY_PORTAL

    @api.model
    def _portal_user(self, partner):
        """Made by the host's own dialog; none where somebody else signs in with this address."""
        known = partner.user_ids.filtered(lambda user: user._is_portal())
        if known:
            return known[:1]
        wizard = self.env["portal.wizard"].create({"partner_ids": partner.ids})
        line = wizard.with_context(mail_import_invitation=True).user_ids
        if line.email_state != "ok" or line.user_id:
            return None
        line.action_grant_access()
        return line.user_id
