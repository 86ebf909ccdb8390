"""Entries: one owner's copy of an e-mail, and what belongs to that copy alone."""

import base64

from odoo import api, fields, models
from odoo.fields import Domain

from .ir_attachment import AS_IT_CAME


class MailImportEntry(models.Model):
    """The owner is a user (personal mailbox) or a group mailbox; an e-mail has one entry an owner.

    Subject, sender and date are stored here too, so that an inbox of 100,000 is one index walk.
    """

    _name = "mail.import.entry"
    _inherit = [
        "mail.import.text.mixin",
        "mail.import.private.name.mixin",
        "mail.import.moved.mixin",
        "mail.import.own.defaults.mixin",
    ]
    _description = "E-mail in a Mailbox"
    _order = "date desc, id desc"
    _rec_name = "subject"

    email_id = fields.Many2one("mail.import.email", required=True, index=True, ondelete="cascade")
    mailbox_id = fields.Many2one(
        # none: its owner has sent it by the company's mail server
        "mail.import.mailbox",
        ondelete="restrict",
        readonly=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Owner",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty for group mailboxes.",
    )
    folder_id = fields.Many2one(
        "mail.import.folder", required=True, index=True, ondelete="restrict"
    )
    previous_folder_id = fields.Many2one("mail.import.folder", ondelete="set null")
    subject = fields.Char(readonly=True)
    sender = fields.Char("From", readonly=True)
    recipients = fields.Char("To", related="email_id.to")
    preview = fields.Char(readonly=True)
    date = fields.Datetime(readonly=True)
    direction = fields.Selection(
        [("incoming", "Incoming"), ("outgoing", "Outgoing")], readonly=True
    )
    has_attachments = fields.Boolean("Files", readonly=True)
    is_read = fields.Boolean("Read")
    starred = fields.Boolean()
    handled = fields.Boolean()
    visibility = fields.Selection(
        [("linked", "Who can read the linked record"), ("owner", "Only its readers")],
        required=True,
        readonly=True,
        default="owner",
    )
    original = fields.Binary(attachment=True, readonly=True)
    has_original = fields.Boolean(readonly=True)
    bcc = fields.Char()
    trace_headers = fields.Text(readonly=True)
    authserv_id = fields.Char("Checked By", readonly=True)
    verdict = fields.Selection(
        [("pass", "Verified sender"), ("fail", "Unverified sender")], readonly=True
    )
    verdict_summary = fields.Char(readonly=True)
    posing = fields.Selection(
        [
            ("address", "A colleague's address"),
            ("domain", "An address like a colleague's"),
            ("name", "A colleague's name"),
            ("several", "Several senders"),
        ],
        "In a Colleague's Name",
        readonly=True,
        help="No mail server that the mailbox trusts vouches for it, or the mailbox trusts none.",
    )
    location_ids = fields.One2many("mail.import.location", "entry_id")

    state = fields.Selection(related="email_id.state")
    automatic = fields.Selection(related="email_id.automatic")
    body = fields.Html(related="email_id.body", sanitize=False, readonly=True)
    body_text = fields.Text(related="email_id.body_text")
    link_ids = fields.One2many(related="email_id.link_ids")
    linked_to = fields.Char(compute="_compute_linked_to")

    _one_for_a_user = models.UniqueIndex("(email_id, user_id) WHERE user_id IS NOT NULL")
    _one_for_a_group = models.UniqueIndex("(email_id, mailbox_id) WHERE user_id IS NULL")
    _inbox = models.Index("(mailbox_id, folder_id, date DESC)")
    _is_somebodys = models.Constraint(
        "CHECK (mailbox_id IS NOT NULL OR user_id IS NOT NULL)", "An entry has an owner."
    )

    @api.depends("link_ids.suggested", "link_ids.res_id")
    def _compute_linked_to(self):
        """Names of the records, of those that this user may read."""
        # asked for all e-mails together: one look-up a model, not an e-mail
        self.link_ids.mapped("record_name")
        for entry in self:
            links = entry.link_ids.filtered(lambda link: not link.suggested)
            entry.linked_to = ", ".join(filter(None, links.mapped("record_name")))

    def _owners(self):
        """Whose copies they are: users, and group mailboxes."""
        own = self.filtered("user_id")
        return own.user_id, (self - own).mailbox_id

    # -- store ----------------------------------------------------------------------------------

    @api.model
    def _store(self, batch):
        """Second part of *store*: every mail gains its owner's entry, once."""
        existing = self._owned(batch)
        kept = [mail for mail in batch.mails if mail.email and mail.state != "filtered"]
        fresh = {}
        for mail in kept:
            if mail.email.id not in existing:
                fresh.setdefault(mail.email.id, mail)
        entries = self.create([self._values(batch, mail) for mail in fresh.values()])
        entries._store_originals(fresh.values())
        batch.lookups["fresh_entries"] = entries
        existing.update(zip(fresh, entries, strict=True))
        for mail in kept:
            mail.entry = existing[mail.email.id]

    @api.model
    def _owned(self, batch):
        """``{e-mail id: entry}`` of those that the owner of the mailbox has already."""
        emails = {mail.email.id for mail in batch.mails if mail.email}
        if not emails:
            return {}
        owner = batch.mailbox.owner_id
        scope = (
            Domain("user_id", "=", owner.id)
            if owner
            else (Domain("user_id", "=", False) & Domain("mailbox_id", "=", batch.mailbox.id))
        )
        entries = self.search_fetch(scope & Domain("email_id", "in", list(emails)), ["email_id"])
        return {entry.email_id.id: entry for entry in entries}

    @api.model
    def _values(self, batch, mail):
        parsed, mailbox = mail.parsed, batch.mailbox
        verdict = mailbox._trusted_verdict(parsed)
        return {
            "email_id": mail.email.id,
            "mailbox_id": mailbox.id,
            "user_id": mailbox.owner_id.id,
            "folder_id": self._folder(batch, mail).id,
            "subject": parsed.subject,
            "sender": str(parsed.sender),
            "preview": mail.email.preview,
            "date": mail.email.date,
            "direction": "outgoing" if mail.outgoing else "incoming",
            "has_attachments": mail.email.has_attachments,
            "is_read": mail.outgoing or "\\Seen" in mail.raw.flags,
            "starred": "\\Flagged" in mail.raw.flags,
            "visibility": mailbox.visibility,
            "has_original": not mail.raw.truncated,
            "bcc": ", ".join(map(str, parsed.bcc[:100])),
            "trace_headers": parsed.trace_headers,
            "authserv_id": parsed.authentication[0].server if parsed.authentication else False,
            "verdict": self._verdict(verdict, mail.posing),
            "posing": mail.posing or False,
            "verdict_summary": verdict and verdict.summary,
            "journal": mail.journal or False,
            **mail.filing,
        }

    def _store_originals(self, mails):
        """What the field ``original`` would store, without guessing what kind of file it is."""
        # sudo: as the host does for the contents of a binary field
        self.env["ir.attachment"].sudo().create(
            [
                {
                    "name": "original",
                    "res_model": self._name,
                    "res_field": "original",
                    "res_id": entry.id,
                    "type": "binary",
                    "raw": mail.raw.content,
                    "mimetype": "message/rfc822",
                }
                for entry, mail in zip(self, mails, strict=True)
                if entry.has_original
            ]
        )
        self.invalidate_recordset(["original"], flush=False)

    @api.model
    def _verdict(self, verdict, posing):
        """What is neither passed nor failed ("dmarc=none") says nothing of a stranger, and warns of
        nothing. A colleague's name needs a pass.
        """
        if posing:
            return "fail"
        if verdict and verdict.passed:
            return "pass"
        return "fail" if verdict and verdict.failed else False

    @api.model
    def _folder(self, batch, mail):
        if mail.outgoing:
            return self.env["mail.import.folder"]._system("sent")
        return batch.mailbox.local_folder_id or self.env["mail.import.folder"]._system("inbox")

    def _keep_original(self, raw):
        self.with_context(**AS_IT_CAME).write(
            {"original": base64.b64encode(raw), "has_original": True}
        )

    @api.autovacuum
    def _gc_originals(self):
        """Originals past the days that their mailbox keeps them."""
        for mailbox in (
            self.env["mail.import.mailbox"]
            .with_context(active_test=False)
            .search([("keep_originals_days", ">", 0)])
        ):
            self.search(
                [
                    ("mailbox_id", "=", mailbox.id),
                    ("has_original", "=", True),
                    ("create_date", "<", f"-{mailbox.keep_originals_days}d"),
                ],
                limit=1000,
            ).write({"original": False, "has_original": False})
