"""Opting out, in what leaves: each recipient has their own link, and who is out gets no mailing.

Both are decided at the last moment: the recipients of a queued mail are known only then, and who
opted out since then is out.
"""

from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import format_datetime

from odoo import fields, models
from odoo.tools import html2plaintext

from ..mime.opt_out import replaced
from ..mime.spellings import has_broken_links

ANSWER = "mail_import_answer"
"""In the context while mails are sent: an ``Answer``, which no caller of RPC can send."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Who is out, of those who were asked about."""

    audience: tuple
    asked: frozenset
    out: frozenset

    def tells(self, audience, addresses):
        return self.audience == audience and self.asked.issuperset(addresses)


class MailMail(models.Model):
    _inherit = "mail.mail"

    mail_import_marketing = fields.Boolean(
        "Mailing", readonly=True, help="Does not go to those who opted out of mailings."
    )

    # -- links ----------------------------------------------------------------------------------

    def _mail_import_with_own_links(self, results):
        results = [self._mail_import_without_others_links(values) for values in results]
        personal = [self._mail_import_is_personal(values) for values in results]
        if not any(personal):
            return results
        base = self._mail_import_base_url()
        return [
            each
            for values, is_personal in zip(results, personal, strict=True)
            for each in (self._mail_import_copies(values, base) if is_personal else [values])
        ]

    def _mail_import_without_others_links(self, values):
        """Links of another add-on, that speak for somebody, become nobody's here."""
        return values

    def _mail_import_is_personal(self, values):
        """Another company's link, in a mail that is passed on, stays as it is."""
        return self._mail_import_with_address(values, "")["body"] != (values["body"] or "")

    def _mail_import_base_url(self):
        if self.model not in self.env or not self.res_id:
            return self.get_base_url()
        # sudo: of the record, only under which host it is shown
        return self.env[self.model].sudo().browse(self.res_id).exists().get_base_url()

    def _mail_import_copies(self, values, base):
        """A copy for each address, whose header names them all: nobody gets another's link."""
        partner, addresses = values["partner_id"], dict.fromkeys(values["email_to_normalized"])
        if not addresses or (partner and not partner.partner_share):
            stand_in = self.env["mail.import.opt.out"]._stand_in(base)
            return [self._mail_import_with_address(values, stand_in)]
        if len(addresses) > 1:
            # one moment for all: by it two mailboxes of ours know that they got the same mail
            date = format_datetime(datetime.now(timezone.utc).replace(microsecond=0))
            values = {**values, "headers": {**values["headers"], "Date": date}}
        return [
            self._mail_import_personal({**values, "email_to_normalized": [address]}, address, base)
            for address in addresses
        ]

    def _mail_import_personal(self, values, address, base):
        page, one_click = self.env["mail.import.opt.out"]._links(base, address)
        values = self._mail_import_with_address(values, page)
        # RFC 8058, 3.1; what a mailing has of its own stands
        values["headers"] = {
            "List-Unsubscribe": f"<{one_click}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            **values["headers"],
        }
        return values

    def _mail_import_with_address(self, values, address):
        """The values of a mail with this opt-out address, and none of anybody else."""
        is_ours = self.env["mail.import.opt.out"]._is_signed_for
        return self._mail_import_changed(values, lambda text: replaced(text, address, is_ours))

    def _mail_import_changed(self, values, change):
        """The values of a mail with both of its texts changed."""
        body = values["body"] or ""
        changed = change(body)
        if changed != body and has_broken_links(body):
            text = html2plaintext(changed)
        else:
            text = change(values["body_alternative"] or "")
        return {**values, "body": changed, "body_alternative": text}

    # -- mailings -------------------------------------------------------------------------------

    def _mail_import_is_mailing(self):
        """Whether it is for those only who did not opt out."""
        mailing = self._fields.get("mailing_id") and self.mailing_id
        if mailing and not self.env.context.get("mailing_test_mail"):
            return self.mail_import_marketing or mailing.use_exclusion_list
        return self.mail_import_marketing

    def _mail_import_opted_out(self, addresses):
        """Which of these addresses get no such mail."""
        return self.env["mail.import.opt.out"]._left_out(addresses)

    def _mail_import_audience(self):
        """The answer is the same for mails where this is the same."""
        return ()

    def _mail_import_asked(self):
        """Asks of mails with the same audience, for all of their recipients at once."""
        addresses = frozenset(address for mail in self for address in mail._mail_import_to())
        first = self[:1]
        out = first._mail_import_opted_out(addresses)
        return Answer(first._mail_import_audience(), addresses, frozenset(out))

    def _mail_import_out(self, addresses):
        """As ``_mail_import_opted_out``; not asked twice while it is sent."""
        answer = self.env.context.get(ANSWER)
        if isinstance(answer, Answer) and answer.tells(self._mail_import_audience(), addresses):
            return answer.out.intersection(addresses)
        return self._mail_import_opted_out(addresses)

    def _mail_import_without_opted_out(self, results):
        if not self._mail_import_is_mailing():
            return results
        addresses = [one for values in results for one in values["email_to_normalized"]]
        out = self._mail_import_out(addresses)
        for values in results if out else ():
            some = values["email_to_normalized"]
            values["email_to_normalized"] = [one for one in some if one not in out]
            if some and not values["email_to_normalized"]:
                values["left_out"] = True
        return [values for values in results if not values.pop("left_out", False)]

    def _mail_import_send_unless_out(self, send, auto_commit, post_send_callback):
        """``send`` them; a mailing that nobody is to get any more is cancelled."""
        mailings = self.filtered(lambda mail: mail._mail_import_is_mailing())
        if self - mailings or not self:
            send(self - mailings)
        for some in mailings._mail_import_asked_together(auto_commit):
            asked = some.with_context(**{ANSWER: some._mail_import_asked()})
            out = asked.filtered(lambda mail: mail._mail_import_all_out())
            if asked - out:
                send(asked - out)
            for mail in out:
                mail._mail_import_cancel()
            if out and auto_commit is True:
                if post_send_callback:
                    post_send_callback(out.ids)
                self.env.cr.commit()  # pylint: disable=invalid-commit

    def _mail_import_asked_together(self, auto_commit):
        """A transaction sees the same from its beginning to its end, so that asking again in it
        tells nothing; where each mail has its own, each is asked for.
        """
        if auto_commit is True:
            return [*self]
        return list(self.grouped(lambda mail: mail._mail_import_audience()).values())

    def _mail_import_all_out(self):
        addresses = set(self._mail_import_to()) if self.state == "outgoing" else set()
        return bool(addresses) and addresses <= self._mail_import_out(addresses)

    def _mail_import_why_out(self):
        """The host's kind of failure, and words for it."""
        return "mail_bl", self.env._("Opted out of mailings.")

    def _mail_import_cancel(self):
        """As the host cancels those that it finds on the blacklist before it queues them."""
        failure, reason = self._mail_import_why_out()
        self.write({"state": "cancel", "failure_type": failure, "failure_reason": reason})
        # sudo: as the host does, when it sends
        self.env["mail.notification"].sudo().search(
            [
                ("notification_type", "=", "email"),
                ("mail_mail_id", "in", self.ids),
                ("notification_status", "not in", ("sent", "canceled")),
            ]
        ).write({"notification_status": "canceled", "failure_type": failure})
        if "mailing_trace_ids" in self._fields:
            self.mailing_trace_ids.set_canceled()
            self.mailing_trace_ids.write({"failure_type": failure})
        if self.env["mail.import.mailbox"]._any():
            # sudo: states of e-mails are the importer's, whoever runs the queue
            emails = self.env["mail.import.email"].sudo()
            emails._note_sent(self.mail_message_id, failure, reason)
