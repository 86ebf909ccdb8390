"""The panel beside the inbox: the tree of folders, with what is unread in each."""

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
    def _decorate(self, values):
        folders = self.env["mail.import.folder"].browse(value["id"] for value in values)
        for value, folder in zip(values, folders, strict=True):
            value["color"] = folder.color
            value["icon"] = folder.kind == "own" and ICONS[bool(folder.mailbox_id)]
