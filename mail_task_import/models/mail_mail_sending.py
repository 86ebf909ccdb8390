"""What a mail goes through on its way out, step by step; the steps are in the files beside this.

Another add-on extends one step. Only the order is decided here.
"""

from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _send(self, auto_commit=False, *args, smtp_session=None, post_send_callback=None, **kwargs):
        """Claim, ask, send. To claim commits: who is out is asked afterwards, as of then."""
        options = {
            **kwargs,
            "smtp_session": smtp_session,
            "post_send_callback": post_send_callback,
        }

        def by_the_host(mails):
            super(MailMail, mails)._send(auto_commit, *args, **options)  # noqa: UP008 (not of self)

        def unless_out(mails):
            mails._mail_import_send_unless_out(by_the_host, auto_commit, post_send_callback)

        self._mail_import_send_claimed(unless_out, auto_commit, smtp_session)
        return True

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        """Who gets it, then what each gets; that it leaves is noted last, of those who are left."""
        results = super()._prepare_outgoing_list(
            mail_server=mail_server, doc_to_followers=doc_to_followers
        )
        results = self._mail_import_with_bcc(results)
        results = self._mail_import_without_opted_out(results)
        results = self._mail_import_with_own_links(results)
        results = self._mail_import_without_those_who_have_it(results)
        self._mail_import_enclose_pictures(results)
        self._mail_import_mark_unverified(results)
        self._mail_import_note_forgotten(results)
        return results
