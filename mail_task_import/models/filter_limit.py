"""How many filters one user may have switched on: each is asked of each of the user's mails."""

import logging

from odoo import api, models
from odoo.exceptions import ValidationError

_logger = logging.getLogger(__name__)

FILTERS_OF_ONE = "mail_task_import.filters_of_one"
"""System parameter."""
DEFAULT = 200


class MailImportFilter(models.Model):
    _inherit = "mail.import.filter"

    @api.constrains("active", "user_id", "scope")
    def _check_number(self):
        """Of personal filters: those for mailboxes are administrators', as many as are needed."""
        most = self._most_of_one()
        # sudo: those of the owner, whoever saves
        filters = self.sudo()
        for user in filters.filtered("active").user_id:
            number = filters.search_count([("user_id", "=", user.id), ("active", "=", True)])
            if number > most:
                raise ValidationError(
                    self.env._(
                        "At most %s filters of one's own may be switched on. Switch off some that "
                        "you no longer need, or put several addresses into one filter.",
                        most,
                    )
                )

    @api.model
    def _most_of_one(self):
        """What cannot be understood is the default."""
        # sudo: settings are administrators'; the number is told to whom it stops
        text = self.env["ir.config_parameter"].sudo().get_param(FILTERS_OF_ONE)
        try:
            return max(int(text or DEFAULT), 0)
        except ValueError:
            _logger.warning("%s is no number of filters: %s", FILTERS_OF_ONE, text)
            return DEFAULT
