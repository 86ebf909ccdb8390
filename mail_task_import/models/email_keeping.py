"""The end of an e-mail: when its last copy goes, and when somebody may delete it for everyone.

Who deletes a copy deletes no mail of a record. An e-mail that nobody has a copy of is kept

* where an open mailbox had it, and it belongs to a record: who reads the record reads on;
* where it is in a chatter: the message stays there.

What only belonged to its owners is gone with the last of them, and leaves a tombstone. Who deleted
a copy gets it no second time, though others still have theirs.
"""

import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..batch import DUPLICATE

_logger = logging.getLogger(__name__)
FOR_EVERYONE = "mail_task_import.group_delete_for_everyone"


class MailImportEmail(models.Model):
    _inherit = "mail.import.email"

    kept_by_id = fields.Many2one(
        "mail.import.mailbox",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        groups=fields.NO_ACCESS,
        help="The open mailbox whose copy was deleted, while the mail belonged to a record.",
    )
    dropped_user_ids = fields.Many2many(
        "res.users",
        "mail_import_email_dropped_user_rel",
        copy=False,
        groups=fields.NO_ACCESS,
        help="Who deleted an own copy for good.",
    )
    dropped_mailbox_ids = fields.Many2many(
        "mail.import.mailbox",
        "mail_import_email_dropped_mailbox_rel",
        copy=False,
        groups=fields.NO_ACCESS,
        help="Group mailboxes whose copy was deleted for good.",
    )
    can_delete_for_everyone = fields.Boolean(compute="_compute_can_delete_for_everyone")

    @api.depends("kept_by_id.visibility")
    def _compute_visibility(self):
        result = super()._compute_visibility()
        for email in self:
            if email.kept_by_id.visibility == "linked" and not email.is_twin:
                email.visibility = "linked"
        return result

    # -- the last copy --------------------------------------------------------------------------

    def _lose_copies(self, entries):
        """Before these copies go. As superuser."""
        for email in self.filtered(lambda email: email.state in ("received", "sent")):
            mine = entries.filtered(lambda entry, email=email: entry.email_id == email)
            opened = mine.filtered(lambda entry: entry.visibility == "linked")
            linked = email.link_ids.filtered(lambda link: not link.suggested)
            users, mailboxes = mine._owners()
            values = {
                "dropped_user_ids": [fields.Command.link(id_) for id_ in users.ids],
                "dropped_mailbox_ids": [fields.Command.link(id_) for id_ in mailboxes.ids],
            }
            if opened and linked and email.visibility == "linked":
                values["kept_by_id"] = opened.mailbox_id[:1].id
            email.write(values)

    def _without_use(self):
        """Of these e-mails those that nobody has a copy of, and no record needs. As superuser."""
        return self.filtered(lambda email: not email.entry_ids and not email._is_needed())

    def _is_needed(self):
        if self.state not in ("received", "sent"):
            return False
        links = self.link_ids.filtered(lambda link: not link.suggested)
        return bool(links and (self.visibility == "linked" or links.message_id))

    @api.model
    def _close_kept(self, mailboxes):
        """Mailboxes are closed: what they kept for records as well. As superuser."""
        kept = self.search([("kept_by_id", "in", mailboxes.ids)])
        kept.kept_by_id = False
        closed = kept.filtered(lambda email: email.visibility == "owner")
        closed.link_ids._withdraw()
        closed._without_use().unlink()

    @api.autovacuum
    def _gc_without_use(self):
        """Kept for records that are gone, or that the mail was taken out of."""
        self.search(
            Domain("entry_ids", "=", False)
            & Domain("state", "in", ("received", "sent"))
            & (Domain("dropped_user_ids", "!=", False) | Domain("dropped_mailbox_ids", "!=", False))
            & (
                Domain("link_ids", "not any", [("suggested", "=", False)])
                | (
                    Domain("kept_by_id", "=", False)
                    & Domain("link_ids", "not any", [("message_id", "!=", False)])
                )
            ),
            limit=1000,
        )._without_use().unlink()

    def _leave_dropped(self, batch):
        """Step *known?*: what this owner deleted for good is not brought back."""
        mails = [mail for mail in batch.under_way if mail.email]
        if not mails:
            return
        owner, mailbox = batch.mailbox.owner_id, batch.mailbox
        whose = ("dropped_user_ids", "in", owner.ids)
        if not owner:
            whose = ("dropped_mailbox_ids", "in", mailbox.ids)
        dropped = self.search([("id", "in", [mail.email.id for mail in mails]), whose])
        for mail in mails:
            if mail.email in dropped:
                mail.state, mail.email = DUPLICATE, None

    # -- for everyone ---------------------------------------------------------------------------

    @api.depends_context("uid")
    def _compute_can_delete_for_everyone(self):
        self.can_delete_for_everyone = self.env.user.has_group(FOR_EVERYONE)

    def _delete_for_everyone(self):
        """E-mails that the user reads, by a copy or a record: that was checked by the caller."""
        if not self.env.user.has_group(FOR_EVERYONE):
            raise AccessError(
                self.env._("You may delete your own copy only, not the e-mail for everyone.")
            )
        # sudo: nobody may delete an e-mail otherwise; the right to was checked
        emails = self.sudo()
        emails._log_deletion()
        # answers from a chatter too, which _withdraw leaves there
        emails.link_ids._delete_messages(emails.link_ids.message_id)
        emails.env["mail.import.filter.catch"]._forget(emails)
        emails.unlink()

    def _log_deletion(self):
        """Who did it, without a word of what it said: in the log, and in the group mailboxes."""
        _logger.info(
            "%s (user %s) deletes e-mails %s for everyone",
            self.env.user.login,
            self.env.uid,
            self.ids,
        )
        groups = self.entry_ids.mailbox_id.filtered(lambda mailbox: mailbox.kind == "group")
        for mailbox in groups:
            mailbox._message_log(
                body=self.env._(
                    "%(who)s deleted %(count)s e-mail(s) for everyone.",
                    who=self.env.user.name,
                    count=len(
                        self.filtered(lambda e, mailbox=mailbox: mailbox in e.entry_ids.mailbox_id)
                    ),
                ),
                author_id=self.env.user.partner_id.id,
            )
