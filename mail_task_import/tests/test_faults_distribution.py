"""Several importers distribute at once, conflict, and are killed: all are given alike."""

import contextlib
from collections import Counter

from odoo.tests import tagged

from .common import build_mail
from .faults_common import FaultCase, Planted

PEOPLE = 7


@tagged("post_install", "-at_install")
class TestFaultsDistribution(FaultCase):
    lines = (1, 5)

    def setUp(self):
        super().setUp()
        self.people = self.create("res.users", *map(self._person, range(PEOPLE)))
        self.distribution = self.distribute("round_robin")

    def create(self, model, *values):
        return self.stage.zygote.run("create", model=model, values=list(values))

    def _person(self, number):
        ((group,),) = self.stage.query(
            "SELECT res_id FROM ir_model_data WHERE module = 'sales_team'"
            " AND name = 'group_sale_salesman'"
        )
        login = f"{self.address}.{number}"
        return {"name": login, "login": login, "email": login, "group_ids": [[4, group]]}

    def distribute(self, way):
        values = {"name": self.address, "way": way, "user_ids": [[6, 0, self.people]]}
        (made,) = self.create("mail.import.distribution", values)
        return made

    def plant_leads(self, count, *addresses):
        for _mail in range(count):
            number = len(self.planted)
            subject = f"{self.address} no. {number}"
            message_id = f"<d{number}.{self.address}>"
            raw = build_mail(
                subject=subject,
                sender=f"c{number}@c{number}.{self.address.split('@')[0]}.example",
                to=addresses[0],
                message_id=message_id,
                minutes_ago=1000,
            )
            mail = Planted(raw, message_id, "lead", subject)
            for address in addresses:
                self._deliver(mail, address)
            self.planted.append(mail)

    def four_mailboxes(self, mails):
        names = [f"{letter}{self.address}" for letter in "abcd"]
        self.mailboxes({name: {"distribution_id": self.distribution} for name in names})
        # each mail comes to two of them: importers conflict, and try again
        for name, other in zip(names, [*names[1:], names[0]], strict=True):
            self.plant_leads(mails, name, other)
        return names

    def assert_even(self, leads):
        rows = self.stage.query(
            "SELECT user_id FROM crm_lead WHERE name LIKE %s", f"{self.address} no. %"
        )
        given = Counter(user for (user,) in rows)
        self.assertEqual(sum(given.values()), leads)
        self.assertEqual(set(given), set(self.people))
        self.assertLessEqual(max(given.values()) - min(given.values()), 1, given)

    def test_four_importers_in_turn(self):
        names = self.four_mailboxes(100)
        for run in [self.stage.zygote.begin("fetch", only=[name]) for name in names]:
            run.finish()
        self.recover(*names)
        self.assert_even(400)
        for name in names:
            self.assert_ledger(name)

    def test_a_turn_is_remembered_while_somebody_looks_at_what_was_before(self):
        """Such an importer would ask for it once more, for a mail that is here already."""
        self.mailboxes({self.address: {"distribution_id": self.distribution}})
        with contextlib.closing(self.stage.connect()) as looking, looking.cursor() as cursor:
            looking.set_session(isolation_level="REPEATABLE READ")
            cursor.execute("SELECT count(*) FROM crm_lead")
            for _run in range(2):
                self.plant_leads(PEOPLE, self.address)
                self.recover()
            self.assertEqual(self.remembered(), 2 * PEOPLE)
        self.plant_leads(PEOPLE, self.address)
        self.recover()
        self.assertEqual(self.remembered(), PEOPLE)
        self.assert_even(3 * PEOPLE)

    def remembered(self):
        [(turns,)] = self.stage.query(
            """SELECT count(*) FROM mail_import_distribution_turn
                WHERE distribution_id = %s AND key IS NOT NULL""",
            self.distribution,
        )
        return turns

    def test_turns_of_importers_that_were_killed_were_never_taken(self):
        names = self.four_mailboxes(30)
        runs = [self.stage.zygote.begin("fetch", only=[name]) for name in names]
        for run in runs[:2]:
            run.kill_after("flush", self.random.uniform(0, 0.2))
        for run in runs[2:]:
            run.finish()
        self.recover(*names)
        self.assert_even(120)

    def test_four_importers_by_what_people_have(self):
        self.distribution = self.distribute("least_busy")
        names = self.four_mailboxes(30)
        for run in [self.stage.zygote.begin("fetch", only=[name]) for name in names]:
            run.finish()
        self.recover(*names)
        self.assert_even(120)
