"""One stage of a connection that was tried out."""

from odoo import fields, models


class MailImportConnectionStage(models.TransientModel):
    _name = "mail.import.connection.stage"
    _inherit = ["mail.import.moved.mixin"]
    _description = "Stage of a Connection Test"

    test_id = fields.Many2one("mail.import.connection.test", required=True, ondelete="cascade")
    stage = fields.Selection(
        [
            ("resolve", "Find the server"),
            ("connect", "Reach it"),
            ("tls", "Encrypt"),
            ("login", "Sign in"),
            ("folder", "Open the folder"),
            ("fetch", "Read"),
            ("settle", "Change"),
        ],
        required=True,
    )
    ok = fields.Boolean("Worked")
    message = fields.Text()
    server_words = fields.Text("The Server Said")
