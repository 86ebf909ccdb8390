"""What kinds and examples of a rehearsal share: what becomes of a mail, and who says so."""

from odoo import api, fields, models

KINDS = [
    ("linked", "Linked to a record"),
    ("made", "Becomes a new record"),
    ("proposed", "Several records are proposed"),
    ("unlinked", "Stays in the inbox"),
    ("sent", "Stays in Sent"),
    ("filed", "Put in a folder"),
    ("archived", "Archived"),
    ("trashed", "Put in the trash"),
    ("filtered", "Skipped by a filter"),
    ("known", "Known already"),
    ("quarantined", "Put into quarantine"),
]


class MailImportRehearsalWords(models.AbstractModel):
    _name = "mail.import.rehearsal.words"
    _description = "What Would Become of Mail"

    rehearsal_id = fields.Many2one(
        "mail.import.rehearsal", required=True, index=True, ondelete="cascade", readonly=True
    )
    place = fields.Integer(readonly=True)
    again = fields.Boolean("Known Mail", readonly=True)
    kind = fields.Selection(KINDS, "What Becomes of It", required=True, readonly=True)
    target_id = fields.Many2one(
        "mail.import.target", "Kind of Record", ondelete="cascade", readonly=True
    )
    # not every reader's to see as records: ``decided_by`` tells their names
    rule_id = fields.Many2one(
        "mail.import.rule", ondelete="set null", readonly=True, groups=fields.NO_ACCESS
    )
    filter_id = fields.Many2one(
        "mail.import.filter", ondelete="set null", readonly=True, groups=fields.NO_ACCESS
    )
    step = fields.Char(readonly=True)
    decided_by = fields.Char("Decided By", compute="_compute_decided_by", compute_sudo=False)

    @api.depends_context("uid", "lang")
    def _compute_decided_by(self):
        for one in self:
            # sudo: readers of the mail may know which rule decides about it, as its journal tells
            rule, caught_by = one.sudo().rule_id, one.sudo().filter_id
            one.decided_by = (
                rule.name or one._name_of_filter(caught_by) or self._step_in_words(one.step)
            )

    @api.model
    def _name_of_filter(self, caught_by):
        """An owner's own filters are nobody else's to know; the others are in every journal."""
        if caught_by.scope in ("global", "group"):
            return caught_by._name_to_all()
        caught_by = caught_by.sudo(False).with_user(self.env.user)
        if caught_by and not caught_by.has_access("read"):
            return self.env._("A filter")
        return caught_by.display_name

    @api.model
    def _step_in_words(self, step):
        if step == "mailbox":
            return self.env._("Folder of the mailbox")
        steps = self.env["mail.import.link"]._fields["step"]._description_selection(self.env)
        return dict(steps).get(step, "")
