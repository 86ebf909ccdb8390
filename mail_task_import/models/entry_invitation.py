"""Answering an invitation: the calendar of who presses the button, and a mail to the organizer.

Nothing is answered or entered by itself. A mail goes to the organizer's address alone, and only to
the one that the user has seen and ticked.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..mime.calendar_answer import ANSWERS

MAX_COMMENT = 500


class MailImportEntry(models.Model):
    _inherit = "mail.import.entry"

    invitation = fields.Json(
        compute="_compute_invitation",
        help="What the invitation says, for who reads it.",
    )
    invitation_answer = fields.Selection(
        [("ACCEPTED", "Accepted"), ("TENTATIVE", "Tentative"), ("DECLINED", "Declined")],
        "Answer",
        readonly=True,
        copy=False,
    )
    invitation_told = fields.Char(
        readonly=True, copy=False, help="The answer that was sent to the organizer."
    )
    invitation_answered_by = fields.Many2one("res.users", readonly=True, copy=False)
    invitation_answered_at = fields.Datetime(readonly=True, copy=False)

    @api.depends_context("uid", "lang", "tz")
    @api.depends("email_id", "invitation_answer", "invitation_told")
    def _compute_invitation(self):
        stored = self._origin
        stored.check_access("read")
        # sudo: whoever reads the copy reads what its e-mail says
        invitations = self.env["mail.import.invitation"].sudo()
        found = invitations.search([("email_id", "in", stored.email_id.ids)])
        cards = {each.email_id.id: each for each in found}
        for entry in self:
            invitation = cards.get(entry._origin.email_id.id)
            entry.invitation = invitation._card(entry._origin.sudo()) if invitation else False

    # -- what may be done -----------------------------------------------------------------------

    def _comes_from_organizer(self, found):
        """Whether a trusted server has confirmed that the organizer has sent it."""
        organizer = found.event.organizer
        return bool(
            organizer
            and organizer.email
            and self.verdict == "pass"
            and organizer.email == self.email_id.from_email
        )

    def _invited(self, found):
        """Who of those invited this mailbox is; None where it is none of them."""
        return found.event.attendee(self.mailbox_id._own_addresses())

    def _organizes(self, found):
        organizer = found.event.organizer
        return bool(organizer and organizer.email in self.mailbox_id._own_addresses())

    def _invitation_choices(self, invitation, found, verified):
        """What the card offers; each is checked again when it is pressed."""
        open_ = not invitation._newer_than(self) and not self._organizes(found)
        invited, organizer = self._invited(found), found.event.organizer
        asks = open_ and found.method == "REQUEST"
        kept = invitation._kept()
        can_tell = bool(asks and invited and organizer and organizer.email and self.can_send)
        return {
            "can_answer": bool(asks and found.event.start),
            "can_add": bool(open_ and found.method == "PUBLISH" and found.event.start),
            "can_remove": bool(open_ and found.method == "CANCEL" and kept),
            "can_note": bool(found.method == "REPLY" and self._events_answered(found)),
            "tell": organizer.email if can_tell else "",
            "tell_ticked": can_tell and verified and invited.asked,
            "answer": self.invitation_answer or "",
            "answer_words": self._answer_words(),
            "in_calendar": kept.event_id[:1].id,
        }

    def _answer_words(self):
        if not self.invitation_answer:
            return ""
        chosen = dict(self._fields["invitation_answer"]._description_selection(self.env))
        words = self.env._(
            "%(answer)s by %(user)s.",
            answer=chosen[self.invitation_answer],
            user=self.invitation_answered_by.name or "–",
        )
        if not self.invitation_told:
            return self.env._("%s The organizer was not told.", words)
        return words

    def _invitation_notes(self, invitation, found, verified):
        """What the reader should know before answering: ``[{"kind", "text"}]``."""
        env, organizer = self.env, found.event.organizer
        notes = []
        if invitation._newer_than(self):
            notes.append(("info", env._("A later e-mail has changed this event.")))
        organizes = self._organizes(found)
        if found.method in ("REQUEST", "CANCEL", "ADD") and not verified and not organizes:
            notes.append(("warning", self._words_of_unverified(organizer)))
        if found.method in ("REQUEST", "CANCEL") and organizes:
            notes.append(("info", env._("This mailbox organizes the event.")))
        elif found.method == "REQUEST" and not self._invited(found):
            notes.append(
                ("info", env._("This mailbox is not among those invited: no answer is sent."))
            )
        if found.method == "CANCEL":
            notes.append(("info", self._words_of_cancelled(invitation)))
        if found.method == "REPLY":
            notes += self._notes_of_answer(found)
        if found.left:
            notes.append(("info", env._("The file holds more events: open it to see them all.")))
        return [{"kind": kind, "text": text} for kind, text in notes]

    def _words_of_unverified(self, organizer):
        address = organizer and organizer.email
        if not address:
            return self.env._("It names no organizer whose address could be checked.")
        if address == self.email_id.from_email:
            return self.env._(
                "No trusted mail server confirms that %s has sent this: answer only if you expect "
                "it.",
                address,
            )
        return self.env._(
            "It was sent by %(sender)s, and not by the organizer that it names, %(organizer)s: "
            "answer only if you know both.",
            sender=self.email_id.from_email or "–",
            organizer=address,
        )

    def _words_of_cancelled(self, invitation):
        if invitation._kept():
            return self.env._("The event is still in your calendar.")
        return self.env._("The event is not in your calendar.")

    # -- answering ------------------------------------------------------------------------------

    def answer_invitation(self, status, comment="", send_to=False):
        """Enter the event in the user's calendar, and tell the organizer.

        :param status: "ACCEPTED", "TENTATIVE" or "DECLINED"
        :param send_to: the organizer's address as the user has seen it; none: nobody is told
        :return: the card as it is now
        """
        if status not in ANSWERS:
            raise UserError(self.env._("An invitation is accepted, tentative, or declined."))
        invitation, found = self._invitation_for("REQUEST")
        comment = str(comment or "").replace("\0", "").strip()[:MAX_COMMENT]
        if send_to:
            self._check_may_tell(found, send_to)
        self._lock_answer()
        invitation._enter(found, status)
        # sudo: people write no entry, what they may answer was checked
        entry = self.sudo()
        if send_to and (entry.invitation_told != status or comment):
            self._tell_organizer(found, status, comment)
            entry.invitation_told = status
        entry.write(
            {
                "invitation_answer": status,
                "invitation_answered_by": self.env.uid,
                "invitation_answered_at": fields.Datetime.now(),
            }
        )
        return self._card_now()

    def add_invitation(self):
        """Enter an event that asks for no answer."""
        invitation, found = self._invitation_for("PUBLISH")
        self._lock_answer()
        invitation._enter(found, "ACCEPTED")
        return self._card_now()

    def remove_invitation(self):
        """Take what is cancelled out of the user's calendar."""
        invitation, found = self._invitation_for("CANCEL")
        self._lock_answer()
        invitation._check_is_last(found)
        invitation._take_out(found)
        return self._card_now()

    def action_make_event(self):
        """Of one e-mail: a button above a list hands over the selected ones."""
        self.ensure_one()
        self.check_access("read")
        return self.email_id.action_make_event()

    def _card_now(self):
        self.invalidate_recordset(["invitation"])
        return self.invitation

    def _invitation_for(self, method):
        """``(invitation, what it says)``, after all checks that each way has in common."""
        self.ensure_one()
        self.check_access("read")
        # sudo: what the e-mail says, whose copy the user reads
        invitation = self._invitation()
        found = invitation._read_source() if invitation else None
        entry = self.sudo()
        if not found or (found.method or "PUBLISH") != method or not found.event.start:
            raise UserError(self.env._("There is no such invitation in this e-mail."))
        if entry._organizes(found):
            raise UserError(self.env._("This mailbox organizes the event itself."))
        if invitation._newer_than(entry):
            raise UserError(self.env._("A later e-mail has changed this event: answer that one."))
        return invitation, found

    def _invitation(self):
        return (
            self.env["mail.import.invitation"]
            .sudo()
            .search([("email_id", "=", self.email_id.id)], limit=1)
        )

    def _check_may_tell(self, found, send_to):
        entry, organizer = self.sudo(), found.event.organizer
        if not organizer or not organizer.email or send_to != organizer.email:
            raise UserError(self.env._("An answer goes to the organizer of the event alone."))
        if not entry._invited(found):
            raise UserError(self.env._("This mailbox is not among those invited."))
        mailbox = self.mailbox_id
        mailbox._check_may_send()
        mailbox._check_letters_outside({organizer.email})

    def _lock_answer(self):
        """Of two who answer at once the second sees what the first has done."""
        if not self.sudo().try_lock_for_update():
            raise UserError(self.env._("Somebody is answering it at this moment: try again."))

    def _tell_organizer(self, found, status, comment):
        # sudo: e-mails are not made by RPC, the checks were made before
        self.env["mail.import.email"].sudo()._send_invitation_answer(
            self.sudo(), found.event, self.sudo()._invited(found), status, comment
        )
