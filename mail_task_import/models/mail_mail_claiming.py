"""A mailbox's mail, and that of mailings, is written down as begun before it leaves, so that none
is sent again by itself: whoever dies between the server's yes and the commit leaves a mail that
may have arrived.

The host writes only afterwards, and its queue would send such mail once more.
"""

import logging

from odoo import SUPERUSER_ID, api, models, modules
from odoo.modules.registry import Registry

from ..access import in_own_context
from ..exceptions import CONFLICTS
from ..mime.opt_out import holds_some
from ..receivers.smtp import Smtp

_logger = logging.getLogger(__name__)


class MailMail(models.Model):
    _inherit = "mail.mail"

    def send_after_commit(self):
        """As the host, in a transaction for each mail; what fails is said on the e-mail."""
        if modules.module.current_test or not self.env["mail.import.mailbox"]._any():
            return super().send_after_commit()
        # sudo: which mails are a mailbox's is no content
        ids = self.sudo().filtered(lambda mail: mail._mail_import_is_ours()).ids
        others = self - self.browse(ids)
        if others or not ids:
            super(MailMail, others).send_after_commit()
        if ids:
            self._send_after_commit(ids)
        return None

    @api.model
    def _send_after_commit(self, ids):
        database, context = self.env.cr.dbname, in_own_context(self).env.context

        @self.env.cr.postcommit.add
        def send_with_own_cursor():
            try:
                with Registry(database).cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, context)
                    env["mail.mail"].browse(ids).send(auto_commit=True)
            except Exception:
                # what was asked for is committed: the e-mail says what became of it
                _logger.exception("Sending mails %s was interrupted", ids)

    def _mail_import_send_claimed(self, send, auto_commit, smtp_session):
        """``send`` those that are not claimed by somebody else, one by one where they are claimed.

        What is sent within a transaction of the caller's is not: nothing of it is committed.
        """
        if isinstance(smtp_session, Smtp):
            for mail in self:
                if auto_commit is not True or mail._claim():
                    send(mail._going_on())
            return
        claimed = self._claimed_everywhere() if auto_commit is True else self.browse()
        others = self - claimed
        if others or not claimed:
            send(others)
        for mail in claimed:
            if mail._claim():
                try:
                    send(mail)
                except Exception:
                    # the host would commit that it is still to be sent: what was claimed stands
                    self.env.cr.rollback()
                    raise

    def _claimed_everywhere(self):
        """Those that are claimed whichever server they leave by; another add-on names some."""
        return self.browse()

    def _going_on(self):
        """The host sends a message to one recipient after the other, and stops at the first whose
        mail fails; with this context (``ir_mail_server_answers``) the others get theirs.
        """
        several = len(self.recipient_ids) + bool(self.email_to) > 1
        # with an opt-out in it, each of its addresses gets a copy
        several = several or holds_some(self.body_html or "")
        return self.with_context(mail_import_going_on=several)

    def _mail_import_without_those_who_have_it(self, results):
        """Nobody gets it again; the others do, also when it is retried."""
        # sudo: as above; and what the importer noted of its recipients, nobody else reads
        mail = self.sudo()
        if not mail._mail_import_is_ours():
            return results
        have_it = self.env["mail.import.email"].sudo()._sent_as(mail.message_id)._has_it_already()
        missing = [
            values
            for values in results
            if not values["email_to_normalized"] or set(values["email_to_normalized"]) - have_it
        ]
        return missing or results

    def _claim(self):
        """Commit that it is begun; False where somebody else sends it, or has.

        It stays locked while it is sent, which is how its end is told from an interruption.
        """
        try:
            if self.exists().state != "outgoing":
                return False
            self._note_begun()
            self.env.cr.commit()  # pylint: disable=invalid-commit
            self._note_going()
            self.flush_recordset(["state"])
        except CONFLICTS:
            self.env.cr.rollback()
            return False
        return True

    def _note_begun(self):
        """What stands there where nobody comes back to say how it ended."""
        self.write(
            {
                "state": "exception",
                "failure_type": "unknown",
                "failure_reason": self._interrupted_words(),
            }
        )

    def _note_going(self):
        """What holds while it is sent, for this transaction only."""
        self.state = "outgoing"

    @api.model
    def _interrupted_words(self):
        return self.env._(
            "Odoo was interrupted while it sent this e-mail; it may have arrived. Send again only "
            "if it did not."
        )
