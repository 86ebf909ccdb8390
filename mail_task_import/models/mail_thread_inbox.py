"""Notifications in Odoo itself: those of the mails of a batch are made together.

The host makes the rows of one message at a time, and looks up its followers and notifications for
what it tells the browser.
"""

from contextlib import contextmanager

from odoo import api, models
from odoo.tools import groupby

from odoo.addons.mail.tools.discuss import Store

WAITING = "mail_task_import.inbox"
INBOX_READ = frozenset(("mail", "mail_task_import"))
"""Add-ons whose ``_notify_thread_by_inbox`` is what ``_mail_import_tell_inboxes`` does."""


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _notify_thread_by_inbox(self, message, recipients_data, msg_vals=False, **kwargs):
        waiting = self.env.cr.cache.get(WAITING)
        if waiting is None or not self._mail_import_is_inbox_read():
            return super()._notify_thread_by_inbox(
                message, recipients_data, msg_vals=msg_vals, **kwargs
            )
        people = {
            person["id"]: person["uid"]
            for person in sorted(recipients_data, key=lambda person: person["id"] or 0)
            if person["id"] and person["notif"] == "inbox"
        }
        if people:
            waiting.append((message, people, msg_vals))
        return None

    @api.model
    def _mail_import_is_inbox_read(self):
        return INBOX_READ.issuperset(
            cls.__module__.split(".")[2]
            for cls in type(self).__mro__
            if "_notify_thread_by_inbox" in vars(cls)
        )

    @contextmanager
    def _mail_import_inboxes_together(self):
        """While it lasts, notifications in Odoo wait; at its end they are made together."""
        waiting = self.env.cr.cache[WAITING] = []
        try:
            yield
        finally:
            self.env.cr.cache.pop(WAITING)
        if waiting:
            self._mail_import_tell_inboxes(waiting)

    @api.model
    def _mail_import_tell_inboxes(self, waiting):
        """As the host's ``_notify_thread_by_inbox`` for each ``(message, people, msg_vals)``.

        ``people`` is ``{partner id: user id or False}``.
        """
        # sudo: as the host has it, these are made for whoever is notified
        self.env["mail.notification"].sudo().create(
            [
                {
                    "author_id": message.author_id.id,
                    "mail_message_id": message.id,
                    "notification_status": "sent",
                    "notification_type": "inbox",
                    "res_partner_id": partner_id,
                }
                for message, people, _values in waiting
                for partner_id in people
            ]
        )
        followers = self._mail_import_followers(waiting)
        # sudo: read at once what the host reads of each message
        messages = self.env["mail.message"].sudo().union(*(message for message, *_rest in waiting))
        messages.notification_ids.fetch()
        for message, people, msg_vals in waiting:
            mine = followers.get((message.model, message.res_id), self.env["mail.followers"])
            for user in self.env["res.users"].browse(filter(None, people.values())):
                store = Store(bus_channel=user).add(
                    # alone: the host looks at all that would be fetched along, for each message
                    message.with_user(user).with_context(allowed_company_ids=[]).with_prefetch(),
                    msg_vals=msg_vals,
                    add_followers=True,
                    followers=mine.filtered(
                        lambda one, user=user: one.partner_id == user.partner_id
                    ),
                )
                user._bus_send(
                    "mail.message/inbox",
                    {"message_id": message.id, "store_data": store.get_result()},
                )

    @api.model
    def _mail_import_followers(self, waiting):
        """``{(model, id): followers}`` among those who are notified."""
        # sudo: as the host has it, only the user's own row reaches the user
        Followers = self.env["mail.followers"].sudo()
        partners = {partner_id for _message, people, _values in waiting for partner_id in people}
        found = {}
        for model, some in groupby(waiting, lambda one: one[0].model):
            rows = Followers.search(
                [
                    ("res_model", "=", model),
                    ("res_id", "in", [message.res_id for message, _people, _values in some]),
                    ("partner_id", "in", list(partners)),
                ]
            )
            found.update(((model, id_), mine) for id_, mine in rows.grouped("res_id").items())
        return found
