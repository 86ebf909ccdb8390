"""The connection test of an administrator: it names the stage that failed, and never raises."""

from odoo.addons.mail_task_import.receivers.check import StageResult, test_connection
from odoo.addons.mail_task_import.receivers.connection import password_login

from .test_receivers_common import LOGIN, PASSWORD, ReceiverCase, Script, closed_port, silent_server


class TestCheck(ReceiverCase):
    def check(self, *folders: str, authenticate=None, **changes) -> list[StageResult]:
        tls = {
            "port": self.dovecot.imaps_port,
            "security": "ssl",
            "ca_file": str(self.dovecot.ca_file),
        }
        settings = self.settings(**(tls | changes))
        return test_connection(settings, authenticate or password_login(LOGIN, PASSWORD), folders)

    def stages(self, results: list[StageResult]) -> list[str]:
        """The stages, where all but the last must have succeeded."""
        self.assertTrue(all(result.ok for result in results[:-1]))
        self.assertTrue(all(result.message for result in results))
        return [result.stage for result in results]

    def fails_at(self, stage: str, results: list[StageResult]) -> StageResult:
        order = ["resolve", "connect", "tls", "login", "folder"]
        self.assertEqual(self.stages(results), order[: order.index(stage) + 1])
        self.assertFalse(results[-1].ok)
        return results[-1]

    def test_all_is_well(self):
        results = self.check("INBOX", "Sent")
        self.assertEqual(
            self.stages(results), ["resolve", "connect", "tls", "login", "folder", "folder"]
        )
        self.assertTrue(results[-1].ok)

    def test_unknown_host(self):
        self.fails_at("resolve", self.check(host="mail.invalid"))

    def test_refused_port(self):
        self.fails_at("connect", self.check(port=closed_port()))

    def test_silent_server(self):
        with silent_server() as port:
            self.fails_at("tls", self.check(port=port, timeout=0.3))
            self.fails_at("connect", self.check(port=port, timeout=0.3, security="none"))

    def test_certificate_of_an_unknown_authority(self):
        self.fails_at("tls", self.check(ca_file=None))

    def test_wrong_password(self):
        failure = self.fails_at(
            "login", self.check(authenticate=password_login(LOGIN, "wrong-one"))
        )
        self.assertIn("Authentication failed", failure.server_words)
        self.assertNotIn("wrong-one", repr(failure))

    def test_a_login_of_the_hosts_own_that_fails_by_itself(self):
        def authenticate(_connection):
            raise RuntimeError("The token could not be renewed")

        self.assertIn(
            "renewed", self.fails_at("login", self.check(authenticate=authenticate)).message
        )

    def test_a_folder_that_is_not_there(self):
        results = self.check("INBOX", "Nowhere")
        self.assertEqual(self.stages(results)[-2:], ["folder", "folder"])
        self.assertIn("Nowhere", results[-1].message)
        self.assertFalse(results[-1].ok)

    def test_no_encryption_is_told(self):
        results = self.check(port=self.dovecot.imap_port, security="none")
        self.assertIn(
            "not encrypted", next(result for result in results if result.stage == "tls").message
        )

    def test_an_unchecked_certificate_is_told(self):
        results = self.check(ca_file=None, check_certificate=False)
        self.assertIn(
            "nobody checked", next(result for result in results if result.stage == "tls").message
        )

    def test_a_server_that_breaks_off_after_the_login(self):
        with Script(LOGIN="{tag} OK in\r\n", EXAMINE="* BYE\r\n") as script:
            results = self.check("INBOX", port=script.port, security="none", read_timeout=0.3)
            self.fails_at("folder", results)
