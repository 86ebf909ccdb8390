"""Which links somebody may read, as one condition of the database.

A record of twenty thousand e-mails opens as fast as one of twenty: what may be read is asked of the
rows that are shown, each by an index, instead of reading all links to compare them in Python.
"""

from odoo import api, fields, models
from odoo.fields import Domain

from ..row_by_row import one_of

SEARCHED = ("subject", "from_name", "from_email", "to", "cc", "body_text")
"""What people look for in e-mails."""


class MailImportLink(models.Model):
    _inherit = "mail.import.link"

    all_text = fields.Char(store=False, search="_search_all_text")

    @api.model
    def _search_all_text(self, operator, value):
        """Looked for in the e-mails of the record alone, not in all that there are."""
        if operator != "ilike":
            return NotImplemented
        said = Domain.OR(Domain(name, operator, value) for name in SEARCHED)
        # sudo: who reads a link reads its e-mail
        return one_of(self.env["mail.import.email"].sudo()._search(said), "email_id")

    @api.model
    def _search(self, domain, *args, bypass_access=False, **options):
        """Keep the links whose mail or record the user may read, as ``mail.message`` does."""
        if not (self.env.su or bypass_access):
            domain = Domain(domain) & self._readable_domain()
        return super()._search(domain, *args, bypass_access=bypass_access, **options)

    @api.model
    def _readable_domain(self):
        """What ``_readable_ids`` says of links that are known."""
        own = one_of(self.env["mail.import.email"]._search([]), "email_id")
        if not self.env.user._is_internal():
            return own
        # sudo: only to find out what may be read
        opened = self.env["mail.import.email"].sudo()._search(self._open_mail_domain())
        return own | (
            Domain("suggested", "=", False)
            & self._readable_records_domain()
            & one_of(opened, "email_id")
        )

    @api.model
    def _open_mail_domain(self):
        """E-mails of ``visibility`` "linked", which is computed."""
        # sudo: see above
        opened = self.env["mail.import.entry"].sudo()._search([("visibility", "=", "linked")])
        return (
            Domain("is_twin", "=", False)
            & Domain("state", "!=", "draft")
            & (one_of(opened, "id", "email_id") | Domain("kept_by_id.visibility", "=", "linked"))
        )

    @api.model
    def _readable_records_domain(self):
        """Of models that mail is linked to; a record that is gone is nobody's."""
        return Domain.OR(
            Domain("res_model", "=", name) & self._readable_of(name)
            for name in sorted(self._linked_models())
            if name in self.env and self.env[name].has_access("read")
        )

    @api.model
    def _readable_of(self, name):
        Model = self.env[name].with_context(active_test=False)
        if type(Model)._check_access is models.BaseModel._check_access:
            return one_of(Model._search([]), "res_id")
        # sudo: which records there are; the model itself says which of them may be read
        groups = self.sudo()._read_group([("res_model", "=", name)], ["res_id"])
        return Domain("res_id", "in", self._readable(name, [id_ for [id_] in groups]))
