"""*Process again*: where stored mail that is linked to nothing belongs, by today's rules.

The link steps are asked anew. Mail that is linked stays as it is, whoever linked it; a mail that
once made a record, or whose thread did, makes no other one, though that record be gone. No
confirmations are sent.
"""

import time

from odoo import api, models
from odoo.exceptions import LockError, UserError

from ..actions import notice
from ..batch import DUPLICATE, Batch

AT_ONCE = 50
BY_HAND = 500
"""E-mails that are processed while somebody waits."""
READING_SECONDS = 20
"""For looking into originals; after that, what is stored of the headers has to do."""


class MailImportEntry(models.Model):
    _inherit = "mail.import.entry"

    def action_process_again(self):
        """For readers of the mailbox; what a rule makes, it makes with the rights it has anyway."""
        self.check_access("write")
        if len(self) > BY_HAND:
            raise UserError(
                self.env._(
                    "%s e-mails at once are the most. For all of a mailbox, press “Process "
                    "unlinked mail again” on its form, under Sorting.",
                    BY_HAND,
                )
            )
        linked, made = 0, 0
        for part in self._in_parts():
            links = part._process_again()
            made += len(links.filtered("made_record"))
            linked += len(links.email_id)
        words = self._again_in_words(linked, made)
        return notice(words, "success" if linked else "info", reload=True)

    def _again_in_words(self, linked, made):
        if not linked:
            return self.env._(
                "Nothing new: no rule says where these e-mails belong, or they are linked already."
            )
        if not made:
            return self.env._("Linked: %s.", linked)
        return self.env._("Linked: %(linked)s. New records: %(made)s.", linked=linked, made=made)

    def _in_parts(self):
        """By mailbox, oldest first, as they would have come in."""
        for entries in self.filtered("mailbox_id").grouped("mailbox_id").values():
            ordered = entries.sorted(lambda entry: (entry.date or entry.create_date, entry.id))
            for start in range(0, len(ordered), AT_ONCE):
                yield ordered[start : start + AT_ONCE]

    def _process_again(self):
        """Entries of one mailbox. Returns the links that were made, as superuser."""
        # superuser, as the importer; the right to file these entries was checked
        importer = self.env["mail.import.importer"]._as_importer()
        mailbox = self.mailbox_id.with_env(importer.with_company(self.mailbox_id.company_id).env)
        entries = self.with_env(mailbox.env)._unlinked()
        if not entries:
            return mailbox.env["mail.import.link"]
        batch = Batch(mailbox, entries._as_known_mails(mailbox), again=True)
        before = entries.email_id.link_ids
        # proposals are made anew
        before.filtered("suggested").unlink()
        entries._decide_again(batch)
        mailbox.env["mail.import.link"]._store(batch)
        links = entries.email_id.link_ids.filtered(lambda link: not link.suggested) - before
        for mail in batch.mails:
            mail.entry._note_again(mail, self.env.uid, bool(links & mail.email.link_ids))
        mailbox.env.flush_all()
        return links

    def _unlinked(self):
        """Incoming mail without a record, one entry each; locked, so that two at once are one."""
        emails = self.filtered(lambda entry: entry.direction == "incoming").email_id
        emails = emails.filtered(lambda email: email.state == "received")
        try:
            emails.lock_for_update()
        except LockError as error:
            words = self.env._("Somebody processes these e-mails just now. Try again in a minute.")
            raise LockError(words) from error
        # another transaction that has waited for the lock begins anew, and sees the links
        self.env.cr.execute(
            "UPDATE mail_import_email SET write_date = now() AT TIME ZONE 'UTC' WHERE id = ANY(%s)",
            [emails.ids],
        )
        links = self.env["mail.import.link"].search(
            [("email_id", "in", emails.ids), ("suggested", "=", False)]
        )
        free = emails - links.email_id
        return self.filtered(lambda entry: entry.email_id in free)

    def _as_known_mails(self, mailbox):
        deadline = time.monotonic() + READING_SECONDS
        mails = []
        for entry in self:
            mail = entry._as_incoming(mailbox, deadline)
            mail.email, mail.entry = entry.email_id, entry
            mail.parsed.message_id = entry.email_id.message_id or ""
            mail.parsed.references = (entry.email_id.references_text or "").split()
            mail.parsed.date = entry.email_id.date
            mail.parsed.key = entry.email_id.key or ""
            mail.parsed.digest = entry.email_id.digest or ""
            if entry.email_id.is_twin:
                mail.twin_of = entry.email_id.twin_of_id or entry.email_id
            mails.append(mail)
        return mails

    @api.model
    def _decide_again(self, batch):
        made_before = self.env["mail.import.claim"]._claimed(
            {id(mail): mail.claim_ids for mail in batch.mails}
        )
        for mail in batch.mails:
            mail.makes_none = id(mail) in made_before
        self.env["mail.import.target"]._decide_links(batch)
        for mail in batch.mails:
            mail.state = DUPLICATE

    def _note_again(self, mail, uid, is_linked):
        """What was tried anew stands below what was found out before."""
        result = "linked" if is_linked else "nothing"
        more = {"made_before": True} if mail.makes_none else {}
        self.with_user(uid)._note_by("again", result, **more)
        self.journal = [*self.journal, *mail.journal]
