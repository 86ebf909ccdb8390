"""The dialog of *Undo*: which records a rule has made since when, and which of them may go."""

from datetime import timedelta

from odoo import api, fields, models

from ..actions import in_dialog
from ..models.rule_undoing import AT_ONCE

PAUSE = timedelta(minutes=15)
"""Without a record for so long, the next one is of another run."""


class MailImportRuleUndo(models.TransientModel):
    _name = "mail.import.rule.undo"
    _inherit = ["mail.import.moved.mixin"]
    _description = "Undo What a Rule Made"

    rule_id = fields.Many2one("mail.import.rule", required=True, readonly=True, ondelete="cascade")
    other_times = fields.Boolean()
    since = fields.Datetime(required=True)
    until = fields.Datetime(required=True, default=fields.Datetime.now)
    line_ids = fields.One2many("mail.import.rule.undo.line", "undo_id", readonly=True)
    found = fields.Integer("Records Made", readonly=True)
    free = fields.Integer("Can Be Withdrawn", readonly=True)
    kept = fields.Integer("Stay", readonly=True)
    confirmed = fields.Integer("Confirmations Sent", readonly=True)
    invited = fields.Integer("Logins Made for Them", readonly=True)
    withdrawn = fields.Integer(readonly=True)
    uninvited = fields.Integer(readonly=True)
    still_invited = fields.Char(readonly=True)
    is_done = fields.Boolean(readonly=True)
    is_cut = fields.Boolean(readonly=True)

    @api.constrains("rule_id")
    def _check_rule(self):
        """Nobody opens the dialog of a rule that is not theirs to change."""
        # constraints run as superuser; the user is meant
        self.rule_id.sudo(False)._check_may_undo()

    @api.model
    def _open(self, rule):
        now = fields.Datetime.now() + timedelta(seconds=1)
        undo = self.create({"rule_id": rule.id, "since": self._last_run(rule), "until": now})
        undo._look()
        return undo._show()

    @api.model
    def _last_run(self, rule):
        """When the records began to be made that were made without a pause until the last one."""
        now, begun = fields.Datetime.now(), None
        moments = rule._made_links(now - timedelta(days=30), now)
        for moment in reversed(moments.mapped("create_date")):
            if begun and begun - moment > PAUSE:
                break
            begun = moment
        return (begun or now - timedelta(days=1)).replace(microsecond=0)

    def _show(self):
        return in_dialog(self, self.env._("Undo “%s”", self.rule_id.name))

    def action_look(self):
        self._look()
        return self._show()

    def _links(self):
        return self.rule_id._made_links(self.since, self.until)[:AT_ONCE]

    def _look(self):
        """List what is there now; nothing is done."""
        self.ensure_one()
        self.rule_id._check_may_undo()
        links = self._links()
        verdicts = self.rule_id._judge(links)
        free = [link for link, reasons in verdicts.items() if not reasons]
        # sudo: what the dialog says is written by it alone
        dialog = self.sudo()
        dialog.line_ids.unlink()
        self.env["mail.import.rule.undo.line"].sudo().create(
            [
                {
                    "undo_id": self.id,
                    "res_model": link.res_model,
                    "res_id": link.res_id,
                    "made_at": link.create_date,
                    "reasons": reasons or False,
                }
                for link, reasons in verdicts.items()
            ]
        )
        dialog.write(
            {
                "found": len(links),
                "free": len(free),
                "kept": len(links) - len(free),
                "confirmed": links._count_confirmed(),
                "invited": len(self.rule_id._invited(links.browse(link.id for link in free))),
                "is_cut": len(links) == AT_ONCE,
            }
        )

    def action_undo(self):
        """Judge and lock once more, withdraw what is free, and list what is left."""
        self.ensure_one()
        done, invited, uninvited = self.rule_id._undo(self._links())
        self._look()
        kept = [*filter(None, [self.still_invited]), *self._names_of(invited - uninvited)]
        # sudo: as in ``_look``
        self.sudo().write(
            {
                "withdrawn": self.withdrawn + done,
                "uninvited": self.uninvited + len(uninvited),
                "still_invited": ", ".join(kept),
                "is_done": True,
            }
        )
        return self._show()

    def _names_of(self, users):
        """As far as the user may read them."""
        for partner in users.partner_id.sudo(False):
            readable = partner.has_access("read")
            yield partner.display_name if readable else self.env._("somebody you may not see")
