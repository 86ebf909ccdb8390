"""Public mailing lists: the page of a signed link offers to leave those that an address is on."""

from dataclasses import replace

from odoo import api, models

from odoo.addons.mail_task_import.access import as_superuser
from odoo.addons.mail_task_import.models.opt_out import EVERYTHING, Choice

LIST = "list-"
"""Begins the key of a list."""


class MailImportOptOut(models.AbstractModel):
    _inherit = "mail.import.opt.out"

    @api.model
    def _choices(self, address):
        """Who is out of everything gets no list's mail either, and has nothing else to choose."""
        everything, *others = super()._choices(address)
        subscriptions = self._subscriptions(address)
        if everything.is_out or not subscriptions:
            return [everything, *others]
        lists = [
            Choice(f"{LIST}{one.id}", one.name, one not in on.list_id, True)
            for on in [subscriptions.filtered(lambda each: not each.opt_out)]
            for one in subscriptions.list_id.sorted("name")
        ]
        return [replace(everything, name=self.env._("All mailings")), *others, *lists]

    @api.model
    def _subscriptions(self, address):
        """Those to lists that are shown to their readers; who is off may come back."""
        return as_superuser(self.env["mailing.subscription"]).search(
            [
                ("contact_id.email_normalized", "=", address),
                ("list_id.is_public", "=", True),
                ("list_id.active", "=", True),
            ]
        )

    @api.model
    def _list(self, key, address):
        """The list of such a key, if it is one that this address may choose."""
        lists = self._subscriptions(address).list_id
        return lists.filtered(lambda one: f"{LIST}{one.id}" == key)

    @api.model
    def _opt_out(self, key, address, sent, one_click=False):
        if key == EVERYTHING:
            return super()._opt_out(key, address, sent, one_click=one_click)
        self._office()._list(key, address)._update_subscription_from_email(address, opt_out=True)
        return None

    @api.model
    def _undo(self, key, address):
        if key == EVERYTHING:
            return super()._undo(key, address)
        self._office()._list(key, address)._update_subscription_from_email(address, opt_out=False)
        return None
