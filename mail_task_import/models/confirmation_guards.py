"""Whom no confirmation is sent to: robots, lists, forgers, ourselves, and nobody twice.

RFC 3834 says what an automatic answer must never do; each guard is one of its lines, or came from a
loop that somebody had.
"""

from datetime import timedelta

from odoo import api, fields, models

from ..mime.addresses import parse_all
from ..mime.no_send import ROBOTS, is_named, patterns_in
from ..mime.parser import MAX_LOOP_MARKS
from ..mime.trace import fields_of
from .reference import digest_of

WINDOW = timedelta(hours=2)
AN_ADDRESS = 5
"""Confirmations to one address within the window."""
A_MAILBOX = 500
"""And from one mailbox: who forges a thousand senders makes nobody of them a victim of ours."""
NO_SEND = "mail_task_import.no_send"
CLAIMED = 100
JOINING = ("alias", "rule", "default")
"""Steps that make a record, or find one that a mail joins."""
ANSWERING = ("reply", "token", "weak")
"""Steps that find the record which a mail goes on with."""
UNTOLD = ("outgoing", "answer")
"""Nobody expects one there."""


class MailImportConfirmation(models.AbstractModel):
    _inherit = "mail.import.confirmation"

    @api.model
    def _let_pass(self, batch, asked):
        """Those of ``(mail, mailbox, template)`` that may go; of others the journal says why not.

        Threads are claimed last: two workers that meet conflict, and the later one begins again.
        """
        known = self._look_up(asked)
        passed = []
        for mail, mailbox, template in asked:
            why = self._why_not(batch, mail, mailbox, known) or self._too_many(mail, mailbox, known)
            if not why:
                passed.append((mail, mailbox, template))
            elif why not in UNTOLD:
                mail.entry._note_late("confirm", why, address=mail.parsed.sender.email)
        return [
            one
            for one in passed
            if self._claim(one[0], known) or one[0].entry._note_late("confirm", "again")
        ]

    # -- looked up for all at once --------------------------------------------------------------

    @api.model
    def _look_up(self, asked):
        addresses = sorted({mail.parsed.sender.email for mail, _mailbox, _t in asked} - {""})
        passed_by = set().union(*(_passed_by(mail.parsed) for mail, _mailbox, _t in asked))
        return {
            "no_send": self._no_send_patterns(),
            "blacklisted": self._blacklisted(addresses),
            "own": self._own(sorted(passed_by.union(addresses))),
            "sent": self._sent(addresses),
            "ever": self._sent(addresses, ever=True),
            "by_mailbox": {},
        }

    @api.model
    def _no_send_patterns(self):
        """The usual robots, and an administrator's list."""
        value = self.env["ir.config_parameter"].get_param(NO_SEND)
        return ROBOTS + patterns_in(value or "")

    @api.model
    def _blacklisted(self, addresses):
        """The host's own list: people who asked that nothing be sent to them."""
        return set(self.env["mail.blacklist"].search([("email", "in", addresses)]).mapped("email"))

    @api.model
    def _own(self, addresses):
        """Addresses at which our own programs read: mailboxes, aliases, catchall and bounce."""
        mailboxes = self.env["mail.import.mailbox"]
        aliases = self.env["mail.alias"].search([("alias_full_name", "in", addresses)])
        own = set(aliases.mapped("alias_full_name")) | mailboxes._of_house(set(addresses))
        for _fetched, theirs, _certain in mailboxes._known_addresses().values():
            own |= theirs
        return own

    @api.model
    def _sent(self, addresses, ever=False):
        """``{address: number of confirmations}`` within the window."""
        domain = [("written_as", "=", "confirmation"), ("to", "in", addresses)]
        if not ever:
            domain.append(("create_date", ">=", fields.Datetime.now() - WINDOW))
        groups = self.env["mail.import.email"]._read_group(domain, ["to"], ["__count"])
        return dict(groups)

    # -- one mail -------------------------------------------------------------------------------

    @api.model
    def _why_not(self, batch, mail, mailbox, known):
        """A code of the journal, "" where nothing speaks against it."""
        parsed, sender = mail.parsed, mail.parsed.sender.email
        checks = (
            ("outgoing", lambda: mail.outgoing),
            ("answer", lambda: self._is_answer(batch, mail)),
            ("automatic", lambda: parsed.automatic or parsed.loop_marks or _is_suppressed(parsed)),
            ("loop", lambda: not _passed_by(parsed).isdisjoint(known["own"])),
            ("nobody", lambda: not sender),
            ("old", lambda: self.env["mail.import.link"]._is_old(mail)),
            ("unverified", lambda: self._is_doubtful(mail)),
            ("trashed", lambda: mail.entry.folder_id.kind == "trash"),
            ("own", lambda: sender in known["own"] and not self._is_colleague(mail, mailbox)),
            ("no_send", lambda: is_named(sender, known["no_send"])),
            ("no_send", lambda: sender in known["blacklisted"]),
            ("cannot_send", lambda: not mailbox.can_send),
            ("outside", lambda: mailbox._outside([sender])),
        )
        return next((code for code, speaks_against in checks if speaks_against()), "")

    @api.model
    def _is_doubtful(self, mail):
        """An answer to a forged sender reaches somebody who has not written."""
        email = mail.email
        return mail.unverified or mail.is_forged or email.unverified or email.is_twin

    @api.model
    def _is_colleague(self, mail, mailbox):
        """An employee who is believed may have a mailbox here, and be told all the same."""
        own = mailbox._own_addresses()
        return bool(mail.employee) and mail.parsed.sender.email not in own

    @api.model
    def _is_answer(self, batch, mail):
        """It goes on with a thread that is known here, or names a record's number."""
        threads, messages = batch.lookups["threads"], batch.lookups["messages"]
        if mail.follows or any(d.step in ANSWERING for d in mail.decisions):
            return True
        if self._made(mail) is None and any(d.step in JOINING for d in mail.decisions):
            return True  # it joined a record that was there
        is_ours = self.env["mail.import.reply.token"]._read_token
        return any(
            name in messages or threads["is"].get(digest_of(name)) or is_ours(name)
            for name in mail.message_ids
        )

    @api.model
    def _too_many(self, mail, mailbox, known):
        """Counted here, so that the mails of one batch count too."""
        sender, sent, by_mailbox = mail.parsed.sender.email, known["sent"], known["by_mailbox"]
        if mailbox.id not in by_mailbox:
            by_mailbox[mailbox.id] = self._sent_from(mailbox)
        if sent.get(sender, 0) >= AN_ADDRESS or by_mailbox[mailbox.id] >= A_MAILBOX:
            return "too_many"
        sent[sender] = sent.get(sender, 0) + 1
        by_mailbox[mailbox.id] += 1
        return ""

    @api.model
    def _sent_from(self, mailbox):
        return self.env["mail.import.email"].search_count(
            [
                ("written_as", "=", "confirmation"),
                ("from_email", "=", mailbox._sender_address()),
                ("create_date", ">=", fields.Datetime.now() - WINDOW),
            ]
        )

    @api.model
    def _claim(self, mail, known):
        """Whether no mail of this thread was confirmed before.

        The number of the confirmation is claimed as well: of two workers that count the same for
        one address, the later one conflicts, and counts again.
        """
        sender = mail.parsed.sender.email
        number = known["ever"][sender] = known["ever"].get(sender, 0) + 1
        names = [f"confirmed {name}" for name in mail.thread_ids[:CLAIMED]]
        claim = self.env["mail.import.claim"]
        if names and claim._claim_anew(map(digest_of, names)) < len(set(names)):
            return False
        claim._claim_anew([digest_of(f"confirmation {number} {sender}")])
        return True


def _passed_by(parsed):
    """Addresses that say by X-Loop that they have had the mail, as forwarders and lists do."""
    fields = fields_of(parsed.trace_headers)
    values = [value for name, value in fields if name.strip().lower() == "x-loop"]
    return {address.email for address in parse_all(values[:MAX_LOOP_MARKS])} - {""}


def _is_suppressed(parsed):
    """MS-OXCMAIL 2.1.3.2.20: the sender's program asks for no automatic answers."""
    for line in parsed.headers.splitlines():
        name, _colon, value = line.partition(":")
        if name.strip().lower() == "x-auto-response-suppress":
            return any(word in value.lower() for word in ("all", "autoreply"))
    return False
