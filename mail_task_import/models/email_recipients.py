"""Whom a draft may go to: what is offered while somebody types a name or an address.

Contacts that the user reads, colleagues among them, and who has written to the user, or was
written to, lately. Each look is bounded, however much mail there is.
"""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.mail import email_normalize, email_split_tuples

MOST_OFFERED = 8
LOOKED_INTO = ("inbox", "sent", "archive")
MOST_MAILBOXES = 10
MOST_LOOKED_AT = 300
"""E-mails of a folder of a mailbox, newest first, whose people are offered."""

LONGEST = 200
"""Characters: nobody types more of a name."""


class MailImportEmail(models.Model):
    _inherit = "mail.import.email"

    @api.model
    def suggest_recipients(self, text, without=()):
        """``[{"name", "address", "kind"}]`` for what was typed; kind is contact, colleague, mail.

        :param without: addresses that are there already
        """
        self.browse().check_access("read")
        text = str(text or "").strip()[:LONGEST]
        if not text:
            return []
        self._check_no_nul({"text": text})
        found = {}
        for person in (*self._contacts_like(text), *self._correspondents_like(text)):
            found.setdefault(person["address"], person)
        taken = {str(address).lower() for address in without}
        return [one for address, one in found.items() if address not in taken][:MOST_OFFERED]

    # -- contacts -------------------------------------------------------------------------------

    @api.model
    def _contacts_like(self, text):
        """As far as the user reads them, whose names begin so first."""
        has_address = Domain("email_normalized", "!=", False)
        words = Domain.AND(
            Domain("complete_name", "ilike", word) | Domain("email_normalized", "ilike", word)
            for word in text.translate(_ESCAPED).split()[:5]
        )
        partners = self.env["res.partner"].search_fetch(
            has_address & words,
            ["name", "email_normalized", "partner_share"],
            order="complete_name, id",
            limit=4 * MOST_OFFERED,
        )
        people = [
            {
                "name": partner.name or "",
                "address": partner.email_normalized,
                "kind": "contact" if partner.partner_share else "colleague",
            }
            for partner in partners
        ]
        return sorted(people, key=lambda person: not _begins_with(person, text))

    # -- people of one's own mail ---------------------------------------------------------------

    @api.model
    def _correspondents_like(self, text):
        """Who wrote to the user's mailboxes, or was written to from there, newest first."""
        people = []
        for sender, address, to, cc in self._rows_like(text):
            if address:
                people.append((sender or "", address))
            people += email_split_tuples(f"{to or ''},{cc or ''}")
        low = text.lower()
        return [
            {"name": name, "address": normalized, "kind": "mail"}
            for name, address in people
            if low in name.lower() or low in address.lower()
            if (normalized := email_normalize(address))
        ]

    @api.model
    def _rows_like(self, text):
        """``(from_name, from_email, to, cc)``; of what came in, the sender alone."""
        newest = self._newest_of_ones_own()
        if not newest:
            return []
        self.flush_model(["from_name", "from_email", "to", "cc", "state", "direction"])
        like = f"%{text.translate(_ESCAPED)}%"
        return self.env.execute_query(
            SQL(
                """SELECT CASE WHEN direction = 'incoming' THEN from_name END,
                          CASE WHEN direction = 'incoming' THEN from_email END,
                          CASE WHEN direction = 'outgoing' THEN "to" END,
                          CASE WHEN direction = 'outgoing' THEN cc END
                     FROM mail_import_email
                    WHERE id IN (%s) AND state != 'draft' AND unverified IS NULL
                      AND ((direction = 'incoming'
                            AND (from_name ILIKE %s OR from_email ILIKE %s))
                        OR (direction = 'outgoing' AND ("to" ILIKE %s OR cc ILIKE %s)))
                    ORDER BY date DESC LIMIT 40""",
                SQL(" UNION ALL ").join(newest),
                like,
                like,
                like,
                like,
            )
        )

    @api.model
    def _newest_of_ones_own(self):
        """Queries for ids of e-mails, one a mailbox and folder, as the index has them."""
        entries = self.env["mail.import.entry"]
        # sudo: which mailboxes the user reads; their mail is read by the user's own rules
        mailboxes = self.env["mail.import.mailbox"].sudo()
        folders = [self.env["mail.import.folder"]._system(kind) for kind in LOOKED_INTO]
        return [
            entries._search(
                [("mailbox_id", "=", mailbox.id), ("folder_id", "=", folder.id)],
                order="date DESC",
                limit=MOST_LOOKED_AT,
            ).subselect("email_id")
            for mailbox in mailboxes.search(
                [("reader_ids", "in", [self.env.uid])], limit=MOST_MAILBOXES
            )
            for folder in folders
        ]


_ESCAPED = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})


def _begins_with(person, text):
    low = text.lower()
    names = (person["address"], *person["name"].lower().split(), person["name"].lower())
    return any(name.startswith(low) for name in names)
