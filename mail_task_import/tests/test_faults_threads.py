"""One thread whose mails meet in two workers, cross, or come in the wrong order: one record."""

from odoo.tests import tagged

from .common import build_mail
from .faults_common import FaultCase, Planted


@tagged("post_install", "-at_install")
class TestFaultsThreads(FaultCase):
    def setUp(self):
        super().setUp()
        self.other = f"other-{self.address}"
        self.mailboxes({self.address: {}, self.other: {}})

    def number_of(self, subject, number):
        return f"<{number}.{subject.replace(' ', '.').replace('@', '.')}@threads.example>"

    def plant_mail(self, address, subject, number, answers=None, minutes_ago=100):
        message_id = self.number_of(subject, number)
        raw = build_mail(
            subject=subject,
            sender="Ann <ann@threads.example>",
            to=address,
            text=f"Mail {number} of it",
            message_id=message_id,
            in_reply_to=answers,
            minutes_ago=minutes_ago,
        )
        mail = Planted(raw, message_id, "lead", subject)
        self._deliver(mail, address)
        self.planted.append(mail)
        return message_id

    def fetch_both(self):
        runs = [
            self.stage.zygote.begin("fetch", only=[name]) for name in (self.address, self.other)
        ]
        for run in runs:
            run.finish()
        self.recover(self.address, self.other)

    def assert_one_record_each(self, threads):
        """A lead for each subject, and all its mails in that one's chatter."""
        for subject, mails in threads.items():
            rows = self.stage.query(
                """SELECT l.res_id, count(*) FROM mail_import_link l
                     JOIN mail_import_email e ON e.id = l.email_id
                    WHERE e.subject LIKE %s AND l.res_model = 'crm.lead' AND NOT l.suggested
                    GROUP BY l.res_id""",
                f"%{subject}",
            )
            self.assertEqual([count for _lead, count in rows], [mails], subject)

    def test_a_question_and_its_answer_meet_in_two_workers(self):
        threads = {}
        for number in range(12):
            subject = f"meet{number} {self.address}"
            question = self.plant_mail(self.address, subject, 1, minutes_ago=200)
            self.plant_mail(self.other, subject, 2, answers=question)
            threads[subject] = 2
        self.fetch_both()
        self.assert_one_record_each(threads)

    def test_two_answers_cross_before_their_question_comes(self):
        """Both name a question that neither mailbox has yet; it comes last, to either."""
        threads = {}
        questions = []
        for number in range(8):
            subject = f"cross{number} {self.address}"
            question = self.number_of(subject, 1)
            self.plant_mail(self.address, subject, 2, answers=question)
            self.plant_mail(self.other, subject, 3, answers=question)
            questions.append((self.address if number % 2 else self.other, subject))
            threads[subject] = 3
        self.fetch_both()
        for address, subject in questions:
            self.plant_mail(address, subject, 1, minutes_ago=300)
        self.fetch_both()
        self.assert_one_record_each(threads)
