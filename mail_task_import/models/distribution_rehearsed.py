"""Turns in a rehearsal are remembered by it alone: no importer waits for them or counts them."""

from contextlib import contextmanager

from odoo import api, models

from ..rehearsing import notes_of


class MailImportDistributionTurn(models.Model):
    _inherit = "mail.import.distribution.turn"

    @api.model
    @contextmanager
    def _at_the_table(self, distribution):
        if notes_of(self.env) is not None:
            yield distribution
            return
        with super()._at_the_table(distribution) as there:
            yield there

    @api.model
    def _read_table(self, distribution):
        notes = notes_of(self.env)
        if notes is None:
            return super()._read_table(distribution)
        if distribution.id not in notes.turns:
            notes.turns[distribution.id] = super()._read_table(distribution)
        return notes.turns[distribution.id]

    @api.model
    def _write_table(self, distribution, table):
        if notes_of(self.env) is None:
            super()._write_table(distribution, table)
        else:
            table.settle()
