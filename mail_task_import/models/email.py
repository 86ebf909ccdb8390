"""E-mails: one mail, stored once for the whole company, however many mailboxes received it.

Here are its fields, who reads it, and its end. How it comes in is in ``email_store.py``, how it
is written and sent in ``email_sending.py``, what people do with it in ``email_actions.py``.
"""

from odoo import api, fields, models
from odoo.tools.mail import email_normalize_all

from ..batch import UNVERIFIED
from .harmless_html import HarmlessHtml


class MailImportEmail(models.Model):
    """One mail.

    ======== ==========================================================
    state    meaning
    ======== ==========================================================
    received it came in
    draft    it is being written
    sending  it is queued in the host, or on its way
    sent     the SMTP server took it; a reason names recipients that it refused
    failed   it did not go out, or nobody knows; it is kept, and sent again on request
    ======== ==========================================================
    """

    _name = "mail.import.email"
    _inherit = [
        "mail.import.text.mixin",
        "mail.import.private.name.mixin",
        "mail.import.moved.mixin",
        "mail.import.own.defaults.mixin",
    ]
    _description = "E-mail"
    _order = "date desc, id desc"
    _rec_name = "subject"

    key = fields.Char(
        readonly=True,
        copy=False,
        help="Digest of Message-ID, true sender and date: the same for all copies.",
    )
    digest = fields.Char(readonly=True, copy=False, help="Of what people see of it.")
    message_id = fields.Char("Message-ID", readonly=True, copy=False)
    message_id_digest = fields.Char(readonly=True, index=True, copy=False)
    references_text = fields.Text("References", readonly=True)
    reference_ids = fields.One2many("mail.import.reference", "email_id")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("sending", "Sending"),
            ("sent", "Sent"),
            ("failed", "Failed"),
            ("received", "Received"),
        ],
        default="draft",
        required=True,
        readonly=True,
        index=True,
    )
    direction = fields.Selection(
        [("incoming", "Incoming"), ("outgoing", "Outgoing")],
        default="outgoing",
        required=True,
        readonly=True,
    )
    failure_reason = fields.Text(readonly=True)
    subject = fields.Char()
    date = fields.Datetime(default=fields.Datetime.now, required=True, index=True)
    from_name = fields.Char(readonly=True)
    from_email = fields.Char(readonly=True, index=True)
    sender = fields.Char("From", compute="_compute_sender")
    author_id = fields.Many2one(
        "res.partner", readonly=True, ondelete="set null", index="btree_not_null"
    )
    unverified = fields.Selection(
        UNVERIFIED,
        "Unverified Sender",
        readonly=True,
        copy=False,
        help="Why its sender is not believed: no trusted mail server vouches for any copy of it.",
    )
    to = fields.Char()
    cc = fields.Char()
    reply_to = fields.Char(readonly=True)
    body = HarmlessHtml(sanitize_style=True, sanitize_attributes=False)
    body_text = fields.Text(readonly=True)
    preview = fields.Char(readonly=True)
    headers = fields.Text(readonly=True)
    size = fields.Integer(readonly=True, help="Bytes of the mail.")
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "mail_import_email_attachment_rel",
        "email_id",
        "attachment_id",
        string="Attachments",
    )
    has_attachments = fields.Boolean(readonly=True)
    automatic = fields.Selection(
        [
            ("auto_reply", "Automatic reply"),
            ("auto_generated", "Automatic mail"),
            ("bounce", "Delivery report"),
            ("list", "Mailing list"),
            ("bulk", "Bulk mail"),
        ],
        readonly=True,
        index="btree_not_null",
    )
    twin_of_id = fields.Many2one(
        "mail.import.email",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        # as with all that names a record: the host shows the name of what somebody may not read
        groups=fields.NO_ACCESS,
        help="Another mail that claims to be the same one, with other content.",
    )
    is_twin = fields.Boolean(readonly=True, help="It stays one when the other mail is deleted.")
    decided = fields.Boolean(
        readonly=True, help="A mailbox whose mail may be seen by others has sorted it."
    )
    entry_ids = fields.One2many("mail.import.entry", "email_id", "Entries")
    link_ids = fields.One2many("mail.import.link", "email_id", "Links")
    visibility = fields.Selection(
        [("linked", "Who can read the linked record"), ("owner", "Only its readers")],
        compute="_compute_visibility",
        compute_sudo=True,
    )
    mail_message_id = fields.Many2one(
        "mail.message",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        copy=False,
        groups=fields.NO_ACCESS,
    )
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)

    _key_digest = models.UniqueIndex("(key, digest) WHERE key IS NOT NULL")

    @api.depends("from_name", "from_email")
    def _compute_sender(self):
        for email in self:
            name, address = email.from_name, email.from_email
            email.sender = f'"{name}" <{address}>' if name and address else name or address

    @api.depends("entry_ids.visibility", "is_twin")
    def _compute_visibility(self):
        """A twin, and a mail that only closed mailboxes received, are their readers' alone."""
        for email in self:
            opened = "linked" in email.entry_ids.mapped("visibility")
            email.visibility = "linked" if opened and not email.is_twin else "owner"

    @api.depends("subject")
    def _compute_display_name(self):
        for email in self._named_to_user():
            email.display_name = email.subject or self.env._("(no subject)")

    @api.ondelete(at_uninstall=False)
    def _unlink_leaving_tombstones(self):
        # sudo: tombstones hold digests only and belong to nobody
        self.env["mail.import.tombstone"].sudo()._remember(self.sudo())

    def unlink(self):
        # sudo: who may delete an e-mail may delete what only hangs on it
        self_sudo = self.sudo()
        self_sudo.link_ids._withdraw()
        # by the ORM: the database would leave their originals behind
        self_sudo.entry_ids._drop()
        attachments = self_sudo.attachment_ids.filtered(
            lambda attachment: attachment.res_model == self._name
        )
        result = super().unlink()
        # most are gone: the host deletes the files of a deleted record
        attachments.exists().unlink()
        return result

    def _recipient_addresses(self):
        """Normalised addresses of To and Cc."""
        raw = ",".join(f"{email.to or ''},{email.cc or ''}" for email in self)
        return set(email_normalize_all(raw))
