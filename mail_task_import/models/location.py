"""Locations: the ledger. One row for each message on the server that is done, and its outcome."""

from odoo import api, fields, models

from ..batch import DUPLICATE
from .big_integer import BigInteger

OUTCOMES = [
    ("stored", "Stored"),
    ("duplicate", "Known already"),
    ("filtered", "Filtered"),
    ("quarantined", "Quarantined"),
]


class MailImportLocation(models.Model):
    _name = "mail.import.location"
    _inherit = ["mail.import.own.defaults.mixin"]
    _description = "Message on the Mail Server"
    _order = "id desc"
    _rec_name = "uid"

    remote_folder_id = fields.Many2one(
        "mail.import.remote.folder", required=True, ondelete="cascade"
    )
    mailbox_id = fields.Many2one(
        related="remote_folder_id.mailbox_id", store=True, precompute=True, index=True
    )
    uidvalidity = BigInteger(required=True)
    uid = BigInteger("UID", required=True)
    outcome = fields.Selection(OUTCOMES, required=True)
    entry_id = fields.Many2one("mail.import.entry", ondelete="set null", index="btree_not_null")
    quarantine_id = fields.Many2one(
        "mail.import.quarantine", ondelete="set null", index="btree_not_null"
    )
    filter_id = fields.Many2one(
        "mail.import.filter", "Skipping Filter", ondelete="set null", index="btree_not_null"
    )
    filter_name = fields.Char("Skipped By", compute="_compute_filter_name", compute_sudo=True)
    change_ids = fields.One2many("mail.import.remote.change", "location_id")

    _message_once = models.Constraint(
        "UNIQUE(remote_folder_id, uidvalidity, uid)", "A message has one location."
    )

    @api.depends("filter_id")
    def _compute_filter_name(self):
        """As superuser: who reads the mailbox may know why a mail is not in it."""
        for location in self:
            location.filter_name = location.filter_id._name_to_all()

    @api.model
    def _store(self, batch):
        """Last part of *store*: one location a message, and what is to be done to it."""
        if not batch.remote_folder:
            return
        locations = self._write_down([self._values(batch, mail) for mail in batch.mails])
        settled, unmatched = {}, {}
        for location, mail in zip(locations, batch.mails, strict=True):
            if location.outcome in ("stored", "duplicate") and mail.raw.is_whole:
                there = unmatched if id(mail) in batch.lookups["unmatched"] else settled
                there[location] = mail.raw
        changes = self.env["mail.import.remote.change"]
        changes._plan(batch.mailbox, settled)
        if unmatched:
            mailbox = batch.mailbox
            changes._plan_as(mailbox, unmatched, mailbox.unmatched, mailbox.unmatched_folder)

    @api.model
    def _write_down(self, vals_list):
        return self.create(vals_list)

    @api.model
    def _values(self, batch, mail):
        return {
            "remote_folder_id": batch.remote_folder.id,
            "uidvalidity": batch.uidvalidity,
            "uid": mail.raw.uid,
            "outcome": mail.state,
            "entry_id": mail.entry.id if mail.entry else False,
            "quarantine_id": mail.quarantine.id if mail.quarantine else False,
            "filter_id": mail.filter.id if mail.filter else False,
            # known, and deleted before: that it has no entry is in order
            "entry_deleted": mail.state == DUPLICATE and not mail.email,
        }

    @api.model
    def _forget_skipped_by_deleted(self, mailbox):
        """What filters have skipped that are no more is judged anew, by those that there are."""
        self.search(
            [
                ("mailbox_id", "=", mailbox.id),
                ("outcome", "=", "filtered"),
                ("filter_id", "=", False),
            ]
        ).unlink()

    @api.model
    def _of(self, remote_folder, uids):
        """Those of these messages, in a folder as it is numbered now."""
        return self.search_fetch(
            [
                ("remote_folder_id", "=", remote_folder.id),
                ("uidvalidity", "=", remote_folder.uidvalidity),
                ("uid", "in", list(uids)),
            ],
            ["uid", "outcome", "entry_id", "entry_deleted", "quarantine_id"],
        )
