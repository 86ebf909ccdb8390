"""Mails with much HTML are read by a process that ends where it takes too long or too much."""

import base64
import os
import subprocess
import sys
import time
import unittest
from pathlib import Path
from unittest.mock import patch

from odoo import api, fields
from odoo.tests import tagged

from odoo.addons.mail_task_import.mime import outside
from odoo.addons.mail_task_import.mime.parser import parse

from ..batch import QUARANTINED, STORED
from ..models import quarantine_actions
from .common import MailImportCase, build_mail
from .test_mime_common import RECEIVED_AT, raw_mail

MUCH = ("<p>Hello <b>Ann</b>, " + "the heating is cold " * 3) * 5_000
PYTHON = os.environ.get("MAIL_IMPORT_PYTHON", sys.executable)
KILLING = """
import sys
sys.path.insert(0, {folder!r})
from outside_child import limit
limit(1, 1 << 30)
from lxml import etree
etree.HTML("<a " + " ".join(f"x{{n}}=1" for n in range(200_000)) + ">")
"""


def much_html(html=MUCH, **headers):
    return raw_mail(html, Content_Type="text/html; charset=utf-8", **headers)


class TestOutside(unittest.TestCase):
    def test_it_reads_a_mail_as_the_importer_does(self):
        for raw in (raw_mail(), much_html(), b"", b"\xff\0" * 1_000):
            options = {"received_at": RECEIVED_AT, "own_addresses": {"info@example.org"}}
            self.assertEqual(outside.parse_outside(raw, **options), parse(raw, **options))

    def test_only_mails_with_much_html_are_costly(self):
        mixed = 'multipart/mixed; boundary="b"'
        file = "--b\nContent-Type: application/pdf\n\n" + "x" * 900_000
        self.assertTrue(outside.is_costly(much_html()))
        self.assertTrue(
            outside.is_costly(
                raw_mail(f"--b\nContent-Type: text/html\n\n{MUCH}\n--b--", Content_Type=mixed)
            )
        )
        for newline in (b"\r", b"\r\r\n"):
            raw = raw_mail(f"--b\r\nContent-Type: text/html\r\n\r\n{MUCH}\r\n", Content_Type=mixed)
            self.assertTrue(outside.is_costly(raw.replace(b"\r\n", newline)))
        self.assertFalse(outside.is_costly(much_html("<p>Hello</p>" * 10_000)))
        self.assertFalse(outside.is_costly(raw_mail(file, Content_Type=mixed)))
        self.assertFalse(outside.is_costly(raw_mail("x" * 900_000)))

    def test_what_takes_too_long_is_ended(self):
        with (
            patch.object(outside, "WALL_SECONDS", 0.01),
            self.assertRaises(outside.Unreadable) as raised,
        ):
            outside.parse_bounded(much_html())
        self.assertEqual(raised.exception.why, "time")

    def test_what_takes_too_much_memory_is_ended(self):
        with (
            patch.object(outside, "MEMORY", 1_000_000),
            self.assertRaises(outside.Unreadable) as raised,
        ):
            outside.parse_bounded(much_html())
        self.assertEqual(raised.exception.why, "death")

    def test_the_limit_stops_the_parser_that_nothing_else_stops(self):
        """libxml2 takes minutes on one element with 200,000 attributes; no signal gets through."""
        folder = str(Path(outside.__file__).parent)
        started = time.monotonic()
        done = subprocess.run(
            [PYTHON, "-c", KILLING.format(folder=folder)], timeout=120, check=False
        )
        self.assertIn(-done.returncode, outside.ENDED_BY_TIME)
        self.assertLess(time.monotonic() - started, 100)

    def test_an_answer_of_anything_else_than_a_mail_is_refused(self):
        import pickle

        for value in (os.system, subprocess.Popen, print):
            done = subprocess.CompletedProcess([], 0, pickle.dumps(value), b"")
            with self.assertRaises(outside.Unreadable):
                outside.read_answer(done)


