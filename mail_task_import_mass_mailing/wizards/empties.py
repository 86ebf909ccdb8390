"""The dialog before a mailing goes out: for whom a placeholder is empty, and what to do."""

from odoo import api, fields, models

from odoo.addons.mail_task_import.actions import in_dialog

NAMED = 80
"""Recipients that are named, in all."""


class MailImportEmpties(models.TransientModel):
    _name = "mail.import.empties"
    _description = "Recipients With Empty Placeholders"

    mailing_id = fields.Many2one(
        "mailing.mailing", required=True, readonly=True, ondelete="cascade"
    )
    schedule_date = fields.Datetime(readonly=True)
    concerned = fields.Integer(readonly=True)
    total = fields.Integer(readonly=True)
    line_ids = fields.One2many("mail.import.empties.line", "dialog_id", readonly=True)

    @api.model
    def _asked(self, mailing, when):
        """The dialog of a mailing, or None where no placeholder is empty for anybody."""
        mailing.check_access("write")
        if mailing.mailing_type != "mail":
            return None
        ids = mailing._mail_import_recipients()
        empties = mailing._mail_import_empties(ids)
        goes_to = mailing._mail_import_goes_to(ids) if empties else set()
        empties = {
            placeholder: [id_ for id_ in some if id_ in goes_to]
            for placeholder, some in empties.items()
            if goes_to.intersection(some)
        }
        if not empties:
            return None
        dialog = self.create(
            {
                "mailing_id": mailing.id,
                "schedule_date": when,
                "concerned": len(set().union(*empties.values())),
                "total": len(goes_to),
            }
        )
        dialog._list(self.env[mailing.mailing_model_real], empties)
        return in_dialog(dialog, self.env._("Some Placeholders Are Empty"))

    def _list(self, model, empties):
        each = max(1, NAMED // len(empties))
        self.env["mail.import.empties.line"].create(
            [
                {
                    "dialog_id": self.id,
                    "placeholder": str(placeholder),
                    "count": len(ids),
                    "names": self._names(model, ids, each if number < NAMED else 0),
                    "res_ids": ids,
                }
                for number, (placeholder, ids) in enumerate(empties.items())
            ]
        )

    def _names(self, model, ids, most):
        readable = model.browse(ids)._filtered_access("read")
        names = [record.display_name or f"#{record.id}" for record in readable[:most]]
        if more := len(readable) - len(names):
            names.append(self.env._("%s more", more))
        if hidden := len(ids) - len(readable):
            names.append(self.env._("%s whom you may not see", hidden))
        return ", ".join(names) if most else ""

    def action_send(self):
        """To all, with gaps."""
        return self._go(leave_out=False)

    def action_leave_out(self):
        return self._go(leave_out=True)

    def _go(self, leave_out):
        self.ensure_one()
        mailing = self.mailing_id.with_context(mail_import_ask=False)
        mailing.mail_import_leave_out = leave_out
        if self.schedule_date:
            mailing.write({"schedule_type": "scheduled", "schedule_date": self.schedule_date})
            mailing.action_put_in_queue()
        else:
            mailing.action_launch()
        return {"type": "ir.actions.act_window_close"}
