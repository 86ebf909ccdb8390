"""*Convert…*, several e-mails at once: a record of each, one after the other.

Each is undone by itself where it fails, and said by its subject and why. What belongs to a record
of that kind already is left alone; contacts are made once an address.
"""

from psycopg2 import Error as DatabaseError
from psycopg2 import IntegrityError

from odoo import fields, models
from odoo.exceptions import UserError

from ..access import in_own_context, without_defaults
from ..actions import in_dialog
from ..undoing import undone_on_failure
from .convert import CONTACT

SHOWN = 20
"""E-mails whose failure is told one by one."""


class MailImportConversion(models.TransientModel):
    _inherit = "mail.import.conversion"

    made_ids = fields.Json(readonly=True, help="Records that were made.")
    result = fields.Text(readonly=True)

    def action_make(self):
        """A record of each e-mail; then the dialog says what came of it."""
        self._check_chosen()
        made, linked, failed = [], 0, []
        for email in self.email_ids.sorted("date"):
            try:
                with undone_on_failure(self.env.cr):
                    record = self._make_one(email)
            except (UserError, IntegrityError) as error:
                failed.append(f"{email.display_name}: {_reason(error)}")
                continue
            if record:
                made.append(record.id)
            else:
                linked += 1
        # sudo: what the dialog itself says
        self.sudo().write({"made_ids": made, "result": self._told(len(made), linked, failed)})
        return in_dialog(self, self.env._("Convert…"))

    def _make_one(self, email):
        """The record that was made; none where there was one already."""
        self._lock(email)
        if self._belongs_already(email):
            return None
        values = self._values_of(email)
        if self.kind == CONTACT and self._link_to_known(email):
            return None
        if not values.get(self.env["mail.import.target"]._name_field(self._model())):
            raise UserError(self.env._("It names nobody."))
        Model = without_defaults(in_own_context(self.env[self._model()]))
        record = Model.create(values).with_env(self.env)
        self._take_over(record, email)
        return record

    def _belongs_already(self, email):
        """To a record of this kind; of those that the user may not read, too."""
        # sudo: whether there is one
        links = email.sudo().link_ids.filtered(lambda link: not link.suggested)
        target = self._target()
        if self.kind == CONTACT:
            return False
        return bool(links.filtered(lambda link: link.target_id == target))

    def _link_to_known(self, email):
        """To the contact who has the address, also where it was made a moment ago."""
        Target = self.env["mail.import.target"]
        _name, address = Target._correspondent(email)
        if not address:
            raise UserError(self.env._("It has no address of somebody outside."))
        contact = Target._contact_of(address)
        if contact:
            self.env["mail.import.link"]._link_by_hand(email, contact, self.publish)
        return contact

    def _told(self, made, linked, failed):
        kind = dict(self._kinds())[self.kind]
        words = [self.env._("%(kind)s: %(number)s made.", kind=kind, number=made)]
        if linked:
            words.append(self.env._("%s were linked already, or are now.", linked))
        if failed:
            words.append(self.env._("%s failed:", len(failed)))
            words += failed[:SHOWN]
        return "\n".join(words)

    def action_open_made(self):
        """The records that were made, as a list."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": dict(self._kinds()).get(self.kind),
            "res_model": self._model(),
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", self.made_ids or [])],
        }


def _reason(error):
    """Of what the database refuses, its own first line."""
    text = str(error.diag.message_primary if isinstance(error, DatabaseError) else error)
    return text.strip().split("\n")[0]
