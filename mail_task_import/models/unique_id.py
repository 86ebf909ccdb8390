"""Unique ids: what a POP3 server calls its messages, and the number that each has in the ledger.

POP3 servers number their messages anew for each connection. Here they get lasting numbers, in the
place of IMAP's UIDs: positions, ledger and audits work as ever. The numbers of a folder never come
back, and their UIDVALIDITY is ours: negative, as no server's is.
"""

from odoo import api, fields, models
from odoo.tools import SQL

from ..receivers.pop import Known
from .big_integer import BigInteger

MANY = 20
"""Messages: where so many are all unknown, and so many were known, the server calls them anew."""


class MailImportUniqueId(models.Model):
    _name = "mail.import.unique.id"
    _inherit = ["mail.import.own.defaults.mixin"]
    _description = "Unique Id of a Message (POP3)"
    _log_access = False

    remote_folder_id = fields.Many2one(
        "mail.import.remote.folder", required=True, ondelete="cascade"
    )
    uidvalidity = BigInteger(required=True)
    uid = BigInteger("Number", required=True)
    unique_id = fields.Char(required=True)
    size = BigInteger(required=True, help="As the server announces it: ids may be used again.")
    copy_number = fields.Integer(required=True, help="Of messages with the same id and size.")
    appeared_at = fields.Datetime(
        help="When it was listed first. Empty: it was there before the first look."
    )
    received_at = fields.Datetime(help="As its headers say.")
    is_dated = fields.Boolean(help="They have been asked.")
    is_gone = fields.Boolean(help="The server lists it no more: its id may be another's.")

    _message_once = models.UniqueIndex(
        "(remote_folder_id, uidvalidity, unique_id, size, copy_number) WHERE is_gone IS NOT TRUE",
        "A message has one number.",
    )
    _number_once = models.Constraint(
        "UNIQUE(remote_folder_id, uid)", "A number stands for one message."
    )

    @api.model
    def _known(self, folder, listing):
        """``(uidvalidity, [Known])`` of those that have numbers; nothing is written."""
        self.env.flush_all()
        listed = {each.key: each for each in listing}
        rows = self.env.execute_query(
            SQL(
                """SELECT unique_id, known.size, copy_number,
                          uid, appeared_at, received_at, is_dated
                     FROM mail_import_unique_id AS known
                     JOIN unnest(%s::varchar[], %s::int8[], %s::int4[])
                          AS there (unique_id, size, copy_number)
                    USING (unique_id, size, copy_number)
                    WHERE remote_folder_id = %s AND uidvalidity = %s AND is_gone IS NOT TRUE""",
                *_columns(listed),
                folder.id,
                folder.uidvalidity,
            )
        )
        known = [
            Known(uid, listed[unique_id, size, copy], appeared_at, received_at, bool(is_dated))
            for unique_id, size, copy, uid, appeared_at, received_at, is_dated in rows
        ]
        return folder.uidvalidity, known

    @api.model
    def _number(self, folder, listing):
        """``(uidvalidity, [Known])`` of all; those that are new get the next numbers, in order."""
        folder.lock_for_update()
        now = fields.Datetime.now()
        self._forget_gone(folder, listing)
        known = self._known(folder, listing)[1] if folder.uidvalidity < 0 else []
        renumbered = not known and min(len(listing), folder.listed_count) >= MANY
        begins = folder.uidvalidity >= 0 or renumbered
        if begins:
            folder._restart(self._next_uidvalidity(folder))
        if folder.listed_count != len(listing):
            folder.listed_count = len(listing)
        keys = {each.listed.key for each in known}
        fresh = {each.key: each for each in listing if each.key not in keys}
        if fresh:
            self._write_down(folder, fresh, None if begins else now)
            known = self._known(folder, listing)[1]
        return folder.uidvalidity, known

    @api.model
    def _forget_gone(self, folder, listing):
        """What the server lists no more: a mail that bears its name one day is another one.

        Of several that are alike nobody knows which one is gone; so those that are left are met
        again, and recognised by their content.
        """
        keys = _columns(each.key for each in listing)[:2]
        self.env.flush_all()
        self.env.cr.execute(
            """WITH there AS (
                   SELECT unique_id, size, count(*) AS many
                     FROM unnest(%(ids)s::varchar[], %(sizes)s::int8[]) AS each (unique_id, size)
                    GROUP BY unique_id, size),
               held AS (
                   SELECT unique_id, size, count(*) AS many FROM mail_import_unique_id
                    WHERE remote_folder_id = %(folder)s AND uidvalidity = %(uidvalidity)s
                      AND is_gone IS NOT TRUE
                    GROUP BY unique_id, size)
               UPDATE mail_import_unique_id AS gone SET is_gone = TRUE
                 FROM held LEFT JOIN there USING (unique_id, size)
                WHERE held.many > COALESCE(there.many, 0)
                  AND gone.unique_id = held.unique_id AND gone.size = held.size
                  AND remote_folder_id = %(folder)s AND uidvalidity = %(uidvalidity)s
                  AND is_gone IS NOT TRUE""",
            {
                "ids": keys[0],
                "sizes": keys[1],
                "folder": folder.id,
                "uidvalidity": folder.uidvalidity,
            },
        )

    @api.model
    def _note_gone(self, folder, uids):
        """Other mails bear their names by now: they are met at the next look."""
        self.env.flush_all()
        self.env.cr.execute(
            """UPDATE mail_import_unique_id SET is_gone = TRUE
                WHERE remote_folder_id = %s AND uid = ANY(%s) AND is_gone IS NOT TRUE""",
            [folder.id, list(uids)],
        )

    @api.model
    def _next_uidvalidity(self, folder):
        ((lowest,),) = self.env.execute_query(
            SQL(
                """SELECT least(0, min(uidvalidity)) FROM mail_import_unique_id
                    WHERE remote_folder_id = %s""",
                folder.id,
            )
        )
        return min(folder.uidvalidity, lowest or 0, 0) - 1

    @api.model
    def _write_down(self, folder, fresh, appeared_at):
        """:param fresh: ``{key: Listed}``, in the server's order"""
        self.env.cr.execute(
            """INSERT INTO mail_import_unique_id
                      (remote_folder_id, uidvalidity, unique_id, size, copy_number,
                       appeared_at, uid)
               SELECT %(folder)s, %(uidvalidity)s, unique_id, size, copy_number, %(appeared_at)s,
                      place + COALESCE((SELECT max(uid) FROM mail_import_unique_id
                                         WHERE remote_folder_id = %(folder)s), 0)
                 FROM unnest(%(ids)s::varchar[], %(sizes)s::int8[], %(copies)s::int4[])
                      WITH ORDINALITY AS fresh (unique_id, size, copy_number, place)""",
            {
                "folder": folder.id,
                "uidvalidity": folder.uidvalidity,
                "appeared_at": appeared_at,
                **dict(zip(("ids", "sizes", "copies"), _columns(fresh), strict=True)),
            },
        )

    @api.model
    def _note_dates(self, folder, dates):
        """:param dates: ``{uid: arrival or None}``"""
        self.env.cr.execute(
            """UPDATE mail_import_unique_id AS known
                  SET is_dated = TRUE, received_at = told.received_at
                 FROM unnest(%s::int8[], %s::timestamp[]) AS told (uid, received_at)
                WHERE remote_folder_id = %s AND known.uid = told.uid
                  AND is_dated IS NOT TRUE""",
            [list(dates), list(dates.values()), folder.id],
        )


def _columns(keys):
    return [list(column) for column in zip(*keys, strict=True)] or [[], [], []]
