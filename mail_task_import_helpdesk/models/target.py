"""Link targets: what a mailbox fixes for the cases that its mail becomes, and what reopens them."""

from markupsafe import Markup

from odoo import api, models


class MailImportTarget(models.Model):
    _inherit = "mail.import.target"

    def _mailbox_values(self, mailbox):
        values = super()._mailbox_values(mailbox)
        if self.model == "helpdesk.ticket":
            # the host would assign whoever creates the case, which is the importer
            values["user_id"] = False
        if self.model == "helpdesk.ticket" and mailbox.default_helpdesk_team_id:
            values["team_id"] = mailbox.default_helpdesk_team_id.id
        return values

    def _values_of_helpdesk_ticket(self, facts):
        """The host wants a description, and assigns whoever makes a case by hand."""
        values = {
            **self._values_of_any(facts),
            "user_id": self.env.uid,
            "description": facts.description or Markup("<p>%s</p>") % (facts.subject or facts.who),
        }
        if not facts.partner:
            values |= {"partner_name": facts.who, "partner_email": facts.address}
        return values

    @api.model
    def _reopening_values(self, record):
        """Into the first stage of its team that is not closed."""
        values = super()._reopening_values(record)
        if record._name == "helpdesk.ticket" and record.stage_id.closed:
            stages = record.team_id._get_applicable_stages().filtered(
                lambda stage: not stage.closed
            )
            values.update({"stage_id": stages[:1].id} if stages else {})
        return values
