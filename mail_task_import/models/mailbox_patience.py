"""Patience: how many seconds a mail server has, where an administrator has set another time."""

import logging

from odoo import api, models

_logger = logging.getLogger(__name__)

CONNECT_SECONDS = "mail_task_import.connect_seconds"
"""For each step until it has greeted us."""
SILENCE_SECONDS = "mail_task_import.silence_seconds"
"""How long it may say nothing at all while it answers."""
ANSWER_SECONDS = "mail_task_import.answer_seconds"
"""For one whole answer of a look, however busily it sends."""
SEND_SECONDS = "mail_task_import.send_seconds"
"""For one mail that leaves, with connecting and signing in."""
DEFAULTS = {CONNECT_SECONDS: 10, SILENCE_SECONDS: 60, ANSWER_SECONDS: 80, SEND_SECONDS: 50}
"""The longest answer is a mail of 25 MB: over 2.5 Mbit/s."""
BOUNDS = (1, 90)
"""The host kills a scheduler that takes 120 seconds for one job."""


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    @api.model
    def _patience(self, key):
        """Seconds. What cannot be understood is the default."""
        # sudo: settings are administrators'; nobody is shown this one
        text = self.env["ir.config_parameter"].sudo().get_param(key)
        shortest, longest = BOUNDS
        try:
            return min(max(int(text or DEFAULTS[key]), shortest), longest)
        except ValueError:
            _logger.warning("%s is no number of seconds: %s", key, text)
            return DEFAULTS[key]
