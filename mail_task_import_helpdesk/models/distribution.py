"""Distributions over the members of a helpdesk team."""

from odoo import api, fields, models


class MailImportDistribution(models.Model):
    _inherit = "mail.import.distribution"

    people = fields.Selection(
        selection_add=[("helpdesk_team", "The members of a helpdesk team")],
        ondelete={"helpdesk_team": "set default"},
    )
    helpdesk_team_id = fields.Many2one("helpdesk.ticket.team", "Helpdesk Team", ondelete="restrict")

    def _people_field(self):
        return "helpdesk_team_id" if self.people == "helpdesk_team" else super()._people_field()

    def _everybody(self):
        if self.people == "helpdesk_team":
            return self.helpdesk_team_id.user_ids
        return super()._everybody()

    @api.constrains("helpdesk_team_id")
    def _check_helpdesk_team(self):
        self._check_people()

    @api.depends("helpdesk_team_id")
    def _compute_here_text(self):
        return super()._compute_here_text()
