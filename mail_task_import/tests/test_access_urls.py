"""Addresses that somebody may type: files, originals, bodies, messages, for who may read them."""

import json

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .test_access_common import SECRET, AccessCase

FILE = ("contract.txt", b"signed and sealed", "text/plain")


@tagged("post_install", "-at_install")
class TestAddresses(HttpCase, AccessCase):
    def setUp(self):
        super().setUp()
        self.email = self.confided(attachments=[FILE])
        self.entry, self.file = self.email.entry_ids, self.email.attachment_ids
        self.env.flush_all()

    def seen_by(self, login, url):
        """What this user gets from an address; nothing where it is refused."""
        self.authenticate(login, login)
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"):
            answer = self.url_open(url, allow_redirects=False)
        return answer.content if answer.status_code == 200 else b""

    def addresses(self):
        entry, email, file = self.entry.id, self.email.id, self.file.id
        return [
            f"/web/content/{file}",
            f"/web/image/{file}",
            f"/web/content/{file}?download=1",
            f"/web/content/mail.import.entry/{entry}/original",
            f"/web/content?model=mail.import.entry&id={entry}&field=original",
            f"/web/content?model=ir.attachment&id={file}&field=raw",
            f"/mail_import/entry/{entry}/original.eml",
            f"/mail_import/entry/{entry}/body",
            f"/mail_import/email/{email}/body",
            f"/mail_import/email/{email}/attachment/{file}",
            f"/mail_import/entry/{entry}/attachment/{file}",
        ]

    def test_nobody_gets_anything_of_somebody_elses_mail(self):
        people = [None] + [
            user.login
            for user in (
                self.portal,
                self.colleague,
                self.agent,
                self.mail_administrator,
                self.administrator,
            )
        ]
        for login in people:
            for url in self.addresses():
                with self.subTest(login=login, url=url):
                    seen = self.seen_by(login, url)
                    self.assertNotIn(FILE[1], seen)
                    self.assertNotIn(SECRET.encode(), seen)

    def test_its_owner_gets_it(self):
        self.assertIn(FILE[1], self.seen_by("boss", f"/web/content/{self.file.id}"))
        self.assertIn(
            SECRET.encode(),
            self.seen_by("boss", f"/mail_import/entry/{self.entry.id}/original.eml"),
        )

    def test_the_mail_of_others_is_not_reached_through_ones_own(self):
        mine = self.asked("Mine", text="mine")
        for url in (
            f"/mail_import/entry/{mine.entry_ids.id}/attachment/{self.file.id}",
            f"/mail_import/link/{self.links(mine).id}/attachment/{self.file.id}",
        ):
            self.assertNotIn(FILE[1], self.seen_by("agent", url))

    def test_quarantine_is_downloaded_by_the_readers_of_its_mailbox(self):
        quarantine = self.env["mail.import.quarantine"].create(
            {"mailbox_id": self.private.id, "reason": "x", "raw": "aGVsbG8gd29ybGQ="}
        )
        self.env.flush_all()
        url = f"/web/content/mail.import.quarantine/{quarantine.id}/raw"
        for user in (self.colleague, self.agent, self.administrator):
            self.assertNotIn(b"hello world", self.seen_by(user.login, url))
        self.assertIn(b"hello world", self.seen_by("boss", url))

    def test_messages_of_a_chatter_are_fetched_by_those_who_read_the_record(self):
        task = self.record(self.asked("Question"))
        for login, shown in (
            ("reader", True),
            ("colleague", False),
            ("postmaster", False),
            ("portal_ann", False),
        ):
            with self.subTest(login=login):
                self.env.flush_all()
                self.authenticate(login, login)
                with mute_logger("odoo.http"):
                    answer = self.url_open(
                        "/mail/thread/messages",
                        headers={"Content-Type": "application/json"},
                        data=json.dumps(
                            {"params": {"thread_model": "project.task", "thread_id": task.id}}
                        ),
                    )
                self.assertEqual(SECRET in answer.text, shown)
