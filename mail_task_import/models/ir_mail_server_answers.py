"""What a mailbox's SMTP server answers: noted for each recipient, and said in the user's words.

The host lets a broken connection undo what it has written about the mail, and sends it again; and
it forgets recipients that were refused while others were not. Mail that leaves by other servers
goes the host's own way.
"""

import logging
from contextlib import contextmanager

from odoo import models

from odoo.addons.base.models.ir_mail_server import IrMail_Server, MailDeliveryException

from ..access import as_superuser
from ..receivers.smtp import Smtp, refused_by, reply_text, without_addresses

_logger = logging.getLogger(__name__)


class RefusedRecipients(AssertionError):
    """The host knows by the text that it goes on with the next recipient; it keeps the words."""

    def __str__(self):
        return IrMail_Server.NO_VALID_RECIPIENT


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    def send_email(self, message, mail_server_id=None, *args, smtp_session=None, **kwargs):
        # sudo: whether it is a mailbox's; who may send by it is checked where it is connected to
        server = self.sudo().browse(mail_server_id or ())
        ours = isinstance(smtp_session, Smtp) or (not args and server._mail_import_mailbox())
        if not ours or self._disable_send():
            with self._mail_import_refusing(message):
                return super().send_email(
                    message, mail_server_id, *args, smtp_session=smtp_session, **kwargs
                )
        # sudo: the e-mail is the mailbox's, which was checked when it was connected to
        email = self.env["mail.import.email"].sudo()._sent_as(message["Message-Id"])
        try:
            session = server._mail_import_session__(smtp_session, message)
            session.leave_out = email._has_it_already()
            session.hidden = email._bcc()
            email._check_leaves()
            self._mail_import_check_outside(session, message)
            with self._mail_import_failing(session, closing=session is not smtp_session):
                super().send_email(message, mail_server_id, *args, smtp_session=session, **kwargs)
        except MailDeliveryException as error:
            addresses = self.env.context.get("send_validated_to")
            if not addresses or not self.env.context.get("mail_import_going_on"):
                raise
            failed = dict.fromkeys(addresses, str(error))
            self._mail_import_note(email, [], failed)
            if not email._refused_openly(failed):
                return message["Message-Id"]
            raise RefusedRecipients(str(error)) from error
        refused = {address: reply_text(reply) for address, reply in session.refused.items()}
        self._mail_import_note(email, session.taken, refused)
        # what became of blind copies is told to the writer alone
        refused = email._refused_openly(refused)
        self._mail_import_count(message, refused)
        if refused:
            raise RefusedRecipients(", ".join(map(": ".join, refused.items())))
        return message["Message-Id"]

    def _mail_import_check_outside(self, session, message):
        """The last gate: whatever way a mail came here, and however long ago it was queued."""
        # sudo: who may send by it was checked when it was connected to
        mailbox = self.env["mail.import.mailbox"].sudo().browse(session.mailbox_id)
        addresses = self._prepare_smtp_to_list(message, session)
        if outside := mailbox._outside(set(addresses) - session.leave_out):
            words = mailbox._outside_words(outside)
            raise MailDeliveryException(without_addresses(words, session.hidden))

    @contextmanager
    def _mail_import_failing(self, session, closing):
        """Say in the user's words why a mail did not go out; refused recipients come later."""
        try:
            yield
        except MailDeliveryException:
            if session.failure:
                words = self._mail_import_words(session.failure)
                raise MailDeliveryException(words) from session.failure
            if not session.refused:
                raise
        finally:
            if closing:
                session.quit()

    def _mail_import_session__(self, session, message):
        """The one given, or a new one where that broke off at the mail before this one.

        A server that fell silent is not waited for again for each mail of the queue.
        """
        if session is not None and not session.is_broken:
            return session
        fell_silent = session is not None and session.failure and session.failure.kind == "silent"
        if fell_silent or not self:
            raise MailDeliveryException(
                self.env._("The mail server fell silent at the e-mail before. It was not sent.")
            )
        return self._connect__(mail_server_id=self.id, smtp_from=message["From"])

    def _mail_import_note(self, email, taken, refused):
        try:
            with self.env.cr.savepoint():
                email._note_recipients(taken, refused)
        except Exception:
            # it is sent already: failing here would send it twice
            _logger.exception("What became of the recipients of a mail could not be kept")

    @contextmanager
    def _mail_import_refusing(self, message):
        """A server of the host's own takes no recipient of a mail: it says why, too."""
        try:
            yield
        except MailDeliveryException as error:
            self._mail_import_count(message, refused_by(error))
            raise

    def _mail_import_count(self, message, refused):
        if not refused or not self.env["mail.import.mailbox"]._any():
            return
        try:
            with self.env.cr.savepoint():
                bounces = as_superuser(self.env["mail.import.bounce"])
                bounces._take_refusals(message["Message-Id"], refused)
        except Exception:
            # as above
            _logger.exception("A refused recipient could not be counted")

    def _mail_import_words(self, failure):
        """In the user's words, why a mail did not go out."""
        if failure.may_have_arrived and failure.kind == "silent":
            return self.env._(
                "The server fell silent before it confirmed; it may have arrived. Send again only "
                "if it did not."
            )
        if failure.may_have_arrived:
            return self.env._(
                "The server hung up before it confirmed; it may have arrived. Send again only if "
                "it did not."
            )
        if failure.kind == "silent":
            return self.env._("The mail server fell silent before it took it. It was not sent.")
        if failure.kind == "hung up":
            return self.env._("The mail server hung up before it took it. It was not sent.")
        return self.env._("The mail server refused it. It said: %s", failure.server_words)
