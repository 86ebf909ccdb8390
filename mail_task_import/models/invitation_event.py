"""Which event of whose calendar an invitation has become: so that an update finds it, and none is
entered twice. Nobody reads these rows.
"""

from odoo import fields, models


class MailImportInvitationEvent(models.Model):
    _name = "mail.import.invitation.event"
    _inherit = ["mail.import.own.defaults.mixin"]
    _description = "Event of an Invitation"
    _log_access = False

    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    uid_digest = fields.Char(required=True)
    occurrence = fields.Char(required=True, help="Which time of a series; “once” for a single one.")
    event_id = fields.Many2one("calendar.event", required=True, index=True, ondelete="cascade")
    email_id = fields.Many2one("mail.import.email", ondelete="set null", index="btree_not_null")
    sequence = fields.Integer("Version")
    stamp = fields.Datetime()
    adopted = fields.Boolean(help="It was in the calendar before: its time is not ours to change.")

    _once = models.UniqueIndex("(user_id, uid_digest, occurrence)")
