"""Rehearsals beside importers, in processes of their own: they leave nothing, and block nobody."""

from odoo.tests import tagged

from .faults_common import FaultCase


@tagged("post_install", "-at_install")
class TestFaultsRehearsed(FaultCase):
    def rehearse(self, address=None):
        return self.stage.zygote.begin("rehearse", address=address or self.address)

    def counts(self):
        ours = ("email", "entry", "link", "location", "claim", "reference", "quarantine")
        names = [*(f"mail_import_{table}" for table in ours), "crm_lead", "mail_message"]
        return [self.stage.query(f"SELECT count(*) FROM {name}") for name in names]

    def test_it_leaves_nothing_and_tells_what_the_fetch_makes(self):
        self.mailbox()
        self.plant(60)
        before = self.counts()
        said = self.rehearse().finish()
        self.assertEqual(self.counts(), before)
        self.assertEqual((said["ending"], said["taken"]), ("complete", 60))
        self.recover()
        self.assert_ledger()
        made = self.stage.query(
            """SELECT count(*) FROM mail_import_link l JOIN mail_import_entry e
                   ON e.email_id = l.email_id JOIN mail_import_mailbox m ON m.id = e.mailbox_id
                WHERE l.made_record AND m.address = %s""",
            self.address,
        )
        self.assertEqual(made, [(said["made"],)])

    def test_the_mailbox_is_fetched_or_rehearsed_never_both(self):
        self.mailbox()
        self.plant(60)
        runs = [self.stage.zygote.begin("fetch", only=[self.address]), self.rehearse()]
        fetched, rehearsed = (run.finish() for run in runs)
        self.assertIsNone(fetched["error"])
        # "conflict": the scheduler has written that it is due; "waiting": it wants to
        self.assertIn(rehearsed["ending"], ("busy", "complete", "conflict", "waiting"))
        self.recover()
        self.assert_ledger()

    def test_another_mailbox_that_has_the_same_mails_is_fetched_meanwhile(self):
        other = f"other-{self.address}"
        self.mailbox()
        self.mailbox(other)
        for _time in range(3):
            self.plant(30, self.address, other)
            runs = [self.rehearse(), self.stage.zygote.begin("fetch", only=[other])]
            rehearsed, fetched = (run.finish() for run in runs)
            self.assertIsNone(fetched["error"])
            self.assertIn(rehearsed["ending"], ("complete", "waiting", "conflict"))
        self.recover()
        self.assert_ledger()
        self.assert_ledger(other)
