"""Watching: which folders the watcher keeps a line for, and what it does when mail has come.

The watcher itself is ``watcher.py``; it imports nothing, the scheduler does.
"""

from odoo import api, models

from ..receivers.sign_in import NotedSignIn
from ..receivers.watching import Spot
from .mailbox_hosts import ALLOWED_HOSTS, ALLOWED_PORTS, OWN_HOSTS

LINES_A_MAILBOX = 3
"""Mail servers allow ten or fifteen at once, to all programs of a user together."""


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    @api.model
    def _to_watch(self):
        """A ``Spot`` for each folder that is to be watched, the inbox of each mailbox first.

        The fingerprint of what a connection depends on is made in the database: no password comes
        here for it.
        """
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT f.id, m.id, f.name, m.host, m.port, f.uidvalidity, f.last_uid,
                      row_number() OVER (
                          PARTITION BY m.id
                              ORDER BY upper(f.name) <> 'INBOX',
                                       f.role IS NOT DISTINCT FROM 'sent', f.id),
                      md5(concat_ws('|', m.host, m.port, m.security, m.login, m.ca_file, m.kind,
                                    m.owner_id, m.password_secret, m.server_id, f.name,
                                    m.sign_in_by, a.connected_at,
                                    CASE WHEN m.kind = 'personal' THEN allowed.words END))
                 FROM mail_import_mailbox m
                 JOIN mail_import_remote_folder f ON f.mailbox_id = m.id AND f.active
                 LEFT JOIN mail_import_account a ON a.mailbox_id = m.id
                 CROSS JOIN (SELECT string_agg(value, '|' ORDER BY key) AS words
                               FROM ir_config_parameter WHERE key = ANY(%s)) AS allowed
                WHERE m.active AND m.state = 'active' AND m.host IS NOT NULL
                  AND m.protocol = 'imap'""",
            [[OWN_HOSTS, ALLOWED_HOSTS, ALLOWED_PORTS]],
        )
        rows = self.env.cr.fetchall()
        return [self._spot(*row) for row in rows if row[7] <= LINES_A_MAILBOX]

    @api.model
    def _spot(self, key, mailbox_id, folder, host, port, uidvalidity, last_uid, rank, version):
        database = self.env.cr.dbname
        return Spot(
            key=(database, key),
            mailbox=(database, mailbox_id),
            folder=folder,
            server=(host, port),
            version=version,
            position=(int(uidvalidity or 0), int(last_uid or 0) + 1),
            rank=rank,
        )

    def _watching_receiver__(self):
        """An ``ImapReceiver`` that is not open yet, and whether it can be opened without models."""
        receiver = self._receiver_for_threads()
        return receiver, isinstance(receiver.authenticate, NotedSignIn)

    @api.model
    def _mail_arrived(self, mailbox_ids):
        """Have the scheduler look at these at once; to be committed.

        :return: ids of those that another transaction holds: they are to be told again
        """
        self.env.cr.execute(
            """WITH free AS (SELECT id FROM mail_import_mailbox WHERE id = ANY(%s)
                                FOR NO KEY UPDATE SKIP LOCKED)
               UPDATE mail_import_mailbox AS mailbox
                  SET next_fetch = NULL, asked_at = clock_timestamp() AT TIME ZONE 'UTC'
                 FROM free WHERE mailbox.id = free.id
            RETURNING mailbox.id""",
            [list(mailbox_ids)],
        )
        told = {mailbox_id for (mailbox_id,) in self.env.cr.fetchall()}
        self.invalidate_model(["next_fetch", "asked_at"])
        if told:
            # sudo: the scheduler is the host's
            self.env.ref("mail.ir_cron_mail_gateway_action").sudo()._trigger()
        return set(self.browse(mailbox_ids).exists().ids) - told

    @api.model
    def _was_asked_since(self, moment):
        """Whether somebody called the scheduler for some mailbox."""
        self.env.cr.execute(
            "SELECT EXISTS (SELECT FROM mail_import_mailbox WHERE asked_at > %s)", [moment]
        )
        return self.env.cr.fetchone()[0]
