"""Confirmations, and mail that nothing matched: several workers at once, and workers killed.

In transactions that are really committed: each mail is confirmed or forwarded once, or not at all.
"""

import time

from odoo.tests import tagged

from .common import build_mail
from .faults_common import FaultCase, Ledger

SENDING = {"smtp_host": "127.0.0.1", "smtp_security": "none", "default_target_id": False}
KILLS = 8


@tagged("post_install", "-at_install")
class TestFaultsAnswered(FaultCase):
    lines = (1, 30)

    def confirming(self, *addresses):
        plain = "ref:mail_task_import.confirmation_plain"
        values = {**SENDING, "confirmation_plain_template_id": plain}
        self.mailboxes(dict.fromkeys(addresses, values))

    def written(self, written_as, *addresses):
        """``(recipient, subject)`` of what was written by itself from here, each queued once."""
        rows = self.stage.query(
            """SELECT e."to", e.subject, count(m.id) FROM mail_import_email e
                 LEFT JOIN mail_mail m ON m.mail_message_id = e.mail_message_id
                WHERE e.written_as = %s AND e.from_email = ANY(%s)
                GROUP BY e.id""",
            written_as,
            list(addresses),
        )
        self.assertEqual({queued for _to, _subject, queued in rows} - {1}, set())
        return sorted(row[:2] for row in rows)

    def fetch_at_once(self, *addresses):
        runs = [self.stage.zygote.begin("fetch", only=[address]) for address in addresses]
        for run in runs:
            run.finish()

    def receive_at_once(self, number_of_mails, other, **headers):
        """Mails of the same writers to both mailboxes, each with a number of its own."""
        house = f"{self.address.partition('@')[0]}.example"
        for number in range(number_of_mails):
            mine = {name: text.format(number=number, house=house) for name, text in headers.items()}
            for address in (self.address, other):
                raw = build_mail(
                    f"{number}", message_id=f"<{number}.of.{address}>", to=address, **mine
                )
                self.stage.dovecot.deliver(address, raw)
        self.fetch_at_once(self.address, other)

    def kill_often(self):
        for _kill in range(KILLS):
            self.plant(2)
            run = self.stage.zygote.begin("fetch")
            time.sleep(self.random.uniform(0, 0.4))
            run.kill()
        self.recover()

    def check_ledger(self):
        """As ``assert_ledger``, where no mail becomes a record."""
        ledger = Ledger(self, self.address)
        ledger.check_server()
        ledger.check_planted_uids()
        ledger.check_mails(set())
        return ledger

    def new_ones(self):
        return [mail for mail in self.planted if mail.kind != "history"]

    def test_two_mailboxes_that_receive_the_same_mail_confirm_it_once(self):
        other = f"other-{self.address}"
        self.confirming(self.address, other)
        for _time in range(3):
            self.plant(6, self.address, other)
            self.fetch_at_once(self.address, other)
        self.recover(self.address, other)
        asked = [mail for mail in self.planted if mail.kind in ("lead", "files")]
        subjects = [subject for _to, subject in self.written("confirmation", self.address, other)]
        self.assertEqual(sorted(subjects), sorted(f"Re: {mail.subject}" for mail in asked))

    def test_two_workers_send_one_address_no_more_than_five(self):
        other = f"other-{self.address}"
        self.confirming(self.address, other)
        self.receive_at_once(10, other, sender="robot@{house}")
        self.recover(self.address, other)
        self.assertEqual(len(self.written("confirmation", self.address, other)), 5)

    def test_kills_with_unmatched_mail_deleted(self):
        self.mailbox(**SENDING, unmatched="delete")
        self.kill_often()
        ledger = self.check_ledger()
        left = len(self.planted) - len(self.new_ones())
        self.assertEqual(len(ledger.on_server("INBOX")[1]), left, "history alone stays")

    def test_kills_with_unmatched_mail_moved(self):
        self.mailbox(**SENDING, unmatched="move", unmatched_folder="Unsorted")
        self.kill_often()
        ledger = self.check_ledger()
        self.assertEqual(len(ledger.on_server("Unsorted")[1]), len(self.new_ones()))

    def test_kills_with_unmatched_mail_forwarded(self):
        office = f"office-{self.address}".replace("company", "partner")
        self.mailbox(**SENDING, unmatched="forward", forward_to=office)
        self.kill_often()
        self.check_ledger()
        self.assertEqual(
            self.written("passed_on", self.address),
            sorted((office, f"Fwd: {mail.subject}") for mail in self.new_ones()),
        )

    def test_two_mails_of_one_thread_in_two_workers_are_confirmed_once(self):
        """Their common question was never received here."""
        other = f"other-{self.address}"
        self.confirming(self.address, other)
        self.receive_at_once(
            12, other, sender="writer{number}@{house}", in_reply_to="<lost.{number}.{house}>"
        )
        self.recover(self.address, other)
        self.assertEqual(len(self.written("confirmation", self.address, other)), 12)
