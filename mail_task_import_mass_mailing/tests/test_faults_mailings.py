"""Mass mailings, really committed: workers killed while a letter leaves, and broken lines."""

from email import message_from_bytes

from odoo.tests import tagged

from odoo.addons.mail_task_import.tests.faults_common import FaultCase, wait_until
from odoo.addons.mail_task_import.tests.scripted_smtp import HANG_UP, SILENCE, ScriptedSmtp

READERS = 5


@tagged("post_install", "-at_install")
class TestFaultsMailings(FaultCase):
    def setUp(self):
        super().setUp()
        self.server = self.enterContext(ScriptedSmtp())
        run = self.stage.zygote.run
        place = self.address.split("@")[0]
        (server,) = run(
            "create",
            model="ir.mail_server",
            values=[
                {
                    "name": "Company",
                    "smtp_host": "127.0.0.1",
                    "smtp_port": self.server.port,
                    "smtp_encryption": "none",
                }
            ],
        )
        addresses = [f"{place}-{number}@news.example" for number in range(READERS)]
        self.addresses = set(addresses)
        values = [{"name": address, "email": address} for address in addresses]
        people = run("create", model="res.partner", values=values)
        self.mailing = run(
            "create",
            model="mailing.mailing",
            values=[
                {
                    "subject": "News",
                    "mailing_model_id": "ref:base.model_res_partner",
                    "mailing_domain": str([("id", "in", people)]),
                    "body_html": "<p>News for {Person.name}</p>",
                    "mail_server_id": server,
                    "state": "in_queue",
                }
            ],
        )

    def scheduler(self):
        """Its turns at mailings, and at what they have left in the queue."""
        self.stage.zygote.run("mailings")
        self.stage.zygote.run("queue")

    def got(self):
        """Message-Ids of what the server took, by recipient."""
        found = {}
        for (recipient,), raw in self.server.contents:
            found.setdefault(recipient, []).append(message_from_bytes(raw)["Message-Id"])
        return found

    def traces(self):
        return self.stage.query(
            "SELECT email, trace_status, failure_type, coalesce(failure_reason, '')"
            " FROM mailing_trace WHERE mass_mailing_id = %s ORDER BY trace_status, email",
            *self.mailing,
        )

    def assert_one_in_doubt(self):
        """It is said of one that it may have arrived; all others have got it, and nobody twice."""
        doubted, *sent = self.traces()
        self.assertEqual(doubted[1:3], ("error", "unknown"))
        self.assertIn("may have arrived", doubted[3])
        self.assertEqual([trace[1] for trace in sent], ["sent"] * (READERS - 1))
        self.assertEqual(set(self.got()), self.addresses)
        self.assertEqual([len(ids) for ids in self.got().values()], [1] * READERS)
        return doubted[0]

    def test_all_get_it_once(self):
        self.scheduler()
        self.scheduler()
        self.assertEqual([len(ids) for ids in self.got().values()], [1] * READERS)
        self.assertEqual({trace[1:] for trace in self.traces()}, {("sent", None, "")})

    def test_killed_between_the_servers_yes_and_the_commit_it_is_not_sent_again(self):
        self.server.does["content"] = SILENCE
        run = self.stage.zygote.begin("mailings")
        self.assertTrue(self.server.got_content.wait(30))
        self.assertTrue(run.kill())
        self.server.does.clear()

        def others_are_sent():
            # the killed worker's lock ends when PostgreSQL notices
            self.scheduler()
            return len(self.server.contents) == READERS

        wait_until(others_are_sent)
        self.scheduler()
        doubted = self.assert_one_in_doubt()
        self.stage.zygote.run("retry_mailings", ids=self.mailing)
        self.scheduler()
        self.assertEqual(len(self.server.contents), READERS + 1)
        self.assertEqual(len(set(self.got()[doubted])), 2, "sent by a person: a mail of its own")
        self.assertEqual({trace[1] for trace in self.traces()}, {"sent"})

    def assert_others_get_none(self, model, field, values, failure):
        """Another worker commits that they are out, while the first letter leaves."""
        self.server.may_answer.clear()
        run = self.stage.zygote.begin("mailings")
        self.assertTrue(self.server.got_content.wait(30))
        others = [{field: address, **values} for address in self.addresses - set(self.got())]
        self.stage.zygote.run("create", model=model, values=others)
        self.server.may_answer.set()
        run.finish()
        self.scheduler()
        self.assertEqual(len(self.server.contents), 1)
        told = sorted(trace[1:3] for trace in self.traces())
        self.assertEqual(told, [("cancel", failure)] * (READERS - 1) + [("sent", None)])

    def test_who_opts_out_while_others_letters_leave_gets_none(self):
        self.assert_others_get_none("mail.blacklist", "email", {}, "mail_bl")

    def test_whose_address_fails_while_others_letters_leave_gets_none(self):
        fails = {"is_left_out": True, "kind": "hard"}
        state = "mail.import.address.state"
        self.assert_others_get_none(state, "address", fails, "mail_import_bounced")

    def test_a_line_that_breaks_before_the_servers_yes_is_told(self):
        self.server.does["content"] = HANG_UP
        with self.assertRaisesRegex(AssertionError, "unexpectedly closed"):
            self.stage.zygote.run("mailings")
        self.server.does.clear()
        self.scheduler()
        self.scheduler()
        self.assert_one_in_doubt()
