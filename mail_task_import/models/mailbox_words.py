"""A mailbox's health in words, for cards and forms."""

from datetime import timedelta

from babel.dates import format_timedelta

from odoo import api, fields, models
from odoo.tools import babel_locale_parse


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    last_look_text = fields.Char("Looked", compute="_compute_last_look_text")
    lag_text = fields.Char("Behind By", compute="_compute_lag_text")
    is_watched = fields.Boolean(compute="_compute_coming_text")
    coming_text = fields.Char("New Mail Comes", compute="_compute_coming_text")

    @api.depends("last_fetch")
    @api.depends_context("lang")
    def _compute_last_look_text(self):
        now = fields.Datetime.now()
        for mailbox in self:
            mailbox.last_look_text = (
                self._in_words(mailbox.last_fetch - now, ago=True)
                if mailbox.last_fetch
                else self.env._("not yet")
            )

    @api.depends("lag")
    @api.depends_context("lang")
    def _compute_lag_text(self):
        for mailbox in self:
            mailbox.lag_text = self._in_words(timedelta(minutes=mailbox.lag))

    @api.depends("interval", "state", "active", "host", "protocol")
    @api.depends_context("lang")
    def _compute_coming_text(self):
        """How soon new mail is here."""
        since = self.env["mail.import.watched"]._since_of(self)
        for mailbox in self:
            fetched = mailbox.active and mailbox.state == "active" and mailbox.host
            mailbox.is_watched = bool(fetched) and mailbox.id in since
            if mailbox.is_watched:
                lasts = self._in_words(fields.Datetime.now() - since[mailbox.id])
                mailbox.coming_text = self.env._("at once: watched for %s", lasts)
            elif fetched and mailbox.interval == 1:
                mailbox.coming_text = self.env._("every minute")
            elif fetched:
                mailbox.coming_text = self.env._("every %s minutes", mailbox.interval)
            else:
                mailbox.coming_text = False

    @api.model
    def _in_words(self, delta, ago=False):
        locale = babel_locale_parse(self.env.lang or "en_US")
        if ago:
            # what is of this very second would read as if it were still to come
            delta = min(delta, timedelta(seconds=-1))
        return format_timedelta(delta, add_direction=ago, locale=locale)
