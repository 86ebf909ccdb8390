"""Cases: the e-mails that belong to them, and the address that they are found by."""

from odoo import api, fields, models
from odoo.tools import email_normalize


class HelpdeskTicket(models.Model):
    _name = "helpdesk.ticket"
    _inherit = ["helpdesk.ticket", "mail.import.record.mixin"]

    mail_import_address = fields.Char(
        "Normalised Address",
        compute="_compute_mail_import_address",
        store=True,
        index="btree_not_null",
        help="The customer's address, as mail of that customer is recognised by it.",
    )

    @api.depends("partner_email", "partner_id.email_normalized")
    def _compute_mail_import_address(self):
        """The case's own address, else the contact's.

        The host keeps the former as the mail had it, with name and capitals; a customer who
        writes from a second address has it there, and nowhere else.
        """
        for ticket in self:
            own = email_normalize(ticket.partner_email or "", strict=False)
            ticket.mail_import_address = own or ticket.partner_id.email_normalized
