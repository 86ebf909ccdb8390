"""A mailbox's health in words, for cards and forms."""

from datetime import timedelta

from babel.dates import format_timedelta

from odoo import api, fields, models
from odoo.tools import babel_locale_parse


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    last_look_text = fields.Char("Looked", compute="_compute_last_look_text")
    lag_text = fields.Char("Behind By", compute="_compute_lag_text")

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

    @api.model
    def _in_words(self, delta, ago=False):
        locale = babel_locale_parse(self.env.lang or "en_US")
        if ago:
            # what is of this very second would read as if it were still to come
            delta = min(delta, timedelta(seconds=-1))
        return format_timedelta(delta, add_direction=ago, locale=locale)
