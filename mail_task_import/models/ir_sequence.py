"""While something is rehearsed, no number of a sequence is used up: a rollback gives none back."""

from odoo import models

from ..rehearsing import notes_of


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    def _next_do(self):
        notes = notes_of(self.env)
        if notes is None:
            return super()._next_do()
        return self.get_next_char(notes.number(self, self.number_increment))
