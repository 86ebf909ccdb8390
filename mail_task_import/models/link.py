"""Links: which e-mail belongs to which record, why, and who may read the mail through it.

How mail is linked on its way in is in ``link_store.py``, publishing in ``link_publishing.py``, and
which links are found by whom in ``link_reading.py``.
"""

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class MailImportLink(models.Model):
    """An e-mail and a record.

    Who reads the mail through the link:

    * the readers of the e-mail itself;
    * where its ``visibility`` is "linked", every employee who can read the record, as the host
      has it for messages. A proposal (``suggested``) opens nothing.
    """

    _name = "mail.import.link"
    _inherit = [
        "mail.import.text.mixin",
        "mail.import.private.name.mixin",
        "mail.import.own.defaults.mixin",
    ]
    _description = "E-mail of a Record"
    _order = "date desc, id desc"
    _rec_name = "subject"

    email_id = fields.Many2one("mail.import.email", required=True, ondelete="cascade")
    res_model = fields.Char("Model", required=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", required=True)
    record_name = fields.Char("Record Name", compute="_compute_record_name", compute_sudo=False)
    target_id = fields.Many2one("mail.import.target", ondelete="set null")
    step = fields.Selection(
        [
            ("reply", "Answer in a thread"),
            ("alias", "Address of an alias"),
            ("token", "Number of the record"),
            ("weak", "Same subject or sender"),
            ("rule", "Import rule"),
            ("default", "Default of the mailbox"),
            ("address", "Address of the sender"),
            ("user", "By hand"),
            ("sent", "Sent from the record"),
        ],
        "Why",
        required=True,
    )
    made_record = fields.Boolean("Made the Record")
    rule_id = fields.Many2one(
        "mail.import.rule", "Import Rule", ondelete="set null", index="btree_not_null"
    )
    record_written = fields.Datetime(
        readonly=True, help="When the record was last changed before this mail came to it."
    )
    suggested = fields.Boolean("Proposal")
    user_id = fields.Many2one("res.users", "By")
    message_id = fields.Many2one(
        "mail.message",
        "Message",
        ondelete="set null",
        index="btree_not_null",
        # its name is that of the record, which not every reader of the mail reads
        groups=fields.NO_ACCESS,
        help="In the record's chatter. Empty: not published.",
    )
    is_published = fields.Boolean(
        "In the Chatter",
        compute="_compute_is_published",
        search="_search_is_published",
        compute_sudo=True,
    )

    subject = fields.Char(related="email_id.subject")
    sender = fields.Char(related="email_id.sender")
    from_email = fields.Char(related="email_id.from_email")
    unverified = fields.Selection(related="email_id.unverified")
    to = fields.Char(related="email_id.to")
    cc = fields.Char(related="email_id.cc")
    preview = fields.Char(related="email_id.preview")
    body = fields.Html(related="email_id.body", sanitize=False)
    direction = fields.Selection(related="email_id.direction")
    state = fields.Selection(related="email_id.state")
    has_attachments = fields.Boolean(related="email_id.has_attachments")
    date = fields.Datetime(related="email_id.date", store=True, precompute=True, index=True)

    _once = models.Constraint(
        "UNIQUE(email_id, res_model, res_id)", "This e-mail is linked to the record already."
    )
    _by_record = models.Index("(res_model, res_id, date DESC)")

    @api.depends("message_id")
    def _compute_is_published(self):
        for link in self:
            link.is_published = bool(link.message_id)

    @api.model
    def _search_is_published(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: whether there is a message, nothing of it
        published = self.sudo()._search([("message_id", "!=", False)])
        return [("id", "in" if True in value else "not in", published)]

    @api.depends_context("uid")
    @api.depends("res_model", "res_id")
    def _compute_record_name(self):
        """Names of the records that the user may read; one look-up a model."""
        names = {}
        for model, links in self.grouped("res_model").items():
            ids = self._readable(model, links.mapped("res_id")) if model in self.env else []
            for record in self.env[model].browse(ids) if ids else ():
                names[model, record.id] = record.display_name
        for link in self:
            link.record_name = names.get((link.res_model, link.res_id), False)

    def _get_record(self):
        """The linked record in the current environment; None where its model is gone."""
        self.ensure_one()
        if self.res_model not in self.env:
            return None
        return self.env[self.res_model].browse(self.res_id)

    def _existing_record(self):
        """The linked record, or None where it is gone."""
        record = self._get_record()
        return record if record is not None and record.exists() else None

    # -- who may see it -------------------------------------------------------------------------

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or not self:
            return result
        rest = self - result[0] if result else self
        allowed = rest._readable_ids() if operation == "read" else rest._own_ids()
        forbidden = rest - self.browse(allowed)
        if not forbidden:
            return result
        if result:
            return result[0] + forbidden, result[1]
        return forbidden, lambda: forbidden._access_error(operation)

    def _access_error(self, operation):
        return AccessError(
            self.env._(
                "These e-mails are not yours, and you have no access to the records that they are "
                "linked to (%(operation)s).",
                operation=operation,
            )
        )

    def _own_ids(self):
        """Links of e-mails that the user reads as an owner."""
        links = self.sudo()
        emails = (
            self.env["mail.import.email"]._search(Domain("id", "in", links.email_id.ids))
            if links
            else ()
        )
        allowed = set(emails)
        return [link.id for link in links if link.email_id.id in allowed]

    def _readable_ids(self):
        own = set(self._own_ids())
        by_model = defaultdict(set)
        # sudo: only to find out what may be read
        open_links = self.sudo().filtered(
            lambda link: (
                link.id not in own and not link.suggested and link.email_id.visibility == "linked"
            )
        )
        if not self.env.user._is_internal():
            return list(own)
        for link in open_links:
            if link.res_model in self.env:
                by_model[link.res_model].add(link.res_id)
        readable = {
            (model, id_) for model, ids in by_model.items() for id_ in self._readable(model, ids)
        }
        return list(own) + [
            link.id for link in open_links if (link.res_model, link.res_id) in readable
        ]

    @api.model
    def _readable(self, model, ids):
        Model = self.env[model].with_context(active_test=False)
        if not Model.has_access("read"):
            return []
        return Model.browse(ids).exists()._filtered_access("read").ids

    # -- links follow their records --------------------------------------------------------------

    @api.model
    def _move(self, records, target):
        """Links of merged or converted records, unpublished ones too. Called as superuser.

        An e-mail that several of them have is linked once, and shown once.
        """
        self.env["mail.import.merged.record"]._note(records, target)
        if not self._any_of(records._name):
            return
        links = self.search([("res_model", "=", records._name), ("res_id", "in", records.ids)])
        there = self.search(
            [
                ("res_model", "=", target._name),
                ("res_id", "=", target.id),
                ("email_id", "in", links.email_id.ids),
            ]
        )
        best = {}
        for link in (there | links).sorted(
            lambda link: (link.suggested, not link.message_id, link not in there)
        ):
            best.setdefault(link.email_id, link)
        kept = self.browse(link.id for link in best.values())
        doubles = (there | links) - kept
        doubles._withdraw()
        doubles.unlink()
        moved = kept - there
        moved.write(
            {
                "res_model": target._name,
                "res_id": target.id,
                "target_id": self.env["mail.import.target"]._of_record(target).id,
            }
        )
        moved._take_files_along(records, target)

    def _take_files_along(self, records, target):
        """Files of messages that have moved: left behind, they would be the old record's own,

        and be shown to whoever sees that record's files, a note's to customers, too.
        """
        messages = self.message_id.filtered(
            lambda message: (message.model, message.res_id) == (target._name, target.id)
        )
        left_behind = messages.attachment_ids.filtered(
            lambda file: file.res_model == records._name and file.res_id in records.ids
        )
        left_behind.write({"res_model": target._name, "res_id": target.id})
