"""*Try it*: the dialog that shows what a filter would have caught."""

from odoo import fields, models

from ..actions import in_dialog


class MailImportFilterTrial(models.TransientModel):
    _name = "mail.import.filter.trial"
    _inherit = ["mail.import.moved.mixin"]
    _description = "Trial of a Filter"

    filter_id = fields.Many2one(
        "mail.import.filter", required=True, readonly=True, ondelete="cascade"
    )
    tried = fields.Integer(readonly=True)
    caught_ids = fields.Many2many(
        "mail.import.entry", "mail_import_trial_caught_rel", string="Caught", readonly=True
    )
    unjudged_ids = fields.Many2many(
        "mail.import.entry", "mail_import_trial_unjudged_rel", string="Not Certain", readonly=True
    )
    summary = fields.Char(readonly=True)
    doubts = fields.Char(readonly=True)

    def _open(self, one):
        """Try the filter, and show what came of it."""
        trial = one._try()
        wizard = self.create(
            {
                "filter_id": one.id,
                "tried": len(trial.tried),
                "caught_ids": trial.caught.ids,
                "unjudged_ids": trial.unjudged.ids,
                "summary": self._summary(one, trial),
                "doubts": self._doubts(trial),
            }
        )
        return in_dialog(wizard, self.env._("Try the Filter"))

    def _summary(self, one, trial):
        if not trial.tried:
            return self.env._("You can read no e-mail that the filter is for.")
        return self.env._(
            "Of the last %(tried)s e-mails that you read there, it would have caught %(caught)s.",
            tried=len(trial.tried),
            caught=len(trial.caught),
        )

    def _doubts(self, trial):
        if not trial.unjudged:
            return False
        kinds = {"body": self.env._("the text"), "files": self.env._("the files")}
        return self.env._(
            "%(count)s more may be caught: all that can be judged holds, but of large e-mails only "
            "the headers are here, not %(kinds)s.",
            count=len(trial.unjudged),
            kinds=", ".join(kinds[kind] for kind in sorted(trial.kinds)),
        )
