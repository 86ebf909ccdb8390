"""Letters outside: whether a mailbox writes to people outside the company. Off until it is ticked.

Asked before anything is lost: when a draft is sent, an answer posted, a mail put into the host's
queue; and once more at the mailbox's SMTP server, for what was queued before.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import email_normalize, str2bool

from ..mime.addresses import domain_of

PERSONAL_INSIDE = "mail_task_import.personal_inside"


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    letters_outside = fields.Boolean(
        tracking=True,
        copy=False,
        help="Whether mail may leave from here to people outside the company: neither employees, "
        "nor own mailboxes, nor addresses at your own domains.",
    )
    outside_forbidden = fields.Boolean(compute="_compute_outside_forbidden", compute_sudo=True)

    @api.depends("kind")
    def _compute_outside_forbidden(self):
        for mailbox in self:
            mailbox.outside_forbidden = mailbox._is_kept_inside()

    def _is_kept_inside(self):
        """By the setting for all personal mailboxes."""
        # sudo: a setting, asked by whoever writes
        value = self.env["ir.config_parameter"].sudo().get_param(PERSONAL_INSIDE)
        return self.kind == "personal" and str2bool(value or "", False)

    @api.constrains("letters_outside", "kind")
    def _check_letters_outside_allowed(self):
        for mailbox in self:
            if mailbox.letters_outside and mailbox._is_kept_inside():
                raise ValidationError(
                    self.env._(
                        "Personal mailboxes write to people inside the company only: an "
                        "administrator has set this under Settings, Mail Import."
                    )
                )

    def _may_write_outside(self):
        self.ensure_one()
        # sudo: whoever sends is told, whatever they may read of the mailbox
        mailbox = self.sudo()
        return mailbox.letters_outside and not mailbox._is_kept_inside()

    def _outside(self, addresses):
        """Those of these addresses that this mailbox may not write to, sorted."""
        if self._may_write_outside():
            return []
        addresses = {found for one in addresses if (found := email_normalize(one))}
        # sudo: whose addresses they are; nothing but that is told
        target = self.env["mail.import.target"].sudo()
        others = addresses - target._insiders(addresses) - self.sudo()._own_addresses()
        domains = target._own_domains() if others else None
        return sorted(one for one in others if domains.likeness(domain_of(one)) != "own")

    def _check_letters_outside(self, addresses):
        """:raises UserError: one of them is outside, where this mailbox does not write"""
        for mailbox in self:
            if outside := mailbox._outside(addresses):
                raise UserError(mailbox._outside_words(outside))

    def _outside_words(self, outside):
        # sudo: as above
        mailbox = self.sudo()
        words = self.env._(
            "“%(mailbox)s” writes to people inside the company only. Outside: %(addresses)s.",
            mailbox=mailbox.name,
            addresses=", ".join(outside[:5]) + (" …" if outside[5:] else ""),
        )
        if mailbox._is_kept_inside():
            way = self.env._("An administrator has set this for all personal mailboxes.")
        elif mailbox.kind == "personal":
            way = self.env._("To change this, tick “Letters Outside” of the mailbox, at Sending.")
        else:
            way = self.env._(
                "An administrator can change this: “Letters Outside” of the mailbox, at Sending."
            )
        return f"{words} {way}"
