"""The conversation of an e-mail: what its reader may read of its thread, whichever way it is read.

A mail of the thread is read by an own copy (an entry), or through a record (a link). What may not
be read is not told of: neither how many nor when.
"""

from odoo import fields, models
from odoo.tools import SQL

from .page_mixin import MOST

NEEDED = [
    "state", "direction", "date", "from_name", "from_email", "to", "preview", "unverified",
    "has_attachments", "has_bounced", "failure_reason", "message_id_digest", "is_twin",
    "kept_by_id", "subject", "archived_by_id",
]  # fmt: skip
"""Of each; not their texts, which may be a megabyte each."""


class MailImportEmail(models.Model):
    _inherit = "mail.import.email"

    def _conversation_ids(self):
        """Ids of the thread, itself among them, in one query.

        By references both ways, and by what both name: the first mail of a thread may have never
        come here.
        """
        self.flush_model(["message_id_digest"])
        self.env["mail.import.reference"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """WITH RECURSIVE thread AS (
                       SELECT id, message_id_digest FROM mail_import_email WHERE id = ANY(%(ids)s)
                     UNION
                       SELECT other.id, other.message_id_digest
                         FROM thread CROSS JOIN LATERAL (
                           SELECT named.id, named.message_id_digest
                             FROM mail_import_reference reference
                             JOIN mail_import_email named
                               ON named.message_id_digest = reference.digest
                            WHERE reference.email_id = thread.id
                          UNION ALL
                           SELECT answer.id, answer.message_id_digest
                             FROM mail_import_reference reference
                             JOIN mail_import_email answer ON answer.id = reference.email_id
                            WHERE reference.digest = thread.message_id_digest
                          UNION ALL
                           SELECT sibling.id, sibling.message_id_digest
                             FROM mail_import_reference mine
                             JOIN mail_import_reference reference ON reference.digest = mine.digest
                             JOIN mail_import_email sibling ON sibling.id = reference.email_id
                            WHERE mine.email_id = thread.id
                         ) other
                   )
                   SELECT id FROM thread LIMIT %(most)s""",
                ids=self.ids,
                most=MOST,
            )
        )
        return [id_ for [id_] in rows]

    def _ways_to_read(self, place=None):
        """``{e-mail id: entry or link}`` by which the user reads each; the others are left out.

        As the user, whoever asks. Own copies first, those in the trash last.

        :param place: ``(model, id)`` of the record whose links are taken before others
        """
        ways = {}
        if not self:
            return ways
        entries = (
            self.env["mail.import.entry"]
            .sudo(False)
            .search_fetch(
                [("email_id", "in", self.ids)],
                ["email_id", "is_read", "verdict", "folder_id"],
                order="id",
            )
        )
        for entry in entries.sorted(lambda entry: entry.folder_kind == "trash"):
            ways.setdefault(entry.sudo().email_id.id, entry)
        rest = [id_ for id_ in self.ids if id_ not in ways]
        if rest:
            links = self.env["mail.import.link"].sudo(False).search([("email_id", "in", rest)])
            for link in links.filtered(lambda link: not link.suggested).sorted(
                lambda link: (link.res_model, link.res_id) != place
            ):
                ways.setdefault(link.sudo().email_id.id, link)
        return self._without_drafts_of_others(ways)

    def _without_drafts_of_others(self, ways):
        drafts = self.sudo().filtered(lambda email: email.state == "draft").sudo(False)
        hidden = set((drafts - drafts._filtered_access("read")).ids) if drafts else ()
        return {id_: way for id_, way in ways.items() if id_ not in hidden}

    # -- what is shown --------------------------------------------------------------------------

    def _conversation(self, newer, older, place=None):
        """The mails around this one, newest first, as the page shows them. As superuser.

        :param newer: how many after this one
        :param older: how many before it
        :param place: see ``_ways_to_read``
        :return: ``{"newer": [line], "older": [line], "more_newer", "more_older"}``
        """
        self.ensure_one()
        thread = self.search_fetch([("id", "in", self._conversation_ids())], NEEDED)
        ways = (thread - self)._ways_to_read(place)
        shown = (thread.filtered(lambda email: email.id in ways) | self).sorted(
            lambda email: (email.date, email.id), reverse=True
        )
        place = shown.ids.index(self.id)
        before, after = shown[:place], shown[place + 1 :]
        first = max(0, len(before) - newer)
        return {
            "newer": before[first:]._conversation_lines(ways),
            "older": after[:older]._conversation_lines(ways),
            "more_newer": first > 0,
            "more_older": len(after) > older,
        }

    def _conversation_lines(self, ways):
        return [email._conversation_line(ways[email.id]) for email in self]

    def _conversation_line(self, way):
        is_entry = way._name == "mail.import.entry"
        unverified = bool(self.unverified or (is_entry and way.verdict == "fail"))
        return {
            "model": way._name,
            "id": way.id,
            "email_id": self.id,
            "sender": self.correspondent,
            "subject": self.subject or "",
            "preview": self.preview or "",
            "date": fields.Datetime.to_string(self.date),
            "status": self.status,
            "has_attachments": self.has_attachments,
            "unverified": unverified,
            "by_hand": bool(self.archived_by_id),
            "is_read": not is_entry or way.is_read,
            "in_trash": is_entry and way.folder_kind == "trash",
        }
