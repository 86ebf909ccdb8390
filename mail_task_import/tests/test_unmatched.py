"""What becomes of mail that nothing matched: nothing lost, nothing doubled, nothing in a circle."""

from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import ServerCase, build_mail

SAM = "Sam <sam@stranger.example>"


class UnmatchedCase(ServerCase):
    def unmatched(self, number=1, **options):
        options = {
            "subject": f"Odd {number}",
            "message_id": f"<{number}@stranger.example>",
            **options,
        }
        return build_mail(**{"sender": SAM, **options})

    def on_server(self, folder="INBOX"):
        """Subjects of the messages in a folder of the mail server, as another program sees them."""
        with self.support._receiver() as receiver:
            if folder not in [info.name for info in receiver.list_folders()]:
                return []
            receiver.select(folder)
            uids = receiver.uids_above(0)
            return [
                line.partition(b": ")[2].strip().decode()
                for batch in receiver.fetch(uids, 100_000)
                for raw in batch
                for line in raw.content.split(b"\r\n")
                if line.lower().startswith(b"subject:")
            ]

    def forwarded(self):
        return self.env["mail.import.email"].search([("written_as", "=", "passed_on")])

    def fetch_all(self):
        self.assertFalse(self.fetch(self.support))
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestUnmatchedOnTheServer(UnmatchedCase):
    def test_it_is_kept_by_default(self):
        self.deliver(self.support, self.unmatched())
        self.fetch_all()
        self.assertEqual(self.on_server(), ["Odd 1"])
        self.assertEqual(self.entries(self.support).folder_id.kind, "inbox")

    def test_it_moves_and_what_is_matched_stays(self):
        self.support.write({"unmatched": "move", "unmatched_folder": "Unsorted"})
        self.deliver(self.support, self.unmatched())
        self.deliver(self.support, build_mail(subject="Known", message_id="<k@customer.example>"))
        self.fetch_all()
        self.fetch_all()
        self.assertEqual(self.on_server(), ["Known"])
        self.assertEqual(self.on_server("Unsorted"), ["Odd 1"])
        self.assertEqual(len(self.entries(self.support)), 2)
        self.assertFalse(self.env["mail.import.remote.change"].search([]))
        entry = self.entries(self.support).filtered(lambda e: e.subject == "Odd 1")
        self.assertIn("it moves to “Unsorted” on the server", entry.why_here)

    def test_it_is_deleted_there_and_kept_here_whole(self):
        self.support.unmatched = "delete"
        raw = self.unmatched(attachments=[("a.txt", b"abc", "text/plain")])
        self.deliver(self.support, raw)
        self.fetch_all()
        self.assertEqual(self.on_server(), [])
        (entry,) = self.entries(self.support)
        self.assertTrue(entry.has_original)
        self.assertEqual(entry.email_id.attachment_ids.raw, b"abc")

    def test_it_takes_the_place_of_after_import(self):
        self.support.write(
            {
                "after_import": "delete",
                "unmatched": "move",
                "unmatched_folder": "Unsorted",
            }
        )
        self.deliver(self.support, self.unmatched())
        self.deliver(self.support, build_mail(subject="Known", message_id="<k@customer.example>"))
        self.fetch_all()
        self.assertEqual(self.on_server(), [])
        self.assertEqual(self.on_server("Unsorted"), ["Odd 1"])

    def test_a_folder_that_is_watched_too_is_not_moved_into_itself(self):
        self.support.write(
            {"unmatched": "move", "unmatched_folder": "Unsorted", "folder_pattern": "*"}
        )
        self.deliver(self.support, self.unmatched())
        for _look in range(4):
            self.fetch_all()
        self.assertEqual(self.on_server("Unsorted"), ["Odd 1"])
        self.assertEqual(len(self.entries(self.support)), 1)
        self.assertEqual(len(self.locations(self.support)), 2)

    def test_what_is_not_stored_whole_stays(self):
        self.support.write({"unmatched": "delete", "size_limit": 10_000})
        self.deliver(self.support, self.unmatched(text="x" * 100 + "\n" + "y " * 40_000))
        self.fetch_all()
        self.assertEqual(self.on_server(), ["Odd 1"])
        self.assertFalse(self.entries(self.support).has_original)

    def test_history_stays(self):
        self.support.write(
            {
                "unmatched": "delete",
                "act_since": "2026-01-02 00:00:00",
                "fetch_since": "2025-01-01",
            }
        )
        self.support.act_since = "2999-01-01 00:00:00"
        self.deliver(self.support, self.unmatched())
        self.fetch_all()
        self.assertEqual(len(self.entries(self.support)), 1)
        self.assertEqual(self.on_server(), ["Odd 1"])

    def test_a_batch_that_is_undone_touches_nothing(self):
        self.support.unmatched = "delete"
        self.deliver(self.support, self.unmatched())
        broken = self.patched_step()
        with broken, self.assertLogs("odoo.addons.mail_task_import", "WARNING"):
            self.fetch(self.support)
        self.assertEqual(self.on_server(), ["Odd 1"])

    def patched_step(self):
        """The last step of a mail fails, after everything was decided."""

        def fail(_self, _batch):
            raise ValueError("on purpose")

        return patch.object(type(self.env["mail.import.entry"]), "_deliver", fail)

    def test_the_folder_has_to_be_named(self):
        with self.assertRaises(ValidationError):
            self.support.unmatched = "move"


