"""Which mailbox, alias and signature somebody last wrote by, remembered for each record.

The next e-mail from the same record begins with them; elsewhere, what was last used in the mailbox.
It is each user's own, and nobody reaches the rows: they would tell who wrote where.
"""

from odoo import api, fields, models


class MailImportSignatureChoice(models.Model):
    _name = "mail.import.signature.choice"
    _inherit = ["mail.import.own.defaults.mixin"]
    _description = "Alias and Signature That Were Last Used"

    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    mailbox_id = fields.Many2one(
        "mail.import.mailbox", required=True, index=True, ondelete="cascade"
    )
    signature_id = fields.Many2one("mail.import.signature", index=True, ondelete="cascade")
    res_model = fields.Char("Model", help="Empty: of the mailbox, whatever record it is about.")
    res_id = fields.Many2oneReference("Record", model_field="res_model")

    _of_record = models.UniqueIndex("(user_id, res_model, res_id) WHERE res_model IS NOT NULL")
    _of_mailbox = models.UniqueIndex("(user_id, mailbox_id) WHERE res_model IS NULL")

    # called as superuser, with the user in the environment

    @api.model
    def _remember(self, mailbox, signature, records):
        """What the user has just sent by, about these records."""
        if not mailbox:
            return  # by the company's server there is nothing to choose
        used = {"mailbox_id": mailbox.id, "signature_id": signature.id}
        for where in (
            {"mailbox_id": mailbox.id, "res_model": False, "res_id": False},
            *({"res_model": record._name, "res_id": record.id} for record in records),
        ):
            where["user_id"] = self.env.uid
            known = self.search([(name, "=", value) for name, value in where.items()], limit=1)
            if not known:
                self.create({**where, **used})
            elif (known.mailbox_id, known.signature_id) != (mailbox, signature):
                known.write(used)

    @api.model
    def _of_records(self, records):
        """The choice for the first of these records that has one; maybe none."""
        for record in records:
            here = [("res_model", "=", record._name), ("res_id", "=", record.id)]
            if known := self.search([("user_id", "=", self.env.uid), *here], limit=1):
                return known
        return self.browse()

    @api.model
    def _signature_in(self, mailbox, records=()):
        """What to write by in this mailbox: as last time, else its first one."""
        known = self._of_records(records)
        if known.mailbox_id != mailbox:
            mine = [("user_id", "=", self.env.uid), ("mailbox_id", "=", mailbox.id)]
            known = self.search([*mine, ("res_model", "=", False)], limit=1)
        if known:
            # none, where the user writes under the mailbox's own name
            return known.signature_id
        return mailbox.signature_ids[:1]

    @api.model
    def _mailbox_for(self, records, sendable):
        """The mailbox that the user last wrote from about these records, if it is still theirs."""
        return self._of_records(records).mailbox_id & sendable
