"""Step *deliver*: who is told of new mail, in Odoo's own ways, and what ends a notice.

The owner of a personal mailbox is told once a batch: in the bell, where the owner has chosen
notifications in Odoo, else by a word in the open browser; and on devices that take push messages.
An e-mail is never sent: it would come back into the mailbox. Readers of a group mailbox see their
open lists change; of mail in records their followers are told by the chatter.
"""

from markupsafe import Markup

from odoo import SUPERUSER_ID, api, models

NAMED = 3
"""Senders that a notice of several e-mails names."""
LONGEST = 200
"""Characters of a name or a subject: what is pushed has to fit into 4 kB."""
KEPT_DAYS = 30


class MailImportEntry(models.Model):
    _inherit = "mail.import.entry"

    @api.model
    def _deliver(self, batch):
        """Step *deliver*: tell the readers' open inboxes; only ids leave the database."""
        fresh = batch.lookups["fresh_entries"]
        if not fresh or batch.history:
            return
        for user in batch.mailbox.reader_ids:
            user._bus_send("mail_import/new_mail", {"entry_ids": fresh.ids})
        self._tell_owner(batch, fresh)

    @api.model
    def _tell_owner(self, batch, fresh):
        owner = batch.mailbox.owner_id
        if not (owner.active and owner.mail_import_notify and owner._is_internal()):
            return
        ids = set(fresh.ids)
        news = self.browse(
            dict.fromkeys(
                mail.entry.id
                for mail in batch.mails
                if mail.entry and mail.entry.id in ids and self._is_news(batch, mail)
            )
        )
        if news:
            news.with_context(lang=owner.lang)._announce(owner)

    @api.model
    def _is_news(self, batch, mail):
        """Unread mail of these days, from a person, in the Inbox or a folder that announces."""
        folder = mail.entry.folder_id
        announces = folder.kind == "inbox" or (
            folder.kind == "own" and not folder.skip_notification
        )
        return (
            announces
            and not mail.silent
            and not mail.entry.is_read
            and not self.env["mail.import.link"]._is_quiet(batch, mail)
        )

    def _announce(self, owner):
        """One notice of all these e-mails, for nobody but their owner."""
        newest = self.sorted("date", reverse=True)[:1]
        title, text = newest._notice() if len(self) == 1 else self._notice_of_several()
        if owner.notification_type == "inbox":
            newest._put_in_bell(owner, title, text)
        else:
            owner._bus_send("mail_import/notice", {"entry_ids": self.ids})
        self.env["mail.thread"]._mail_import_push(
            owner.partner_id,
            {
                "title": title,
                "options": {
                    "body": text,
                    "icon": "/mail_task_import/static/description/icon.png",
                    "data": {"model": self._name, "res_id": newest.id},
                },
            },
        )

    def _notice(self):
        """Title and text of a notice of one e-mail."""
        who = self.correspondent[:LONGEST]
        title = self.env._("New e-mail from %s", who)
        if self.verdict == "fail":
            title = self.env._("New e-mail from %s (unverified sender)", who)
        return title, self._name_to_all()[:LONGEST]

    def _notice_of_several(self):
        """Senders only: a subject goes with its e-mail, and a notice of several stays."""
        senders = list(dict.fromkeys(entry.correspondent[:LONGEST] for entry in self))
        names = ", ".join(senders[:NAMED])
        more = len(senders) - NAMED
        title = self.env._("%s new e-mails", len(self))
        if more > 0:
            return title, self.env._("From %(names)s and %(count)s more", names=names, count=more)
        return title, self.env._("From %s", names)

    def _put_in_bell(self, owner, title, text):
        """A message that only who is notified of it reads, and no chatter shows."""
        # sudo: the host's own notifications are made so; the author must not be the sender, whom
        # the host would let read it
        author = self.env["res.users"].browse(SUPERUSER_ID).sudo().partner_id
        Thread = self.env["mail.thread"].sudo()
        message = Thread._message_create(
            [
                {
                    "author_id": author.id,
                    "email_from": author.email_formatted,
                    "reply_to": author.email_formatted,
                    "model": self._name,
                    "res_id": self.id,
                    "message_type": "user_notification",
                    "is_internal": True,
                    "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note"),
                    "body": Markup("<b>%s</b><br/>%s") % (title, text),
                }
            ]
        )
        Thread._notify_thread_by_inbox(
            message, [{"id": owner.partner_id.id, "uid": owner.id, "notif": "inbox"}]
        )

    # -- the end of a notice --------------------------------------------------------------------

    def write(self, vals):
        result = super().write(vals)
        if vals.get("is_read") or "folder_id" in vals:
            for owner, entries in self.filtered("user_id").grouped("user_id").items():
                # sudo: notices are found; the host marks the owner's own as read
                entries._notices().with_user(owner).set_message_done()
        return result

    def _notices(self):
        """Messages of the bell about these e-mails. As superuser."""
        # sudo: the host lets nobody search for notices of others
        return (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("message_type", "=", "user_notification"),
                ]
            )
        )

    @api.autovacuum
    def _gc_notices(self):
        self.env["mail.message"].search(
            [
                ("model", "=", self._name),
                ("message_type", "=", "user_notification"),
                ("create_date", "<", f"-{KEPT_DAYS}d"),
            ],
            limit=1000,
        ).unlink()
