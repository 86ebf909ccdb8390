"""The stage of invitations: mailboxes that send by a real SMTP server, and mail that invites."""

from odoo.fields import Domain

from .calendar_samples import invitation
from .common import build_mail
from .test_drafts import DraftCase

PASSED = "mx.company.example; dmarc=pass header.from=customer.example"


class InvitationCase(DraftCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent.tz = "Europe/Berlin"
        cls.Event = cls.env["calendar.event"].with_user(cls.agent)
        cls.number = 0

    def invited(self, content=None, mailbox=None, sender=None, verified=True, user=None, **values):
        """Receive an invitation; its entry as its reader sees it."""
        type(self).number += 1
        more = {"Authentication_Results": PASSED} if verified else {}
        mail = build_mail(
            f"Invitation {self.number}",
            sender=sender or "Ann Customer <ann@customer.example>",
            message_id=f"<invitation-{self.number}@customer.example>",
            attachments=[("invite.ics", content or invitation(**values), "text/calendar")],
            **more,
        )
        (outcome,) = self.receive(mailbox or self.support, mail)
        return outcome.entry.with_user(user or self.agent)

    def events(self, user=None):
        user = user or self.agent
        partner = user.partner_id
        own = Domain("partner_ids", "in", partner.ids)
        return self.env["calendar.event"].with_user(user).search(own, order="start")

    def accept(self, entry, status="ACCEPTED", comment=""):
        card = entry.invitation
        return entry.answer_invitation(status, comment, card["tell"])
