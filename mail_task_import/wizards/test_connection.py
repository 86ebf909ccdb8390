"""The dialog of *Test connection*: each stage, whether it worked, and the server's own words."""

from odoo import api, fields, models

from ..receivers.check import test_connection


class MailImportConnectionTest(models.TransientModel):
    _name = "mail.import.connection.test"
    _inherit = ["mail.import.moved.mixin"]
    _description = "Connection Test"

    mailbox_id = fields.Many2one(
        "mail.import.mailbox", required=True, readonly=True, ondelete="cascade"
    )
    stage_ids = fields.One2many("mail.import.connection.stage", "test_id", "Stages", readonly=True)
    worked = fields.Boolean(readonly=True)

    @api.constrains("mailbox_id")
    def _check_mailbox(self):
        """Nobody opens the dialog of a mailbox that is not theirs to set up."""
        # constraints run as superuser; the user is meant
        self.mailbox_id.sudo(False)._check_may_set_up()

    @api.model
    def _try_out(self, mailbox):
        """Connect, sign in and open the watched folders; nothing on the server is changed."""
        mailbox._check_may_set_up()
        settings, authenticate = mailbox._connection__()
        folders = mailbox.sudo().remote_folder_ids.mapped("name")
        results = test_connection(settings, authenticate, folders, mailbox._new_receiver)
        # sudo: results are written by the test alone
        return self.sudo().create(
            {
                "mailbox_id": mailbox.id,
                "worked": all(result.ok for result in results),
                "stage_ids": [
                    fields.Command.create(
                        {
                            "stage": result.stage,
                            "ok": result.ok,
                            "message": result.message,
                            "server_words": result.server_words,
                        }
                    )
                    for result in results
                ],
            }
        )

    def action_again(self):
        return self.mailbox_id.action_test_connection()
