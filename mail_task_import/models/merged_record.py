"""Where records went that were merged: their numbers stand in mail that is out there."""

from odoo import api, fields, models

MAX_HOPS = 10


class MailImportMergedRecord(models.Model):
    _name = "mail.import.merged.record"
    _description = "Record That Was Merged"
    _log_access = False

    res_model = fields.Char(required=True)
    res_id = fields.Integer(required=True)
    into_model = fields.Char(required=True)
    into_id = fields.Integer(required=True)

    _once = models.UniqueIndex("(res_model, res_id)")

    @api.model
    def _note(self, records, into):
        """Called as superuser, before the records are deleted."""
        if not self.env["mail.import.mailbox"]._any():
            return
        known = self.search([("res_model", "=", records._name), ("res_id", "in", records.ids)])
        known.write({"into_model": into._name, "into_id": into.id})
        merged = set(records.ids) - set(known.mapped("res_id"))
        if records._name == into._name:
            merged.discard(into.id)
        self.create(
            [
                {
                    "res_model": records._name,
                    "res_id": id_,
                    "into_model": into._name,
                    "into_id": into.id,
                }
                for id_ in sorted(merged)
            ]
        )

    @api.model
    def _follow(self, numbers):
        """``{(model, id): record}`` of what is there, itself or what it was merged into."""
        there, asked = {}, {number: number for number in numbers}
        for _hop in range(MAX_HOPS):
            missing = {}
            found = self._existing(set(asked.values()))
            for number, place in asked.items():
                if place in found:
                    there[number] = found[place]
                else:
                    missing[number] = place
            moves = self._moves(set(missing.values()))
            asked = {number: moves[place] for number, place in missing.items() if place in moves}
            if not asked:
                break
        return there

    @api.model
    def _existing(self, places):
        found = {}
        for model in {model for model, _id in places}:
            if model in self.env and hasattr(self.env[model], "message_post"):
                ids = {id_ for name, id_ in places if name == model}
                records = self.env[model].browse(sorted(ids)).exists()
                found.update(((model, record.id), record) for record in records)
        return found

    @api.model
    def _moves(self, places):
        if not places:
            return {}
        rows = self.search(
            [
                ("res_model", "in", list({model for model, _id in places})),
                ("res_id", "in", list({id_ for _model, id_ in places})),
            ]
        )
        return {(row.res_model, row.res_id): (row.into_model, row.into_id) for row in rows}
