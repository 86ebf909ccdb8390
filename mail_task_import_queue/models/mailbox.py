"""Mailboxes whose fetch is a job: the scheduler enqueues, any of many servers fetches."""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import str2bool

PARAMETER = "mail_task_import_queue.use_jobs"
STALLED_AFTER = timedelta(minutes=30)
"""A job that has waited this long: nobody runs jobs, so the scheduler fetches itself."""

_logger = logging.getLogger(__name__)


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    def _is_fetched_elsewhere(self):
        """Enqueue the fetch where jobs are in use, one waiting job a mailbox.

        A job notes its failures on the mailbox itself.
        """
        in_job = self.env.context.get("mail_import_in_job")
        if in_job or not self._uses_jobs() or self._is_stalled():
            return super()._is_fetched_elsewhere()
        self.with_delay(
            identity_key=self._job_identity(),
            description=self.env._("Fetch mailbox “%s”", self.name),
            max_retries=1,
        )._fetch_as_job()
        return True

    @api.private
    def _fetch_as_job(self):
        """The job. A mailbox that cannot be read is no failed job: its health shows it."""
        mailbox = self.exists().with_context(mail_import_in_job=True)
        error = mailbox._fetch_if_due() if mailbox else None
        return str(error) if error else None

    @api.model
    def _uses_jobs(self):
        # sudo: a setting
        value = self.env["ir.config_parameter"].sudo().get_param(PARAMETER, "False")
        return str2bool(value, False)

    def _job_identity(self):
        return f"mail_import_fetch_{self.id}"

    def _is_stalled(self):
        """Whether the mailbox's job has waited so long that no job runner can be at work."""
        # sudo: jobs are administrators' business
        stalled = (
            self.env["queue.job"]
            .sudo()
            .search_count(
                [
                    ("identity_key", "=", self._job_identity()),
                    ("state", "in", ["pending", "enqueued"]),
                    ("date_created", "<", fields.Datetime.now() - STALLED_AFTER),
                ],
                limit=1,
            )
        )
        if stalled:
            _logger.warning("The job of mailbox %s waits for too long: fetching without", self.id)
        return bool(stalled)