@tagged("post_install", "-at_install")
class TestUnmatchedForwarded(UnmatchedCase):
    def setUp(self):
        super().setUp()
        self.support.write({"unmatched": "forward", "forward_to": "office@company.example"})

    def test_it_goes_to_the_address_as_it_came_with_the_reason(self):
        raw = self.unmatched(html="<p>Hello</p>", attachments=[("a.txt", b"abc", "text/plain")])
        self.deliver(self.support, raw)
        self.fetch_all()
        (sent,) = self.send()
        self.assertEqual(sent["To"], "office@company.example")
        self.assertIn("support@company.example", sent["From"])
        self.assertEqual(sent["Auto-Submitted"], "auto-forwarded")
        self.assertEqual(sent["Subject"], "Fwd: Odd 1")
        text = sent.get_body(("plain",)).get_content()
        self.assertIn("nothing there says what is to become of it", " ".join(text.split()))
        self.assertIn("sam@stranger.example", text)
        (original,) = sent.iter_attachments()
        self.assertEqual(original.get_content_type(), "message/rfc822")
        self.assertEqual(original.get_content()["Message-ID"], "<1@stranger.example>")
        self.assertEqual(self.forwarded().attachment_ids.raw, self.support_original())
        self.assertEqual(self.on_server(), ["Odd 1"])

    def support_original(self):
        entry = self.entries(self.support).filtered(lambda e: e.direction == "incoming")
        self.env.cr.execute(
            "SELECT id FROM ir_attachment WHERE res_model = 'mail.import.entry' AND res_id = %s "
            "AND res_field = 'original'",
            [entry.id],
        )
        (id_,) = self.env.cr.fetchone()
        return self.env["ir.attachment"].browse(id_).raw

    def test_matched_mail_is_not(self):
        self.receive(self.support, build_mail())
        self.support.default_target_id = self.env.ref("mail_task_import.target_lead")
        self.receive(self.support, self.unmatched())
        self.assertFalse(self.forwarded())

    def test_once_though_it_comes_again(self):
        for _time in range(3):
            self.receive(self.support, self.unmatched())
        sales = self._at_server(
            self._mailbox(
                "group",
                "sales@company.example",
                unmatched="forward",
                smtp_host="127.0.0.1",
                forward_to="office@company.example",
            )
        )
        self.receive(sales, self.unmatched())
        self.assertEqual(len(self.forwarded()), 1)

    def test_history_old_mail_and_answers_of_programs_are_not(self):
        self.receive(self.support, self.unmatched(), history=True)
        self.receive(self.support, self.unmatched(2, minutes_ago=4000))
        self.receive(self.support, self.unmatched(3, Auto_Submitted="auto-replied"))
        self.receive(self.support, self.unmatched(4, X_Mail_Import_Loop="x@y.example"))
        self.receive(self.support, self.unmatched(5, sender="office@company.example"))
        self.assertFalse(self.forwarded())

    def test_an_absent_clerk_makes_no_circle(self):
        """The office answers each mail with an unmarked "I am away" of a new thread."""
        self.receive(self.support, self.unmatched())
        for number in range(2, 20):
            sent = self.send()
            for mail in sent:
                self.receive(
                    self.support,
                    self.unmatched(
                        number, sender="office@company.example", in_reply_to=mail["Message-ID"]
                    ),
                )
        self.assertEqual(len(self.forwarded()), 1)

    def test_no_more_than_sixty_an_hour(self):
        self.receive(self.support, *[self.unmatched(number) for number in range(62)])
        self.assertEqual(len(self.forwarded()), 60)
        self.assertEqual(
            len(self.entries(self.support).filtered(lambda e: e.direction == "incoming")), 62
        )
        late = self.entries(self.support).filtered(
            lambda e: "too many were forwarded" in (e.why_here or "")
        )
        self.assertEqual(len(late), 2)

    def test_addresses_that_would_come_back_are_refused(self):
        self._mailbox("group", "sales@company.example")
        for address in (
            "support@company.example",
            "SALES@company.example",
            "nonsense",
            False,
            "a@b.example, c@d.example",
        ):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.support.forward_to = address

    def test_an_address_outside_needs_letters_outside(self):
        self.support.forward_to = "office@partner.example"
        with self.assertRaisesRegex(ValidationError, "inside the company only"):
            self.support.letters_outside = False

    def test_a_mailbox_that_is_made_later_at_that_address_stops_it(self):
        self._mailbox("group", "office@company.example")
        (mail,) = self.receive(self.support, self.unmatched())
        self.assertFalse(self.forwarded())
        self.assertIn("that address is watched here", mail.entry.why_here)

    def test_hostile_originals_leave_as_they_can(self):
        mails = [
            b"From: Sam <sam@stranger.example>\r\nSubject: =?utf-8?b?////?=\r\n"
            b'Message-ID: <h1@stranger.example>\r\nContent-Type: multipart/mixed; boundary="x\r\n'
            b"\r\n--x\r\n\xff\xfe\x00\r\n",
            b"From: sam@stranger.example\r\nSubject: " + b"\xff" * 500 + b"\r\n\r\nbody\r\n",
        ]
        self.receive(self.support, *mails)
        self.assertEqual(len(self.forwarded()), 2)
        self.send()
        self.assertFalse(self.forwarded().filtered(lambda email: email.state == "sending"))
