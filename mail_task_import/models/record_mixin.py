"""The smart button *E-mails* of every model that mail is linked to."""

from odoo import api, fields, models
from odoo.fields import Domain

COUNTED = 1000
"""E-mails that the button counts; of more it says so."""


class MailImportRecordMixin(models.AbstractModel):
    """To be inherited beside the model; its form gets the button, see ``crm_lead_views.xml``."""

    _name = "mail.import.record.mixin"
    _description = "Record with E-mails"

    mail_import_link_count = fields.Integer(
        "E-mails", compute="_compute_mail_import_link_count", groups="base.group_user"
    )
    mail_import_link_words = fields.Char(
        "Number of E-mails", compute="_compute_mail_import_link_words", groups="base.group_user"
    )

    def _mail_import_link_domain(self):
        """Which links the button lists; evaluated by the server for each user's own rights."""
        self.ensure_one()
        return (
            Domain("res_model", "=", self._name)
            & Domain("res_id", "=", self.id)
            & Domain("is_listed", "=", True)
        )

    @api.depends_context("uid")
    def _compute_mail_import_link_count(self):
        links = self.env["mail.import.link"]
        for record in self:
            record.mail_import_link_count = (
                links.search_count(record._mail_import_link_domain(), limit=COUNTED)
                if record.ids
                else 0
            )

    @api.depends_context("uid")
    @api.depends("mail_import_link_count")
    def _compute_mail_import_link_words(self):
        for record in self:
            count = record.mail_import_link_count
            record.mail_import_link_words = f"{count}+" if count >= COUNTED else str(count)

    def action_mail_import_links(self):
        """The e-mails of the record, newest first by their own date."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "mail_task_import.action_mail_import_links"
        )
        return {
            **action,
            "name": self.env._("E-mails: %s", self.display_name),
            "domain": list(self._mail_import_link_domain()),
            "context": {"mail_import_record": (self._name, self.id)},
        }
