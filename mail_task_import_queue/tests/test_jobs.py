"""A mailbox's fetch as a job, and without one where nobody runs jobs."""

from datetime import timedelta

from odoo import api, fields
from odoo.tests import tagged

from odoo.addons.mail_task_import.tests.common import ServerCase, build_mail
from odoo.addons.queue_job.job import Job
from odoo.addons.queue_job.tests.common import trap_jobs


@tagged("post_install", "-at_install")
class TestJobs(ServerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.jobs = cls.env["queue.job"].sudo().search([])

    def setUp(self):
        super().setUp()
        self._use_jobs(True)

    def _use_jobs(self, value):
        self.env["ir.config_parameter"].set_param("mail_task_import_queue.use_jobs", str(value))

    def _jobs(self):
        return self.env["queue.job"].search([]) - self.jobs

    def test_without_the_setting_the_scheduler_fetches_itself(self):
        self._use_jobs(False)
        self.deliver(self.support, build_mail())
        self.assertIsNone(self.fetch(self.support))
        self.assertEqual(len(self.entries(self.support)), 1)
        self.assertFalse(self._jobs())

    def test_the_add_on_comes_switched_off(self):
        self.env.ref("mail_task_import_queue.use_jobs").value = "False"
        self.assertFalse(self.env["mail.import.mailbox"]._uses_jobs())

    def test_a_due_mailbox_is_enqueued_in_its_channel(self):
        with trap_jobs() as trap:
            self.assertIsNone(self.support._fetch_if_due())
            trap.assert_jobs_count(1, only=self.support._fetch_as_job)
        self.support._fetch_if_due()
        self.assertEqual(self._jobs().channel, "root.mail_import")

    def test_a_mailbox_has_one_waiting_job(self):
        self.support._fetch_if_due()
        self.support._fetch_if_due()
        self.assertEqual(len(self._jobs()), 1)
        other = self._mailbox("group", "sales@company.example")
        other._fetch_if_due()
        self.assertEqual(len(self._jobs()), 2)

    def test_a_mailbox_that_is_not_due_or_not_active_is_not_enqueued(self):
        self.support.next_fetch = fields.Datetime.now() + timedelta(minutes=1)
        self.support._fetch_if_due()
        self.support.write({"next_fetch": False, "state": "draft"})
        self.support._fetch_if_due()
        self.assertFalse(self._jobs())

    def _perform(self):
        """Run the one waiting job as a job runner does, commits included."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            return Job.load(env, self._jobs().uuid).perform()

    def test_the_job_fetches_the_mail(self):
        self.deliver(self.support, build_mail())
        self.support._fetch_if_due()
        self.assertIsNone(self._perform())
        self.assertEqual(len(self.entries(self.support)), 1)
        self.assertFalse(self.support._is_due())

    def test_a_server_that_does_not_answer_is_no_failed_job(self):
        self.support.port = 1
        self.support._fetch_if_due()
        self.assertTrue(self._perform())
        self.assertEqual(self.support.failures, 1)

    def test_the_job_of_a_deleted_mailbox_does_nothing(self):
        mailbox = self._mailbox("group", "sales@company.example")
        mailbox._fetch_if_due()
        mailbox.unlink()
        self.assertIsNone(self._perform())

    def test_where_no_runner_takes_the_job_the_scheduler_fetches(self):
        self.deliver(self.support, build_mail())
        self.support._fetch_if_due()
        jobs = self._jobs().with_context(_job_edit_sentinel=self.jobs.EDIT_SENTINEL)
        jobs.date_created = fields.Datetime.now() - timedelta(hours=1)
        self.assertIsNone(self.fetch(self.support))
        self.assertEqual(len(self.entries(self.support)), 1)
