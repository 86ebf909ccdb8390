"""Changing the mail server: only what was named, and as often as one likes."""

from datetime import datetime

from odoo.addons.mail_task_import.receivers.exceptions import (
    ConnectionLost,
    FolderError,
    ServerRefused,
)

from .test_receivers_common import ReceiverCase, Wire, mail

IMAP4_ONLY = "protocol imap {{\n imap_capability = IMAP4rev1 {extra}\n}}"


class SettlingCase(ReceiverCase):
    def setUp(self):
        super().setUp()
        self.uids = self.deliver(mail("One"), mail("Two"), mail("Three"))
        self.deliver(mail("Before"), folder="Done")

    def settling(self, **changes):
        return self.inbox(readonly=False, **changes)

    def flag_as_deleted(self, uid: int) -> None:
        """What other people do who have not yet pressed *Compact folder*."""
        with self.other_client() as other:
            other.delete_messages([uid])


class TestSettling(SettlingCase):
    def test_seen(self):
        imap = self.settling()
        imap.mark_seen(self.uids[:2])
        imap.mark_seen([*self.uids[:2], 999])
        self.assertEqual(
            [seen["flags"] for seen in self.on_server().values()], [{"\\Seen"}, {"\\Seen"}, set()]
        )

    def test_move(self):
        imap = self.settling()
        imap.move(self.uids[:2], "Done")
        self.assertEqual(self.subjects(), ["Three"])
        self.assertEqual(self.subjects("Done"), ["Before", "One", "Two"])

    def test_move_again(self):
        imap = self.settling()
        imap.move(self.uids[:1], "Done")
        imap.move(self.uids[:1], "Done")
        imap.move(self.uids[:2], "Done")
        self.assertEqual(self.subjects("Done"), ["Before", "One", "Two"])

    def test_move_to_a_folder_in_another_script(self):
        imap = self.settling()
        imap.create_folder("Обработано")
        imap.move(self.uids[:1], "Обработано")
        self.assertEqual(self.subjects("Обработано"), ["One"])

    def test_move_to_a_folder_that_is_not_there(self):
        with self.assertRaisesRegex(FolderError, "Nowhere") as caught:
            self.settling().move(self.uids, "Nowhere")
        self.assertEqual(caught.exception.stage, "settle")
        self.assertEqual(self.subjects(), ["One", "Two", "Three"])

    def test_delete_only_what_was_named(self):
        self.flag_as_deleted(self.uids[2])
        imap = self.settling()
        self.assertTrue(imap.delete(self.uids[:1]))
        self.assertTrue(imap.delete(self.uids[:1]))
        self.assertEqual(self.subjects(), ["Two", "Three"])

    def test_nothing_to_do(self):
        imap = self.settling()
        imap.mark_seen([])
        imap.move([], "Done")
        imap.delete([])
        self.assertEqual(self.subjects(), ["One", "Two", "Three"])

    def test_a_folder_that_is_open_for_reading_is_not_changed(self):
        imap = self.inbox()
        for change in (lambda: imap.mark_seen(self.uids), lambda: imap.move(self.uids, "Done")):
            with self.assertRaisesRegex(FolderError, "reading only"):
                change()
        with self.assertRaisesRegex(FolderError, "reading only"):
            imap.delete(self.uids)
        self.assertEqual(self.subjects(), ["One", "Two", "Three"])

    def test_a_refusal_because_all_are_gone_is_none(self):
        with Wire(self.dovecot.imap_port) as wire:
            imap = self.settling(port=wire.port)
            wire.answer = lambda command: (
                b"TAG NO no matching messages\r\n" if b"UID MOVE" in command else None
            )
            imap.move([999], "Done")
            with self.assertRaisesRegex(FolderError, "no matching messages"):
                imap.move(self.uids, "Done")

    def test_line_cut_while_moving(self):
        with Wire(self.dovecot.imap_port) as wire:
            imap = self.settling(port=wire.port)
            wire.cut_after = 5
            with self.assertRaises(ConnectionLost):
                imap.move(self.uids[:1], "Done")
        self.settling().move(self.uids[:1], "Done")
        self.assertEqual(self.subjects("Done"), ["Before", "One"])


