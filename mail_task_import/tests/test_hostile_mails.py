"""Mails written to stop, blind or fool an importer: read within bounds, stored, still readable."""

import json
import os
import subprocess
import sys
import unittest
from pathlib import Path

from odoo.tests import tagged

from odoo.addons.mail_task_import.mime.parser import parse

from ..batch import STORED
from ..receivers.raw_mail import RawMail
from .common import NOW, MailImportCase
from .hostile import CASES
from .mime_invariants import RECEIVED_AT, broken_rules

SECONDS = 2
"""Of CPU; slow machines included. The slowest mail takes a tenth of it."""
MEMORY = 100_000_000
BATCH = 25


class TestHostileMails(unittest.TestCase):
    def assertReadable(self, name, parsed, expected):
        self.assertEqual(broken_rules(parsed), [])
        if "shows" in expected:
            self.assertIn(expected["shows"], parsed.body_text)
        if "holds" in expected:
            contents = [each.content for each in parsed.attachments]
            self.assertTrue([each for each in contents if expected["holds"] in each], contents[:3])
        found = {
            "subject": parsed.subject,
            "date": parsed.date,
            "to": len(parsed.to),
            "names": [each.name for each in parsed.attachments],
        }
        for field, value in found.items():
            if field in expected:
                self.assertEqual(value, expected[field])

    def test_each_says_what_it_has_to_say(self):
        self.assertGreater(len(CASES), 150)
        for name, (raw, expected) in CASES.items():
            with self.subTest(name):
                self.assertReadable(name, parse(raw, received_at=RECEIVED_AT), expected)

    def test_each_is_read_within_bounds(self):
        script = Path(__file__).with_name("measured_mails.py")
        done = subprocess.run(
            [os.environ.get("MAIL_IMPORT_PYTHON", sys.executable), script],
            capture_output=True,
            timeout=300,
            check=True,
        )
        measured = json.loads(done.stdout)
        self.assertEqual(len(measured), len(CASES))
        for name, (seconds, memory) in measured.items():
            with self.subTest(name):
                self.assertGreaterEqual(seconds, 0, "the process died")
                self.assertLess(seconds, SECONDS)
                self.assertLess(memory, MEMORY)


@tagged("post_install", "-at_install")
class TestHostileImport(MailImportCase):
    def imported(self, names):
        """Outcomes of these mails, in batches, as a mail server would hand them over."""
        received_at = NOW.replace(tzinfo=None)
        raws = [RawMail(content=CASES[name][0], received_at=received_at) for name in names]
        outcomes = []
        for start in range(0, len(raws), BATCH):
            outcomes += self.receive(self.support, *raws[start : start + BATCH])
        self.env.flush_all()
        self.env.invalidate_all()
        return dict(zip(names, outcomes, strict=True))

    def assertStored(self, outcomes):
        for name, mail in outcomes.items():
            with self.subTest(name):
                self.assertEqual(mail.state, STORED, mail.quarantine and mail.quarantine.reason)
                shown = CASES[name][1].get("shows", "")
                self.assertIn(shown, mail.email.body_text or "")
                self.assertEqual(len(mail.email.attachment_ids), len(mail.parsed.attachments))
                self.assertTrue(mail.email.date)

    def test_all_are_stored_and_make_leads(self):
        self.support.default_target_id = self.env.ref("mail_task_import.target_lead")
        outcomes = self.imported(list(CASES))
        self.assertStored(outcomes)
        leads = {
            name: self.record(mail.email)
            for name, mail in outcomes.items()
            if mail.email.from_email
        }
        self.assertGreater(len(leads), 150)
        self.assertEqual({lead._name for lead in leads.values()}, {"crm.lead"})
        self.assertEqual(len({lead.id for lead in leads.values()}), len(leads))

    def test_every_second_makes_a_task(self):
        self.support.write(
            {
                "default_target_id": self.env.ref("mail_task_import.target_task").id,
                "default_project_id": self.project.id,
            }
        )
        outcomes = self.imported(list(CASES)[::2])
        self.assertStored(outcomes)
        made = [self.record(mail.email) for mail in outcomes.values() if mail.email.from_email]
        self.assertEqual({task.project_id for task in made}, {self.project})

    def test_an_absurd_date_becomes_the_received_one(self):
        names = [
            name for name, (_raw, expected) in CASES.items() if expected.get("date", 1) is None
        ]
        self.assertGreater(len(names), 15)
        for name, mail in self.imported(names).items():
            with self.subTest(name):
                self.assertEqual(mail.email.date, NOW.replace(tzinfo=None))
