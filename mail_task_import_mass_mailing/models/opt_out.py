"""Public mailing lists: the page of a signed link offers to leave those that an address is on.

And the host's own links of mailings, which nobody else is to have either.
"""

import hmac
from dataclasses import replace

from odoo import api, models

from odoo.addons.mail_task_import.access import as_superuser
from odoo.addons.mail_task_import.models.opt_out import EVERYTHING, Choice

from ..quoted_links import counted_codes, impersonal, uncounted

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

    # -- the host's links -----------------------------------------------------------------------

    @api.model
    def _impersonal(self, text):
        return self._without_mailing_links(super()._impersonal(text))

    @api.model
    def _without_mailing_links(self, text, way_out=None, view=None):
        """The text with these addresses in the place of the host's links to one recipient's pages.

        :param way_out: ours that is nobody's, unless it is said
        :param view: the mailing's own, which its senders may open, unless it is said
        """
        base = self.get_base_url().rstrip("/")

        def address_of(link):
            if link.page == "view":
                return view or f"{base}/mailing/{link.mailing}/view"
            return way_out or self._stand_in(base)

        codes = counted_codes(text)
        if codes:
            # sudo: only whether the short addresses are ours is asked
            known = self.env["link.tracker.code"].sudo().search([("code", "in", list(codes))])
            text = uncounted(text, set(known.mapped("code")))
        return impersonal(text, address_of, self._is_mailing_link)

    @api.model
    def _is_mailing_link(self, link):
        if not link.mailing:
            return False
        # sudo: of the mailing, only the signature
        mailing = self.env["mailing.mailing"].sudo().browse(link.mailing)
        token = mailing._generate_mailing_recipient_token(link.document, link.email)
        return hmac.compare_digest(token, link.token)
