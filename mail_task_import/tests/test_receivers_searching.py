"""Which UIDs are asked for: none missed, none twice, and no answer without bounds."""

from datetime import date, datetime, timezone

from odoo.addons.mail_task_import.receivers.exceptions import ConnectionLost

from .test_receivers_common import ReceiverCase, Wire, mail


class TestUids(ReceiverCase):
    def fill(self, count: int) -> list[int]:
        return self.deliver(*(mail(f"Mail {number}") for number in range(count)))

    def test_above_is_ascending_and_without_the_last_one_again(self):
        uids = self.fill(4)
        imap = self.inbox()
        self.assertEqual(imap.uids_above(0), uids)
        self.assertEqual(imap.uids_above(uids[1]), uids[2:])
        # A server answers "UID 5:*" with UID 4, if that is the last one.
        self.assertEqual(imap.uids_above(uids[-1]), [])
        self.assertEqual(imap.uids_above(uids[-1] + 100), [])

    def test_an_empty_folder(self):
        imap = self.inbox()
        self.assertEqual(imap.uids_above(0), [])
        self.assertEqual(imap.uids_since(date(2020, 1, 1)), [])
        self.assertEqual(list(imap.uids_below(100)), [])

    def test_mail_that_arrives_later_is_seen_when_the_folder_is_opened_again(self):
        uids = self.fill(1)
        imap = self.inbox()
        uids += self.fill(1)
        imap.select("INBOX")
        self.assertEqual(imap.uids_above(0), uids)

    def test_below_is_descending(self):
        uids = self.fill(4)
        self.assertEqual(list(self.inbox().uids_below(uids[-1])), uids[2::-1])

    def test_since_goes_by_arrival_and_includes_the_day_before(self):
        """The server's days begin where the server stands."""
        uids = [
            self.deliver(mail(), date=datetime(2024, 5, day, 12, tzinfo=timezone.utc))[0]
            for day in (1, 2, 3, 4, 5)
        ]
        imap = self.inbox()
        self.assertEqual(imap.uids_since(date(2024, 5, 4)), uids[2:])
        self.assertEqual(imap.uids_since(datetime(2024, 5, 4, 23, 59)), uids[2:])
        self.assertEqual(list(imap.uids_below(uids[4], date(2024, 5, 4))), [uids[3], uids[2]])

    def test_arrival_counts_and_not_the_uid(self):
        """A mail that was moved here has a new UID and its old date."""
        new, old = (
            self.deliver(mail(), date=datetime(year, 5, 5, tzinfo=timezone.utc))[0]
            for year in (2024, 2010)
        )
        self.assertLess(new, old)
        self.assertEqual(self.inbox().uids_since(date(2024, 1, 1)), [new])

    def test_windows_give_what_one_question_gives(self):
        uids = self.fill(25)
        with self.other_client() as other:
            other.delete_messages(uids[3:9])
            other.uid_expunge(uids[3:9])
        left = uids[:3] + uids[9:]
        for window in (1, 3, 7, 19, 20):
            imap = self.inbox()
            imap.window = window
            with self.subTest(window):
                self.assertEqual(imap.uids_above(0), left)
                self.assertEqual(imap.uids_above(uids[12]), uids[13:])
                self.assertEqual(imap.uids_above(uids[-1]), [])
                self.assertEqual(imap.uids_since(date(2020, 1, 1)), left)
                self.assertEqual(list(imap.uids_below(uids[12])), uids[11:8:-1] + uids[2::-1])

    def test_nothing_is_missed_when_others_remove_mail_between_windows(self):
        uids = self.fill(12)
        imap = self.inbox()
        imap.window = 4
        below = imap.uids_below(uids[-1] + 1)
        taken = [next(below) for _ in range(4)]
        with self.other_client() as other:
            other.delete_messages(uids[9:11])
            other.uid_expunge(uids[9:11])
        imap.present(uids)  # a command in which the server may tell of the removal
        self.assertEqual(taken + list(below), uids[::-1])

    def test_answers_for_a_big_folder_are_bounded(self):
        uids = self.fill(20)
        with Wire(self.dovecot.imap_port) as wire:
            imap = self.inbox(port=wire.port)
            imap.window = 5
            wire.commands.clear()
            self.assertEqual(next(imap.uids_below(uids[-1])), uids[-2])
            self.assertEqual(wire.commands, [b"UID SEARCH 16:* UID 1:%d" % uids[-2]])
            wire.commands.clear()
            self.assertEqual(imap.uids_above(0), uids)
            self.assertEqual(
                [command.split()[2] for command in wire.commands],
                [b"16:*", b"11:15", b"6:10", b"1:5"],
            )

    def test_the_usual_question_is_one_command(self):
        uids = self.fill(20)
        with Wire(self.dovecot.imap_port) as wire:
            imap = self.inbox(port=wire.port)
            imap.window = 5
            wire.commands.clear()
            self.assertEqual(imap.uids_above(uids[-3]), uids[-2:])
            self.assertEqual(len(wire.commands), 1)

    def test_line_cut_in_the_middle_of_an_answer(self):
        self.fill(20)
        with Wire(self.dovecot.imap_port) as wire:
            imap = self.inbox(port=wire.port)
            wire.cut_after = 15
            with self.assertRaises(ConnectionLost):
                imap.uids_above(0)
