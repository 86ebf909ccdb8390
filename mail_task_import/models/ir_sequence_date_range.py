"""Sequences that begin anew each year, as ``ir_sequence.py`` has it."""

from odoo import models

from ..rehearsing import notes_of


class IrSequenceDateRange(models.Model):
    _inherit = "ir.sequence.date_range"

    def _next(self):
        notes = notes_of(self.env)
        if notes is None:
            return super()._next()
        return self.sequence_id.get_next_char(notes.number(self, self.sequence_id.number_increment))