class TestServerWithoutMove(SettlingCase):
    dovecot_extra = IMAP4_ONLY.format(extra="UIDPLUS")

    def test_move_takes_only_what_was_named(self):
        self.flag_as_deleted(self.uids[2])
        with Wire(self.dovecot.imap_port) as wire:
            imap = self.settling(port=wire.port)
            imap.move([*self.uids[:1], 999], "Done")
            imap.move([*self.uids[:1], 999], "Done")
            self.assertFalse([command for command in wire.commands if b"UID MOVE" in command])
        self.assertEqual(self.subjects(), ["Two", "Three"])
        self.assertEqual(self.subjects("Done"), ["Before", "One"])

    def test_move_to_a_folder_that_is_not_there(self):
        with self.assertRaises(FolderError):
            self.settling().move(self.uids, "Nowhere")
        self.assertEqual(
            [seen["flags"] for seen in self.on_server().values()], [set(), set(), set()]
        )


class TestServerWithoutUidplus(SettlingCase):
    dovecot_extra = IMAP4_ONLY.format(extra="")

    def test_move_is_refused_before_anything_is_changed(self):
        with self.assertRaisesRegex(ServerRefused, "Nothing was moved"):
            self.settling().move(self.uids, "Done")
        self.assertEqual(self.subjects("Done"), ["Before"])
        self.assertEqual(
            [seen["flags"] for seen in self.on_server().values()], [set(), set(), set()]
        )

    def test_append_works_and_tells_no_more_than_the_server(self):
        uid = self.settling().append("Done", mail("Four"))
        self.assertIn(uid, (None, 2))
        self.assertEqual(self.subjects("Done"), ["Before", "Four"])

    def test_delete_flags_and_leaves_the_rest_to_the_owner(self):
        self.flag_as_deleted(self.uids[2])
        self.assertFalse(self.settling().delete(self.uids[:1]))
        flags = [seen["flags"] for seen in self.on_server().values()]
        self.assertEqual(flags, [{"\\Deleted"}, set(), {"\\Deleted"}])


class TestAppending(ReceiverCase):
    message_id = "<one@example.com>"

    def test_append_tells_the_uid_and_keeps_flags_and_date(self):
        raw = mail("Sent", message_id=self.message_id)
        imap = self.receiver()
        uid = imap.append("Sent", raw, date=datetime(2024, 5, 5, 23, 30))
        imap.select("Sent")
        [[got]] = imap.fetch([uid], 1_000_000)
        self.assertEqual((got.content, got.received_at), (raw, datetime(2024, 5, 5, 23, 30)))
        self.assertIn("\\Seen", got.flags)

    def test_line_ends_become_those_of_mail(self):
        imap = self.receiver()
        uid = imap.append("Sent", b"Subject: x\n\nHello\n")
        imap.select("Sent")
        self.assertEqual(
            next(imap.fetch([uid], 1_000_000))[0].content, b"Subject: x\r\n\r\nHello\r\n"
        )

    def test_append_once(self):
        imap = self.receiver()
        for _attempt in range(2):
            if not imap.find_message_id("Sent", self.message_id):
                imap.append("Sent", mail("Sent", message_id=self.message_id))
        self.assertEqual(self.subjects("Sent"), ["Sent"])

    def test_a_message_id_is_found_whole_only(self):
        self.deliver(
            mail(message_id="<one@example.com>"), mail(message_id="<one@example.com>.old"), mail()
        )
        imap = self.receiver()
        self.assertEqual(imap.find_message_id("INBOX", "<one@example.com>"), [1])
        self.assertEqual(imap.find_message_id("INBOX", " <one@example.com> "), [1])
        for other in ("one@", "", "  ", 'a"b', "<ü@x>", "<a\r\nA9 LOGOUT>"):
            with self.subTest(other):
                self.assertEqual(imap.find_message_id("INBOX", other), [])

    def test_append_to_a_folder_that_is_not_there(self):
        with self.assertRaisesRegex(FolderError, "Nowhere"):
            self.receiver().append("Nowhere", mail())

    def test_line_cut_while_appending(self):
        with Wire(self.dovecot.imap_port) as wire:
            imap = self.receiver(port=wire.port)
            wire.cut_after = 0
            with self.assertRaises(ConnectionLost):
                imap.append("Sent", mail("Sent", "x" * 100_000))
