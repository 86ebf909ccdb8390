"""The first import: how far history is fetched, how long it still takes; stopping and going on."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date
from odoo.tools.misc import formatLang


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    history_stopped = fields.Boolean(readonly=True, copy=False, tracking=True)
    history_state = fields.Selection(
        [
            ("none", "No history"),
            ("under_way", "Being fetched"),
            ("stopped", "Stopped"),
            ("held_up", "Held up"),
            ("complete", "Complete"),
        ],
        "History",
        compute="_compute_history",
        compute_sudo=True,
    )
    history_percent = fields.Float(
        "History Fetched (%)", compute="_compute_history", compute_sudo=True
    )
    history_text = fields.Char("History in Words", compute="_compute_history", compute_sudo=True)

    @api.depends(
        "fetch_since",
        "history_stopped",
        "remote_folder_ids.backfill_done",
        "remote_folder_ids.history_done",
        "remote_folder_ids.history_left",
        "remote_folder_ids.history_begun_at",
        "remote_folder_ids.history_at",
        "remote_folder_ids.refusal",
    )
    @api.depends_context("lang")
    def _compute_history(self):
        for mailbox in self:
            done, left = mailbox._history_counts()
            mailbox.history_state = mailbox._history_state()
            complete = mailbox.history_state == "complete"
            share = done / (done + left) if done + left else float(complete)
            # what is not complete does not look as if it were
            mailbox.history_percent = 100 if complete else min(99, int(100 * share))
            mailbox.history_text = mailbox._history_in_words(done, left)

    def _history_counts(self):
        folders = self.remote_folder_ids
        return sum(folders.mapped("history_done")), sum(folders.mapped("history_left"))

    def _history_state(self):
        if not self.fetch_since:
            return "none"
        coming = self._folders_with_history()
        if not coming:
            return "complete"
        if self.history_stopped:
            return "stopped"
        return "held_up" if all(coming.mapped("refusal")) else "under_way"

    def _is_history_coming(self):
        return self.state == "active" and self.history_state not in ("none", "complete")

    def _folders_with_history(self):
        return self.remote_folder_ids.filtered(lambda folder: not folder.backfill_done)

    # -- in words -------------------------------------------------------------------------------

    def _history_in_words(self, done, left):
        words = {
            "under_way": self._history_under_way,
            "stopped": self._history_at_rest,
            "held_up": self._history_held_up,
            "complete": self._history_here,
        }
        say = words.get(self.history_state)
        return say and say(done, left)

    def _history_under_way(self, done, left):
        words = self.env._("The history since %s is fetched after the new mail.", self._first_day())
        if left:
            words = self.env._(
                "History since %(day)s: %(done)s of %(total)s messages fetched.",
                day=self._first_day(),
                done=self._number(done),
                total=self._number(done + left),
            )
        return " ".join(filter(None, [words, self._speed_in_words(left), self._who_holds_up()]))

    def _history_at_rest(self, done, left):
        if not done + left:
            return self.env._(
                "The history since %s is stopped, and nothing of it is fetched yet. New mail comes "
                "in all the same.",
                self._first_day(),
            )
        return self.env._(
            "The history since %(day)s is stopped, with %(done)s of %(total)s messages fetched. "
            "New mail comes in all the same.",
            day=self._first_day(),
            done=self._number(done),
            total=self._number(done + left),
        )

    def _history_held_up(self, _done, _left):
        return self.env._(
            "The history since %(day)s is here, except that of folders which cannot be read at "
            "present: %(folders)s. It is fetched as soon as they can be read.",
            day=self._first_day(),
            folders=self._folders_with_history()._names(),
        )

    def _history_here(self, done, _left):
        if not done:
            return self.env._("There was no older mail to fetch, back to %s.", self._first_day())
        return self.env._(
            "All mail since %(day)s is here; %(done)s messages were history.",
            day=self._first_day(),
            done=self._number(done),
        )

    def _who_holds_up(self):
        refused = self._folders_with_history().filtered("refusal")
        if not refused:
            return ""
        return self.env._("Held up by what cannot be read at present: %s.", refused._names())

    def _first_day(self):
        return format_date(self.env, self.fetch_since)

    def _speed_in_words(self, left):
        speed = self.remote_folder_ids._history_speed()
        if not speed or not left:
            return ""
        return self.env._(
            "%(rate)s a minute, about %(time)s left.",
            rate=self._number(round(60 * speed)),
            time=self._in_words(timedelta(seconds=left / speed)),
        )

    def _number(self, number):
        return formatLang(self.env, number, digits=0)

    # -- stopping and going on ------------------------------------------------------------------

    def action_stop_history(self):
        """Fetch no more of it after the present batch; new mail is fetched all the same."""
        self._check_may_set_up()
        # sudo: whoever may set it up; the field itself is nobody's to write
        self.sudo().history_stopped = True

    def action_resume_history(self):
        """Go on where it was stopped: the ledger knows what is here."""
        self._check_may_set_up()
        # sudo: as above
        self.sudo().history_stopped = False
        if self.state == "active":
            self._ask_for_fetch()
