"""What the page of an e-mail shows, opened from anywhere: its people, its files, its thread.

The same for an own copy, for a link of a record, and for the e-mail itself; each asks first whether
the user may read it. What is told of others is looked up with the user's own rights.
"""

from odoo import api, models

MOST = 500
"""E-mails of a thread that are looked at: the nearest ones."""
STEP = 25
"""How many are shown before and after the opened one, until somebody asks for more."""


class MailImportPageMixin(models.AbstractModel):
    _name = "mail.import.page.mixin"
    _description = "Page of an E-mail"

    def page_letter(self):
        """People and files of this mail.

        :return: ``{"people": see _people, "files": [...], "has_remote_pictures"}``
        """
        email = self._page_email()
        return {
            "people": email._people(self._is_page_unverified(email), self._may_add_addresses()),
            "files": email.files,
            "has_remote_pictures": email.has_remote_pictures,
        }

    def page_thread(self, newer=STEP, older=STEP):
        """The e-mails of the thread that the user may read, around this one, newest first."""
        bounded = (max(0, min(int(count), MOST)) for count in (newer, older))
        return self._page_email()._conversation(*bounded, place=self._record_of_page())

    def page_add_address(self, address):
        """The dialog that remembers an address of this mail for a contact."""
        email = self._page_email().sudo(False)
        return self.env["mail.import.remember.address"]._open(email, address)

    def page_open(self):
        """The page itself; of a draft where it is written."""
        email = self._page_email()
        if email.state == "draft":
            return email.sudo(False)._open_draft()
        return {
            "type": "ir.actions.act_window",
            "name": email.subject or self.env._("E-mail"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def _page_email(self):
        """The e-mail as superuser, where the user may read this page."""
        self.ensure_one()
        self.check_access("read")
        return self._email_of_page()

    def _email_of_page(self):
        # sudo: who reads an own copy, or a record that the mail is linked to, reads the mail
        return self.sudo().email_id

    def _record_of_page(self):
        """``(model, id)`` of the record where the mail is read; None where it is read by itself."""

    def _is_page_unverified(self, email):
        return bool(email.unverified or email.archived_by_id)

    @api.model
    def _may_add_addresses(self):
        return False
