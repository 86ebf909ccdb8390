"""One mail by two ways at once, the host's gateway and a mailbox: there is one record."""

import base64
import contextlib
import time

from odoo.tests import tagged

from ..mime.parser import parse
from ..models.reference import digest_of
from .common import build_mail
from .faults_common import FaultCase

ROUNDS = 12
MAILS = 6


@tagged("post_install", "-at_install")
class TestFaultsGateway(FaultCase):
    """Mail to a project's alias, which a group mailbox gets a copy of."""

    def setUp(self):
        super().setUp()
        run = self.stage.zygote.run
        name = self.address.partition("@")[0]
        (domain,) = run("create", model="mail.alias.domain", values=[{"name": f"{name}.example"}])
        self.alias = f"work@{name}.example"
        project = {"name": name, "alias_name": "work", "alias_domain_id": domain}
        run("create", model="project.project", values=[project])
        self.mailbox()
        self.stage.dovecot.add_user(self.alias, "secret")
        self.subjects = []

    def raws(self, count):
        """Every second one without a Message-ID."""
        for _mail in range(count):
            number = len(self.subjects)
            subject = f"Both ways {number} {self.address}"
            self.subjects.append(subject)
            raw = build_mail(
                subject=subject,
                sender=f"Ann <ann{number}@{self.alias.partition('@')[2]}>",
                to=self.alias,
            )
            lines = raw.splitlines(True)
            if number % 2:
                lines = [line for line in lines if not line.startswith(b"Message-ID")]
            yield b"".join(lines)

    def deliver(self, raw, address):
        hop = f"Delivered-To: {address}\r\nReceived: by store.example for {address}\r\n"
        self.stage.dovecot.deliver(address, hop.encode() + raw)

    def together(self, first, second, seconds):
        runs = []
        for begin in (first, second):
            runs.append(begin())
            time.sleep(seconds)
        for run in runs:
            run.finish()

    def begin_fetch(self):
        return self.stage.zygote.begin("fetch", only=[self.address])

    def assert_one_each(self):
        self.recover()
        tasks = dict(
            self.stage.query(
                "SELECT name, count(*) FROM project_task WHERE name = ANY(%s) GROUP BY name",
                self.subjects,
            )
        )
        self.assertEqual(tasks, dict.fromkeys(self.subjects, 1))
        messages = self.stage.query(
            """SELECT subject, count(*) FROM mail_message
                WHERE subject = ANY(%s) AND message_type = 'email' AND model = 'project.task'
                GROUP BY subject""",
            self.subjects,
        )
        self.assertEqual(dict(messages), dict.fromkeys(self.subjects, 1))
        entries = self.stage.query(
            """SELECT n.subject, count(*) FROM mail_import_entry e
                 JOIN mail_import_email n ON n.id = e.email_id
                 JOIN mail_import_link l ON l.email_id = n.id AND l.res_model = 'project.task'
                WHERE n.subject = ANY(%s) GROUP BY n.subject""",
            self.subjects,
        )
        self.assertEqual(dict(entries), dict.fromkeys(self.subjects, 1))

    def claim(self, raws):
        """As another mailbox did whose filter skips the mail: the claim stays, nothing else."""
        digests = [digest_of(parse(raw).message_id) for raw in raws]
        with contextlib.closing(self.stage.connect()) as connection, connection.cursor() as cursor:
            cursor.execute(
                """INSERT INTO mail_import_arrival (digest, arrived_at)
                   SELECT unnest(%s), now() AT TIME ZONE 'UTC'""",
                [digests],
            )
            connection.commit()

    def test_piped_in_and_fetched_at_once(self):
        self.pipe_and_fetch()

    def test_piped_in_and_fetched_at_once_what_a_filter_has_skipped_elsewhere(self):
        self.pipe_and_fetch(self.claim)

    def pipe_and_fetch(self, before=list):
        for number in range(ROUNDS):
            raws = list(self.raws(MAILS))
            before(raws)
            for raw in raws:
                self.deliver(raw, self.address)
            piped = [base64.b64encode(raw).decode() for raw in raws]

            def begin_pipe(piped=piped):
                return self.stage.zygote.begin("hand_over", raws=piped)

            ways = (begin_pipe, self.begin_fetch)
            self.together(*ways[:: -1 if number % 2 else 1], self.random.uniform(0, 0.15))
        self.assert_one_each()

    def test_fetched_by_a_server_of_the_host_and_by_the_mailbox_at_once(self):
        def begin_host():
            port = self.stage.dovecot.imap_port
            return self.stage.zygote.begin("fetch_by_host", address=self.alias, port=port)

        for number in range(ROUNDS):
            for raw in self.raws(MAILS):
                self.deliver(raw, self.address)
                self.deliver(raw, self.alias)
            ways = (begin_host, self.begin_fetch)
            self.together(*ways[:: -1 if number % 2 else 1], self.random.uniform(0, 0.15))
        self.assert_one_each()
