"""Files with mail, ``.eml`` and ``.mbox``, that somebody has put in: which, into which mailbox.

How they come in pieces is in ``upload_pieces.py``, how they are read in ``upload_reading.py``.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..actions import in_dialog

COUNTS = ("stored_count", "known_count", "filtered_count", "quarantined_count", "left_out_count")
CHOSEN_BY_USERS = {"mailbox_id", "attachment_ids", "act", "mark_read"}


class MailImportUpload(models.Model):
    """Whoever has put the files in sees them and what became of them, nobody else.

    ======= ==================================================================
    draft   the files are being chosen
    waiting the scheduler reads them, from where it was
    failed  something stopped it; *Go On* begins where it was
    done    every mail of every file has its outcome; the files are gone
    ======= ==================================================================
    """

    _name = "mail.import.upload"
    _inherit = ["mail.import.moved.mixin", "mail.import.private.name.mixin"]
    _description = "Files with Mail"
    _order = "id desc"
    _rec_name = "file_names"

    mailbox_id = fields.Many2one(
        "mail.import.mailbox",
        "Into the Mailbox",
        required=True,
        ondelete="cascade",
        index=True,
        domain="[('reader_ids', 'in', [uid])]",
    )
    user_id = fields.Many2one(
        "res.users",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.user,
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "mail_import_upload_attachment_rel",
        string="Files",
    )
    file_names = fields.Char(readonly=True)
    act = fields.Boolean(
        "Handle as New Mail",
        help="Rules are asked, and records made. Otherwise the mail is filed and linked to what "
        "there is, as old mail is, and nobody is told.",
    )
    mark_read = fields.Boolean(
        "Mark as Read",
        default=True,
        help="Where the file says of a mail whether it was read, that counts.",
    )
    state = fields.Selection(
        [
            ("draft", "Being Chosen"),
            ("waiting", "Under Way"),
            ("failed", "Stopped"),
            ("done", "Done"),
        ],
        default="draft",
        required=True,
        readonly=True,
        index=True,
    )
    error = fields.Char(readonly=True)
    remarks = fields.Text("Left Out", readonly=True)
    stored_count = fields.Integer(readonly=True)
    known_count = fields.Integer("Known Already", readonly=True)
    filtered_count = fields.Integer("Skipped by a Filter", readonly=True)
    quarantined_count = fields.Integer("Put Aside", readonly=True)
    left_out_count = fields.Integer(readonly=True)
    bytes_total = fields.Float(readonly=True)
    bytes_done = fields.Float(readonly=True, help="Of the files that are read to their end.")
    place = fields.Float(readonly=True, help="In the file that is being read: bytes.")
    attempts = fields.Integer(readonly=True, help="Attempts at what comes next in the file.")
    percent = fields.Integer(compute="_compute_percent")
    outcome = fields.Char(compute="_compute_outcome")

    @api.depends("bytes_total", "bytes_done", "place", "state")
    def _compute_percent(self):
        for upload in self:
            done = 100 * (upload.bytes_done + upload.place) / max(upload.bytes_total, 1)
            upload.percent = 100 if upload.state == "done" else min(99, int(done))

    @api.depends(*COUNTS)
    def _compute_outcome(self):
        for upload in self:
            upload.outcome = upload._outcome_in_words()

    def _outcome_in_words(self):
        words = [
            self.env._("%s stored", self.stored_count),
            self.env._("%s known already", self.known_count),
        ]
        if self.filtered_count:
            words.append(self.env._("%s skipped by a filter", self.filtered_count))
        if self.quarantined_count:
            words.append(self.env._("%s put aside", self.quarantined_count))
        if self.left_out_count:
            words.append(self.env._("%s left out", self.left_out_count))
        return ", ".join(words)

    # -- whose ----------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._check_chosen(vals_list)
        uploads = super().create([{**vals, "user_id": self.env.uid} for vals in vals_list])
        uploads._take_files()
        return uploads

    def write(self, vals):
        self._check_chosen([vals])
        if not self.env.su and any(upload.state != "draft" for upload in self):
            raise UserError(self.env._("These files are being imported already."))
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._take_files()
        return result

    @api.model
    def _check_chosen(self, vals_list):
        if not self.env.su and any(set(vals) - CHOSEN_BY_USERS for vals in vals_list):
            raise AccessError(self.env._("What became of files is written by the import alone."))

    def _take_files(self):
        """Only what the user has put in for this: a number of any other file is refused."""
        for upload in self:
            # sudo: looked at to refuse it; what is the user's own becomes this record's
            files = upload.sudo().attachment_ids
            if not self.env.su and not files.filtered(upload._is_put_in) == files:
                raise AccessError(self.env._("Choose files of your own computer."))
            files.filtered(lambda file: not file.res_id).write({"res_id": upload.id})

    def _is_put_in(self, file):
        return (
            file.create_uid == self.env.user
            and file.type == "binary"
            and not file.res_field
            and file.res_model == self._name
            and file.res_id in (False, 0, self.id)
        )

    @api.constrains("mailbox_id", "user_id")
    def _check_is_reader(self):
        for upload in self:
            if upload.user_id not in upload.mailbox_id.reader_ids:
                raise AccessError(
                    upload.env._("Only who reads a mailbox puts mail into it: its members.")
                )

    # -- by hand --------------------------------------------------------------------------------

    @api.model
    def _open(self, mailbox=None):
        own = mailbox or self.env["mail.import.mailbox"].search(
            [("reader_ids", "in", [self.env.uid])], limit=1
        )
        if not own:
            raise UserError(self.env._("There is no mailbox that you read."))
        return in_dialog(self.create({"mailbox_id": own.id}), self.env._("Import Files"))

    @api.model
    def action_open(self):
        """The dialog of *Import Files*."""
        return self._open()

    def action_import(self):
        """Have the scheduler read the files; the dialog counts along."""
        self.ensure_one()
        self.check_access("write")
        # sudo: what becomes of the files is the import's to note
        upload = self.sudo()
        files = upload.attachment_ids
        if not files:
            raise UserError(self.env._("Choose the files first."))
        upload._check_is_reader()
        upload._check_are_whole()
        upload.write(
            {
                "state": "waiting",
                "error": False,
                "file_names": ", ".join(filter(None, files.mapped("name")))[:500],
                "bytes_total": sum(map(upload._size_of, files)),
            }
        )
        upload._wake()
        return in_dialog(self, self.env._("Import Files"))

    def action_go_on(self):
        self.ensure_one()
        self.check_access("write")
        if self.state == "failed":
            # sudo: as above
            self.sudo().write({"state": "waiting", "error": False})
            self._wake()
        return in_dialog(self, self.env._("Import Files"))

    def action_more(self):
        """The same mailbox, further files."""
        self.ensure_one()
        return self._open(self.mailbox_id)

    def _wake(self):
        # sudo: users may start this one job
        self.env.ref("mail_task_import.ir_cron_upload").sudo()._trigger()

    @api.autovacuum
    def _gc_uploads(self):
        """Files that were chosen and never imported; and old reports."""
        self.search([("state", "=", "draft"), ("write_date", "<", "-1d")]).unlink()
        self.search([("state", "=", "done"), ("write_date", "<", "-90d")]).unlink()
