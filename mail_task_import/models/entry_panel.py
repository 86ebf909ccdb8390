"""The panel beside the inbox: folders and mailboxes, with what is unread in each."""

from odoo import api, models
from odoo.fields import Domain

UNREAD = Domain("is_read", "=", False)
ICONS = ("fa-folder", "fa-users")
"""Of a folder that is one's own, and of one that a group mailbox shares."""


class MailImportEntry(models.Model):
    _inherit = "mail.import.entry"

    @api.model
    def search_panel_select_range(self, field_name, **kwargs):
        if field_name == "folder_id":
            kwargs["search_domain"] = Domain(kwargs.get("search_domain", [])) & UNREAD
        panel = super().search_panel_select_range(field_name, **kwargs)
        if field_name == "folder_id" and "values" in panel:
            self._decorate(panel["values"])
        return panel

    @api.model
    def search_panel_select_multi_range(self, field_name, **kwargs):
        if field_name == "mailbox_id":
            kwargs["search_domain"] = Domain(kwargs.get("search_domain", [])) & UNREAD
        return super().search_panel_select_multi_range(field_name, **kwargs)

    @api.model
    def _search_panel_domain_image(self, field_name, domain, set_count=False, limit=False):
        """All mailboxes that one reads: those that have an e-mail are found by reading them all."""
        if field_name != "mailbox_id" or set_count:
            return super()._search_panel_domain_image(field_name, domain, set_count, limit)
        mailboxes = self.env["mail.import.mailbox"].search([("reader_ids", "in", self.env.uid)])
        return {
            mailbox.id: {"id": mailbox.id, "display_name": mailbox.display_name}
            for mailbox in mailboxes
        }

    @api.model
    def _decorate(self, values):
        folders = self.env["mail.import.folder"].browse(value["id"] for value in values)
        for value, folder in zip(values, folders, strict=True):
            value["color"] = folder.color
            value["icon"] = folder.kind == "own" and ICONS[bool(folder.mailbox_id)]