@tagged("post_install", "-at_install")
class TestOutsideImport(MailImportCase):
    def costly(self, number):
        return build_mail(subject=f"Costly {number}", html=MUCH)

    def test_a_mail_that_cannot_be_read_is_put_aside_beside_those_that_are_stored(self):
        self.support.default_target_id = self.env.ref("mail_task_import.target_lead")
        raws = [build_mail(subject="a"), self.costly(1), build_mail(subject="b")]
        with (
            patch.object(outside, "WALL_SECONDS", 0.01),
            self.assertLogs("odoo.addons.mail_task_import.models.importer", "WARNING"),
        ):
            first, costly, last = self.receive(self.support, *raws)
        self.assertEqual([first.state, costly.state, last.state], [STORED, QUARANTINED, STORED])
        quarantine = costly.quarantine
        self.assertEqual(quarantine.reason, "Reading this mail took too long.")
        self.assertEqual((quarantine.subject, quarantine.state), ("Costly 1", "kept"))
        self.assertIn("ann@customer.example", quarantine.sender)
        self.assertFalse(quarantine.next_attempt)

    def test_another_attempt_is_the_schedulers_stopped_again_and_later_succeeds(self):
        """Whoever presses *Retry* does not wait a minute for it, and is told so."""
        with (
            patch.object(outside, "WALL_SECONDS", 0.01),
            self.assertLogs("odoo.addons.mail_task_import.models.importer", "WARNING"),
        ):
            (costly,) = self.receive(self.support, self.costly(2))
            quarantine = costly.quarantine
            self.press_retry(quarantine)
            self.assertEqual((quarantine.state, quarantine.attempts), ("waiting", 1))
            self.run_scheduler()
            self.assertEqual((quarantine.state, quarantine.attempts), ("waiting", 2))
            self.assertGreater(quarantine.next_attempt, fields.Datetime.now())
        self.press_retry(quarantine)
        self.run_scheduler()
        self.assertEqual((quarantine.state, quarantine.attempts), ("released", 3))
        self.assertEqual(quarantine.email_id.subject, "Costly 2")
        self.assertIn("Hello", quarantine.email_id.body)

    def press_retry(self, quarantine):
        with patch.object(outside.subprocess, "run", side_effect=AssertionError("read at once")):
            action = quarantine.with_user(self.agent).action_retry()
        self.assertIn("tried in the background", action["params"]["message"])

    def run_scheduler(self):
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            api.Environment(cr, api.SUPERUSER_ID, {})["mail.import.quarantine"]._retry_due()
        self.env.invalidate_all()

    def test_of_many_what_is_not_done_in_seconds_is_the_schedulers(self):
        with (
            patch.object(outside, "WALL_SECONDS", 0.01),
            self.assertLogs("odoo.addons.mail_task_import.models.importer", "WARNING"),
        ):
            mails = self.receive(self.support, *map(self.costly, range(10, 13)))
        quarantines = self.env["mail.import.quarantine"].browse(m.quarantine.id for m in mails)
        for number, quarantine in enumerate(quarantines):
            raw = build_mail(subject=f"Cheap {number}")
            quarantine.raw = base64.b64encode(raw)
        with patch.object(quarantine_actions, "BY_HAND_SECONDS", -1):
            quarantines.with_user(self.agent).action_retry()
        self.assertEqual(quarantines.mapped("state"), ["waiting"] * 3)
        self.run_scheduler()
        self.assertEqual(quarantines.mapped("state"), ["released"] * 3)
        self.assertEqual(
            sorted(quarantines.email_id.mapped("subject")), ["Cheap 0", "Cheap 1", "Cheap 2"]
        )

    def test_it_is_released_as_a_plain_email_without_being_read(self):
        with (
            patch.object(outside, "WALL_SECONDS", 0.01),
            self.assertLogs("odoo.addons.mail_task_import.models.importer", "WARNING"),
        ):
            (costly,) = self.receive(self.support, self.costly(3))
            costly.quarantine.with_user(self.agent).action_release()
        email = costly.quarantine.email_id
        self.assertEqual(email.subject, "Costly 3")
        self.assertEqual(email.attachment_ids.mapped("name"), ["original.eml"])

    def test_much_html_is_stored_as_ever(self):
        (mail,) = self.receive(self.support, self.costly(4))
        self.assertEqual(mail.state, STORED)
        self.assertIn("<b>Ann</b>", mail.email.body)
