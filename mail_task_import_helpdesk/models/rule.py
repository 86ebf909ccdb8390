"""Import rules of cases: their team, and the stage that a reply moves them to."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.mail_task_import.models.rule_filling import Filling


class MailImportRule(models.Model):
    _inherit = "mail.import.rule"

    helpdesk_team_id = fields.Many2one(
        "helpdesk.ticket.team",
        ondelete="restrict",
        domain="[('company_id', 'in', [False, company_id])]",
    )
    reply_case_stage_id = fields.Many2one(
        "helpdesk.ticket.stage",
        "A Reply Moves the Case To",
        ondelete="set null",
        domain="['|', ('team_ids', '=', False), ('team_ids', '=?', helpdesk_team_id)]",
    )

    @api.constrains("helpdesk_team_id", "target_id")
    def _check_helpdesk_team(self):
        for rule in self:
            if rule.helpdesk_team_id and rule.target_model != "helpdesk.ticket":
                raise ValidationError(self.env._("Only cases have a helpdesk team."))

    @api.constrains("reply_case_stage_id", "helpdesk_team_id")
    def _check_reply_case_stage(self):
        self._check_reply_stage()

    @api.onchange("target_id", "helpdesk_team_id")
    def _onchange_helpdesk_team_id(self):
        if self.target_model != "helpdesk.ticket":
            self.helpdesk_team_id = False
        self._onchange_target_of_replies()

    def _places(self):
        yield from super()._places()
        if team := self.helpdesk_team_id:
            yield Filling("team_id", "many2one", team._name, value=team.id)

    @api.model
    def _reply_stage_fields(self):
        return {**super()._reply_stage_fields(), "helpdesk.ticket": "reply_case_stage_id"}

    def _place_of_stages(self, stage):
        """Stages of cases are their teams'."""
        if stage._name == "helpdesk.ticket.stage":
            return "team_ids", self.helpdesk_team_id
        return super()._place_of_stages(stage)
