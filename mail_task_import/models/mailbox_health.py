"""Health: what an administrator sees of a mailbox at a glance, and who is told when it fails."""

from datetime import timedelta

from odoo import api, fields, models

from ..exceptions import is_host_trouble

BACKOFF_MINUTES = (1, 2, 5, 15, 30, 60)


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    last_fetch = fields.Datetime("Last Look", readonly=True, copy=False)
    last_success = fields.Datetime(readonly=True, copy=False)
    last_error = fields.Text(readonly=True, copy=False)
    failures = fields.Integer("Failures in a Row", readonly=True, copy=False)
    told_at = fields.Datetime("Failure Reported", readonly=True, copy=False)
    waiting = fields.Integer(compute="_compute_waiting", compute_sudo=True)
    email_count = fields.Integer("E-mails", compute="_compute_counts", compute_sudo=True)
    unread_count = fields.Integer("Unread", compute="_compute_counts", compute_sudo=True)
    quarantined_count = fields.Integer("Quarantined", compute="_compute_counts", compute_sudo=True)
    change_count = fields.Integer(
        "To Do on the Server", compute="_compute_counts", compute_sudo=True
    )
    lag = fields.Integer(
        "Lag (minutes)", compute="_compute_lag", help="Minutes since the last complete look."
    )
    health = fields.Selection(
        [
            ("draft", "Not active"),
            ("good", "Working"),
            ("slow", "Catching up"),
            ("quarantine", "Mail in quarantine"),
            ("partly", "A folder cannot be read"),
            ("failing", "Failing"),
        ],
        compute="_compute_health",
    )

    @api.depends("remote_folder_ids.waiting")
    def _compute_waiting(self):
        for mailbox in self:
            mailbox.waiting = sum(mailbox.remote_folder_ids.mapped("waiting"))

    def _compute_counts(self):
        """Counts only: administrators see them without seeing any mail."""

        def count(model, domain=()):
            rows = self.env[model]._read_group(
                [("mailbox_id", "in", self.ids), *domain], ["mailbox_id"], ["__count"]
            )
            return {mailbox.id: number for mailbox, number in rows}

        emails = count("mail.import.entry")
        unread = count("mail.import.entry", [("is_read", "=", False)])
        quarantined = count("mail.import.quarantine", [("state", "in", ["waiting", "kept"])])
        changes = count("mail.import.remote.change")
        for mailbox in self:
            mailbox.email_count = emails.get(mailbox.id, 0)
            mailbox.unread_count = unread.get(mailbox.id, 0)
            mailbox.quarantined_count = quarantined.get(mailbox.id, 0)
            mailbox.change_count = changes.get(mailbox.id, 0)

    @api.depends("last_success", "host")
    def _compute_lag(self):
        """None where all mail is handed over, and nobody looks."""
        now = fields.Datetime.now()
        for mailbox in self:
            since = mailbox.host and (mailbox.last_success or mailbox.act_since)
            mailbox.lag = (now - since).total_seconds() // 60 if since else 0

    @api.depends("state", "failures", "waiting", "quarantined_count", "refused_text")
    def _compute_health(self):
        for mailbox in self:
            if mailbox.state == "draft":
                mailbox.health = "draft"
            elif mailbox.failures:
                mailbox.health = "failing"
            elif mailbox.refused_text:
                mailbox.health = "partly"
            elif mailbox.quarantined_count:
                mailbox.health = "quarantine"
            elif mailbox.waiting > 100:
                mailbox.health = "slow"
            else:
                mailbox.health = "good"

    # -- after a look ---------------------------------------------------------------------------

    def _note_success(self, more=False):
        now = fields.Datetime.now()
        refused = self._refused_folders()
        self.write(
            {
                "last_fetch": now,
                "failures": 0,
                "last_error": False,
                "last_success": self.last_success if more or refused else now,
                "next_fetch": False if more else now + timedelta(minutes=self.interval),
            }
        )
        if refused:
            self._tell_refused()
        elif not more:
            self.told_at = False
        self._send_progress()

    def _note_failure(self, error):
        """Keep the error in plain words, look again later and later, and say so once a day."""
        now = fields.Datetime.now()
        wait = BACKOFF_MINUTES[min(self.failures, len(BACKOFF_MINUTES) - 1)]
        self.write(
            {
                "last_fetch": now,
                "failures": self.failures + 1,
                "last_error": self._words_of(error),
                "next_fetch": now + timedelta(minutes=max(wait, self.interval)),
            }
        )
        self._tell_failure()
        self._send_progress()

    def _note_cut_short(self, error):
        """The line broke, but mail came in before: one gets on, and goes on soon."""
        now = fields.Datetime.now()
        self.write(
            {
                "last_fetch": now,
                "failures": 1,
                "last_error": self._words_of(error),
                "next_fetch": now + timedelta(minutes=BACKOFF_MINUTES[0]),
            }
        )
        self._send_progress()

    def _words_of(self, error):
        if not is_host_trouble(error):
            return str(error)
        words = getattr(error, "strerror", None) or str(error)
        return self.env._("Odoo itself cannot store mail at present: %s", words)

    def _tell_failure(self):
        self._tell(
            self.env._("The mailbox “%s” cannot be read", self.name),
            self.env._(
                "Mail to %(address)s is not fetched at present. It waits on the mail server; "
                "nothing is lost. The reason: %(error)s",
                address=self.address,
                error=self.last_error,
            ),
        )

    def _tell(self, subject, body):
        """Its owner, or the administrators of a group mailbox; once a day."""
        now = fields.Datetime.now()
        if self.told_at and self.told_at > now - timedelta(days=1):
            return
        self.told_at = now
        people = self.owner_id
        if self.kind == "group":
            people = self.env.ref("mail_task_import.group_administrator").all_user_ids
        self.message_notify(partner_ids=people.partner_id.ids, subject=subject, body=body)

    def _send_progress(self):
        """Let open forms count along. Ids and numbers only."""
        for user in self.reader_ids | self.owner_id | self.write_uid:
            user._bus_send(
                "mail_import/progress",
                {
                    "mailbox_id": self.id,
                    "waiting": self.waiting,
                    "failures": self.failures,
                },
            )
