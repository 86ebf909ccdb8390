"""Random histories, and nobody reads what is not theirs. Many more by hand: ``make leak-fuzz``.

``LEAK_FUZZ_SCENARIOS`` says how many, ``LEAK_FUZZ_FIRST`` from which seed on, ``LEAK_FUZZ_SHARE``
what share of the questions is asked after each (1: everybody asks everything).
"""

import logging
import os
import random
import time
from contextlib import contextmanager

from odoo.tests import HttpCase, tagged

from .leak_fuzz import scenario
from .leak_fuzz.addresses import ask_by_address, ask_by_shared_address
from .leak_fuzz.stage import LeakStage

_logger = logging.getLogger(__name__)
_logger.setLevel(logging.INFO)
SCENARIOS = int(os.environ.get("LEAK_FUZZ_SCENARIOS", "300"))
FIRST = int(os.environ.get("LEAK_FUZZ_FIRST", "0"))
SHARE = float(os.environ.get("LEAK_FUZZ_SHARE", "0.15"))
BY_ADDRESS = max(6, SCENARIOS // 40)
SHOWN = 5
"""Kinds of leaks that are told with what happened before them."""
SHRUNK = 2


class LeakCase(LeakStage):
    readable_fields = {}

    @contextmanager
    def a_world_of_its_own(self):
        """What happens in it is undone, what it queued for the commit included."""
        self.env.flush_all()
        savepoint = self.env.cr.savepoint(flush=False)
        try:
            yield
        finally:
            self.env.cr.precommit.clear()
            self.env.cr.postcommit.clear()
            self.env.invalidate_all(flush=False)
            savepoint.rollback()
            savepoint.close(rollback=False)
            self.env.registry.reset_changes()
            self.env.invalidate_all(flush=False)

    def assertNoLeaks(self, seeds, **options):
        kinds, begun = {}, time.monotonic()
        for number, seed in enumerate(seeds, 1):
            leaks, log = scenario.run(self, seed, share=SHARE, **options)
            for leak in leaks:
                if leak.kind not in kinds:
                    told = "\n  ".join(log) if len(kinds) < SHOWN else ""
                    _logger.warning("seed %s: %s\n  %s", seed, leak, told)
                kinds.setdefault(leak.kind, (seed, leak))
            if number % 100 == 0 or number == len(seeds):
                _logger.info(
                    "%s histories, %s questions, %s kinds of leaks, %.0f s",
                    *(number, self.questions_asked, len(kinds), time.monotonic() - begun),
                )
        for seed, leak in list(kinds.values())[:SHRUNK]:
            _logger.warning("with the fewest acts: %s", scenario.report(self, seed, leak))
        self.assertFalse(list(kinds.values()), f"{len(kinds)} kinds of leaks")

    # -- rules that are broken on purpose ---------------------------------------------------------

    def _make_notes_public(self, _history):
        comment = self.env.ref("mail.mt_comment").id
        self._sql(f"UPDATE mail_message SET is_internal = false, subtype_id = {comment}")

    def _sql(self, statement):
        self.env.flush_all()
        self.env.cr.execute(statement)
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestLeakFuzz(LeakCase):
    def test_no_history_shows_anybody_what_is_not_theirs(self):
        self.assertNoLeaks(range(FIRST, FIRST + SCENARIOS))


@tagged("post_install", "-at_install")
class TestLeakFuzzByAddress(HttpCase, LeakCase):
    def test_no_address_shows_anybody_what_is_not_theirs(self):
        def look(history):
            chance = random.Random(str(history.log))
            leaks = ask_by_address(self, history, chance, chance.sample(list(self.people), 3))
            return leaks + ask_by_shared_address(self, history)

        self.assertNoLeaks(range(FIRST, FIRST + BY_ADDRESS), look=look)

    def test_a_note_that_is_public_is_found_by_the_address_of_its_task(self):
        leaks, _log = scenario.run(
            self,
            0,
            [("note_beside_a_guest", 0)],
            share=0.01,
            look=lambda history: ask_by_shared_address(self, history),
            sabotage=self._make_notes_public,
        )
        ways = {leak.how.split()[0] for leak in leaks if leak.user == "who has the address"}
        self.assertEqual(ways, {"/mail/chatter_fetch"})


@tagged("post_install", "-at_install")
class TestTheFuzzItself(LeakCase):
    """A rule that is broken on purpose is found out; else finding nothing would prove nothing."""

    def assertFoundOut(self, sabotage, seeds=25, share=SHARE, acts=None):
        """:return: the leaks of the first history that has any"""
        for seed in range(seeds):
            leaks, _log = scenario.run(self, seed, acts, share, sabotage=sabotage)
            if leaks:
                return leaks
        return self.fail("nothing was noticed")

    def test_emails_without_their_rule(self):
        self.assertFoundOut(lambda history: self._without("rule_email_readers"))

    def test_entries_without_their_rule(self):
        self.assertFoundOut(lambda history: self._without("rule_entry_readers"))

    def test_missing_messages_without_their_rule(self):
        def sabotage(_history):
            self._without("rule_audit_line_readers")

        leaks = self.assertFoundOut(sabotage, 1, 1, [("audit", 0)])
        self.assertIn("mail.import.audit.line", {leak.how.split(":")[0] for leak in leaks})

    def test_closed_mail_that_is_open(self):
        self.assertFoundOut(
            lambda history: self._sql("UPDATE mail_import_entry SET visibility = 'linked'")
        )

    def test_a_mail_that_nobody_reads(self):
        mailboxes = self.env["mail.import.mailbox"]
        self.assertFoundOut(lambda history: mailboxes.search([]).write({"reader_ids": [(5,)]}))

    def test_notes_that_are_public(self):
        """A customer with a login follows the task where the note is written."""
        acts = [("note_beside_a_guest", 0)]
        self.assertEqual(scenario.run(self, 0, acts)[0], [])
        leaks = self.assertFoundOut(self._make_notes_public, 1, 1, acts)
        self.assertEqual({leak.user for leak in leaks}, {"guest"})
        ways = {leak.how.split(":")[0] for leak in leaks}
        self.assertGreaterEqual(ways, {"mail.message", "task1"})

    def test_published_mail_that_is_public(self):
        """The note that a mail was published as, beside a customer with a login."""
        acts = [("mail_beside_a_guest", 0)]
        self.assertEqual(scenario.run(self, 0, acts)[0], [])
        leaks = self.assertFoundOut(self._make_notes_public, 1, 1, acts)
        self.assertIn("guest", {leak.user for leak in leaks})

    def test_what_came_back_that_is_told_to_everybody(self):
        """A letter to a contact from the boss's own mailbox, beside those of group mailboxes."""
        acts = [("come_back_and_write", seed) for seed in range(20)]

        def sabotage(_history):
            self._sql("UPDATE mail_import_bounce_report SET has_email = false")

        leaks, log = scenario.run(self, 0, acts)
        self.assertEqual(leaks, [])
        self.assertGreater(len([line for line in log if "comes back" in line]), 10, log)
        leaks = self.assertFoundOut(sabotage, 1, 1, acts)
        self.assertGreaterEqual({leak.how.split(": ")[1] for leak in leaks}, {"banner", "words"})

    def test_what_is_for_its_owner_only_without_its_rule(self):
        for act, rule, model in (
            ("keep_template", "rule_template_personal", "mail.template"),
            ("bring_file", "rule_upload_own", "mail.import.upload"),
            ("ask_to_forward", "rule_forwarding_readers", "mail.import.forwarding"),
        ):
            with self.subTest(act):
                acts = [("receive", 0), (act, 0), (act, 1)]
                self.assertEqual(scenario.run(self, 0, acts)[0], [])
                leaks, _log = scenario.run(
                    self, 0, acts, sabotage=lambda _history, rule=rule: self._without(rule)
                )
                self.assertIn(model, {leak.how.split(":")[0] for leak in leaks})

    def _without(self, rule):
        self.env.ref(f"mail_task_import.{rule}").active = False
