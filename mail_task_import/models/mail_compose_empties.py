"""The host's composer, letters to many: whoever sends them is told first who would get a gap."""

from odoo import fields, models
from odoo.exceptions import UserError

NAMED = 80
"""Recipients that are named, in all."""


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    mail_import_empty = fields.Text(
        "Empty Placeholders", readonly=True, copy=False, help="What was told before it was sent."
    )

    def action_send_mail(self):
        told = self._mail_import_ask()
        # what is set off by sending asks nobody
        return told or super(MailComposeMessage, self._mail_import_asked()).action_send_mail()

    def action_mail_import_leave_out(self):
        """Sends it to all but those who would get a gap."""
        self.ensure_one()
        return self.with_context(
            mail_import_ask=False, mail_import_leave_out=True
        ).action_send_mail()

    def _mail_import_asked(self):
        asks = self.env.context.get("mail_import_ask")
        return self.with_context(mail_import_ask=False) if asks else self

    def _mail_import_ask(self):
        """The composer once more, where somebody presses *Send* and was not told yet; else None."""
        if not self.env.context.get("mail_import_ask") or len(self) != 1:
            return None
        words = self._mail_import_empties_in_words()
        if not words or words == self.mail_import_empty:
            return None
        self.mail_import_empty = words
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Some Placeholders Are Empty"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "context": dict(self.env.context, mail_import_ask=False),
        }

    # -- who ------------------------------------------------------------------------------------

    def _action_send_mail_mass_mail(self, res_ids, auto_commit=False):
        if self.env.context.get("mail_import_leave_out"):
            left_out = set().union(*self._mail_import_empties(res_ids).values())
            res_ids = [id_ for id_ in res_ids if id_ not in left_out]
            if not res_ids:
                raise UserError(self.env._("Nobody would be left to send it to."))
        return super()._action_send_mail_mass_mail(res_ids, auto_commit=auto_commit)

    def _mail_import_empties(self, ids):
        """``{placeholder: ids}`` of those of the recipients who would get a gap."""
        texts = [(self.subject, False), (str(self.body or ""), True)]
        return self.env["mail.import.placeholder"]._empties(
            texts, self.model, ids, self._mail_import_sender()
        )

    def _mail_import_recipients(self):
        if self.res_domain:
            return self.env[self.model].search(self._evaluate_res_domain()).ids
        return self._evaluate_res_ids()

    def _mail_import_empties_in_words(self):
        """A line for each placeholder; "" where none is empty, or it is a letter to one."""
        if self.composition_mode != "mass_mail" or not self.model:
            return ""
        ids = self._mail_import_recipients()
        empties = self._mail_import_empties(ids)
        goes_to = self._mail_import_goes_to(ids) if empties else set()
        empties = {one: [id_ for id_ in ids if id_ in goes_to] for one, ids in empties.items()}
        empties = {one: ids for one, ids in empties.items() if ids}
        if not empties:
            return ""
        each = NAMED // len(empties)
        counted = self.env._(
            "%(concerned)s of %(total)s recipients:",
            concerned=len(set().union(*empties.values())),
            total=len(goes_to),
        )
        lines = [f"{one}: {self._mail_import_names(ids, each)}" for one, ids in empties.items()]
        return "\n".join([counted, *lines])

    def _mail_import_names(self, ids, most):
        named = self.env[self.model].browse(ids[: max(1, most)])
        names = ", ".join(record.display_name or f"#{record.id}" for record in named)
        more = len(ids) - len(named)
        return self.env._("%(names)s and %(more)s more", names=names, more=more) if more else names
