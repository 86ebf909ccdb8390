"""Requests to allow forwarding, which Gmail and others send to where mail is forwarded.

They become a banner on the mailbox, with their link and code. Nobody but a person opens the link:
whoever allows forwarding says that the mailbox wants that mail.
"""

from odoo import api, fields, models

from ..access import as_superuser
from ..mime.forwarding import is_within, read_request
from ..receivers.signatures import is_signed_by

MAX_CHECKS = 5
"""Of signatures in a batch, for each of which DNS is asked."""


class MailImportForwarding(models.Model):
    """Only where the provider has signed it: so says a mail server that the mailbox trusts, or,
    where none has looked, the signature itself.
    """

    _name = "mail.import.forwarding"
    _inherit = ["mail.import.own.defaults.mixin", "mail.import.private.name.mixin"]
    _description = "Request to Allow Forwarding"
    _order = "id desc"
    _rec_name = "account"

    mailbox_id = fields.Many2one(
        "mail.import.mailbox", required=True, index=True, ondelete="cascade", readonly=True
    )
    entry_id = fields.Many2one(
        "mail.import.entry", "E-mail", required=True, ondelete="cascade", readonly=True, index=True
    )
    provider = fields.Char(readonly=True)
    account = fields.Char("Forwards From", readonly=True)
    code = fields.Char(readonly=True)
    link = fields.Char(readonly=True)
    done = fields.Boolean(readonly=True)

    _one_an_entry = models.UniqueIndex("(entry_id)")

    @api.model
    def _notice(self, batch):
        """After *store*: of the mails that are new here."""
        if batch.history:
            return
        fresh = set(batch.lookups["fresh_entries"] and batch.lookups["fresh_entries"].ids)
        asked = [
            (mail, request)
            for mail in batch.mails
            if mail.entry and mail.entry.id in fresh and (request := self._request(batch, mail))
        ]
        if not asked:
            return
        self.create(
            [
                {
                    "mailbox_id": batch.mailbox.id,
                    "entry_id": mail.entry.id,
                    "provider": request.provider,
                    "account": request.account,
                    "code": request.code,
                    "link": request.link,
                }
                for mail, request in asked
            ]
        )

    @api.model
    def _request(self, batch, mail):
        """What such a mail asks; None where it is none, or the provider has not signed it."""
        request = read_request(mail.parsed)
        if not request:
            return None
        verdict = batch.mailbox._trusted_verdict(mail.parsed)
        if verdict:
            # a pass of SPF alone: anybody who sends by the provider's servers has that
            signed = any(is_within(signer, request.domains) for signer in verdict.signers)
            return request if verdict.passed and signed else None
        return request if self._is_signed(batch, mail, request.domains) else None

    @api.model
    def _is_signed(self, batch, mail, domains):
        """Where no trusted server has looked, as with what the mail server pipes in."""
        if mail.raw.truncated or mail.raw.unvouched:
            return False
        asked = batch.lookups["signatures_asked"] = batch.lookups.get("signatures_asked", 0) + 1
        return asked <= MAX_CHECKS and is_signed_by(mail.raw.content, domains)

    def action_open_email(self):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "mail.import.entry",
            "res_id": self.entry_id.id,
            "views": [(False, "form")],
        }

    def action_done(self):
        """The banner goes; the e-mail stays."""
        self.check_access("read")
        as_superuser(self).done = True
