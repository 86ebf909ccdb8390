"""Which records are closed, and what opens them again."""

from odoo import api, models


class MailImportTarget(models.Model):
    _inherit = "mail.import.target"

    @api.model
    def _is_closed(self, record):
        """What is archived is closed too: nobody would see what happens there."""
        target = self._of_record(record)
        archived = "active" in record._fields and not record.active
        return bool(target) and (archived or not record.filtered_domain(target._open()))

    @api.model
    def _reopening_values(self, record):
        """What is written to a closed record so that it is open again.

        Bridges and other add-ons say it for their models; ``{}`` where nobody knows how.
        """
        values = {}
        if "active" in record._fields and not record.active:
            values["active"] = True
        if record._name == "project.task":
            values.update(self._reopening_task(record))
        elif record._name == "crm.lead":
            values.update(self._reopening_lead(record))
        return values

    @api.model
    def _reopening_task(self, task):
        """In progress, and out of a folded stage."""
        values = {"state": "01_in_progress"} if task.is_closed else {}
        if task.stage_id.fold and task.project_id:
            stage = self.env["project.task.type"].search(
                [("project_ids", "=", task.project_id.id), ("fold", "=", False)],
                order="sequence, id",
                limit=1,
            )
            values.update({"stage_id": stage.id} if stage else {})
        return values

    @api.model
    def _reopening_lead(self, lead):
        """No longer lost; out of the stage of what is won."""
        values = {} if lead.active else {"lost_reason_id": False}
        if lead.stage_id.is_won and (stage := lead._stage_find(domain=[("is_won", "=", False)])):
            values["stage_id"] = stage.id
        return values

    @api.model
    def _apply_changes(self, record, changes):
        """Write what a reply changes, as the host's own buttons do."""
        record.write(changes)
        if record._name == "crm.lead" and changes.get("active"):
            # as action_restore has it: what is lost has no chance, and would keep none
            record._compute_probabilities()
            record.probability = record.automated_probability
