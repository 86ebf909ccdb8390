"""*Convert…*: what its dialog says of the mail, of who wrote it, and of who will read what."""

from odoo import api, fields, models

from .convert import CONTACT


class MailImportConversion(models.TransientModel):
    _inherit = "mail.import.conversion"

    count = fields.Integer(compute="_compute_of_emails")
    is_closed = fields.Boolean(
        compute="_compute_of_emails", help="Only its readers see it, whatever it is linked to."
    )
    unverified = fields.Boolean(compute="_compute_of_emails")
    has_files = fields.Boolean(compute="_compute_of_emails")
    made_before = fields.Text(compute="_compute_of_emails")
    model_name = fields.Char(compute="_compute_model_name")
    contact_id = fields.Many2one(
        "res.partner", compute="_compute_contact_id", help="Who has the address already."
    )

    @api.depends("email_ids")
    @api.depends_context("uid", "lang")
    def _compute_of_emails(self):
        for conversion in self:
            emails = conversion.email_ids
            conversion.count = len(emails)
            conversion.is_closed = any(email.visibility != "linked" for email in emails)
            conversion.unverified = any(emails.mapped("unverified"))
            conversion.has_files = any(emails.mapped("has_attachments"))
            made = conversion._made_links()[:5].with_env(conversion.env)
            conversion.made_before = "\n".join(link._made_words() for link in made)

    @api.depends("kind")
    def _compute_model_name(self):
        for conversion in self:
            conversion.model_name = conversion.kind and conversion._model()

    @api.depends("kind", "email_ids")
    @api.depends_context("uid")
    def _compute_contact_id(self):
        """Of one person's mail: who has that address, of the contacts that the user reads."""
        Target = self.env["mail.import.target"]
        for conversion in self:
            contacts = self.env["res.partner"]
            if conversion.kind == CONTACT:
                found = {Target._correspondent(email)[1] for email in conversion.email_ids}
                address = found.pop() if len(found) == 1 else ""
                contacts = Target._contact_of(address)
            conversion.contact_id = contacts
