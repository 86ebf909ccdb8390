"""Examples of a rehearsal: mails with subject and sender, for the readers of the mailbox only."""

from odoo import api, fields, models


class MailImportRehearsalExample(models.Model):
    _name = "mail.import.rehearsal.example"
    _inherit = ["mail.import.rehearsal.words", "mail.import.private.name.mixin"]
    _description = "Mail of a Rehearsal"
    _order = "rehearsal_id, again, place, id"
    _rec_name = "subject"
    _log_access = False

    subject = fields.Char(readonly=True)
    sender = fields.Char("From", readonly=True)
    date = fields.Datetime(readonly=True)
    res_model = fields.Char(readonly=True)
    res_id = fields.Integer(
        readonly=True, help="0: the record would be made by the rehearsed mail."
    )
    title = fields.Char(readonly=True)
    place_model = fields.Char(readonly=True)
    place_id = fields.Integer(
        "Project or Team", readonly=True, help="The project or team of a record to be made."
    )
    user_ids = fields.Many2many(
        "res.users", "mail_import_rehearsal_example_user_rel", string="Assigned", readonly=True
    )
    folder_id = fields.Many2one(
        "mail.import.folder", ondelete="set null", readonly=True, groups=fields.NO_ACCESS
    )
    journal = fields.Json(readonly=True)
    goes_to = fields.Char("Where It Goes", compute="_compute_goes_to", compute_sudo=False)
    why = fields.Text(compute="_compute_why", compute_sudo=False)

    @api.depends_context("uid", "lang")
    def _compute_goes_to(self):
        for example in self:
            example.goes_to = " · ".join(
                filter(None, [example._record_in_words(), example._place(), example._folder()])
            )

    def _record_in_words(self):
        """The name of a record that is here is told to whoever may read that record."""
        if not self.res_id:
            return self.title or ""
        if self.res_model not in self.env:
            return ""
        record = self.env[self.res_model].browse(self.res_id).exists()
        if record and record.has_access("read"):
            return record.display_name
        return self.env._("A record that you may not read")

    def _place(self):
        """The name of a project or team is told to whoever may read it."""
        if not self.place_id or self.place_model not in self.env:
            return ""
        place = self.env[self.place_model].browse(self.place_id).exists()
        return place.display_name if place and place.has_access("read") else ""

    def _folder(self):
        # sudo: which folder; its name is told to whoever may read it
        folder = self.sudo().folder_id.sudo(False)
        if not folder or folder.kind == "inbox" or not folder.has_access("read"):
            return ""
        return self.env._("folder “%s”", folder.display_name)

    @api.depends("journal")
    @api.depends_context("uid", "lang")
    def _compute_why(self):
        Entry = self.env["mail.import.entry"]
        for example in self:
            example.why = "\n".join(filter(None, map(Entry._journal_words, example.journal or ())))
