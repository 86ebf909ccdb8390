"""Mailboxes of helpdesk teams."""

from odoo import api, fields, models


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    default_helpdesk_team_id = fields.Many2one(
        "helpdesk.ticket.team",
        "Helpdesk Team",
        help="The team of the cases that mail to this mailbox becomes.",
    )
    helpdesk_team_ids = fields.Many2many(
        "helpdesk.ticket.team",
        "mail_import_mailbox_helpdesk_team_rel",
        string="Helpdesk Teams",
        help="Their members and leaders read the mail of this mailbox.",
    )

    @api.depends("helpdesk_team_ids.user_ids", "helpdesk_team_ids.user_id")
    def _compute_reader_ids(self):
        """Members and leaders of the helpdesk teams read a group mailbox too."""
        result = super()._compute_reader_ids()
        for mailbox in self.filtered(lambda mailbox: mailbox.kind == "group"):
            teams = mailbox.helpdesk_team_ids
            people = (teams.user_ids | teams.user_id).filtered(lambda user: not user.share)
            mailbox.reader_ids |= people
        return result
