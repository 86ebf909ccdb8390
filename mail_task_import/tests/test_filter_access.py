"""Whose filters are whose, who reads what they skipped, and what an attacker is refused."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import build_mail
from .test_access_common import SECRET, AccessCase


@tagged("post_install", "-at_install")
class TestFilterAccess(AccessCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Filter = cls.env["mail.import.filter"]
        cls.Folder = cls.env["mail.import.folder"]
        cls.everywhere = cls.Filter.create({"scope": "global", "sender": "spam.example"})
        cls.of_group = cls.Filter.create(
            {"scope": "group", "mailbox_id": cls.support.id, "subject": SECRET}
        )
        cls.of_boss = cls.by(cls.boss).create({"scope": "own", "subject": SECRET}).sudo()

    @classmethod
    def by(cls, user):
        return cls.Filter.with_user(user)

    def assertRejected(self, ask):
        """Refused, whether as no business of the user's or as not making sense."""
        self.env.invalidate_all()
        with mute_logger("odoo.addons.base.models.ir_rule", "odoo.models"):
            try:
                with self.env.cr.savepoint():
                    ask()
            except (AccessError, ValidationError):
                return
        self.fail("nobody was refused")

    # -- reading --------------------------------------------------------------------------------

    def test_own_filters_are_the_owners_alone(self):
        others = (self.stranger, self.portal, self.colleague, self.agent)
        self.assertHiddenFrom([*others, *self.administrators], self.of_boss, "subject")
        self.assertShownTo([self.boss], self.of_boss, "subject")

    def test_filters_of_a_group_mailbox_are_its_readers_and_the_administrators(self):
        self.assertHiddenFrom([self.stranger, self.portal, self.colleague, self.boss],
                              self.of_group, "subject")  # fmt: skip
        self.assertShownTo([self.agent, *self.administrators], self.of_group, "subject")

    def test_global_filters_are_the_administrators(self):
        self.assertHiddenFrom([self.stranger, self.portal, self.colleague, self.agent],
                              self.everywhere, "sender")  # fmt: skip
        self.assertShownTo(self.administrators, self.everywhere, "sender")

    def test_filters_of_another_company_are_hidden_from_its_administrators(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.everywhere.company_id = other
        self.assertHiddenFrom(self.administrators, self.everywhere, "sender")

    @property
    def administrators(self):
        return [self.mail_administrator, self.administrator]

    # -- what was skipped -----------------------------------------------------------------------

    def test_what_was_skipped_is_for_readers_of_the_mailbox_alone(self):
        skip = self.everywhere.copy({"destination": "skip", "sender": "ann@customer.example"})
        self.receive(self.private, build_mail(subject=SECRET, to="boss@company.example"))
        catch = self.env["mail.import.filter.catch"].search([("filter_id", "=", skip.id)])
        self.assertEqual(catch.mailbox_id, self.private)
        self.assertHiddenFrom([*self.outsiders, self.agent], catch, "subject")
        self.assertShownTo([self.boss], catch, "subject")
        for administrator in self.administrators:
            mine = self.as_user(skip, administrator)
            self.assertEqual(mine.caught, 1)
            self.assertFalse(mine.catch_ids)
        self.assertEqual(self.as_user(catch, self.boss).filter_name, skip.display_name)

    def test_nobody_writes_what_was_skipped(self):
        skip = self.by(self.boss).create({"subject": "skip", "destination": "skip"}).sudo()
        self.receive(self.private, build_mail(subject="Skip it", to="boss@company.example"))
        catches = self.env["mail.import.filter.catch"].search([("filter_id", "=", skip.id)])
        self.assertTrue(catches)
        for user in (self.boss, self.administrator):
            catch = self.as_user(catches, user)
            self.assertRefused(lambda mine=catch: mine.write({"subject": "x"}))
            self.assertRefused(lambda mine=catch: mine.create({"filter_id": skip.id}))
            self.assertRefused(lambda mine=catch: mine.unlink())

    def test_nobody_writes_how_much_was_skipped(self):
        mine = self.by(self.boss).create({"subject": "x"})
        self.assertRefused(lambda: mine.write({"trimmed": 999}))
        self.assertRefused(lambda: mine.create({"subject": "x", "trimmed": 999}))
        self.assertEqual(self.as_user(mine, self.boss).caught, 0)

    def test_a_mailbox_that_skipped_mail_keeps_its_owner(self):
        self.by(self.boss).create({"subject": "skip", "destination": "skip"})
        (mail,) = self.receive(self.private, build_mail(subject="Skip it"))
        self.assertEqual(mail.state, "filtered")
        with self.assertRaises(UserError):
            self.private.with_user(self.administrator).write(
                {"owner_id": self.administrator.id, "password": "another"}
            )

    # -- making and changing --------------------------------------------------------------------

    def test_nobody_has_more_filters_switched_on_than_may_be(self):
        self.env["ir.config_parameter"].set_param("mail_task_import.filters_of_one", "2")
        someone = self._employee("someone", "someone@company.example", "base.group_user")
        mine = self.Filter.with_user(someone)
        asked = [{"scope": "own", "subject": subject} for subject in ("One", "Two", "Three")]
        one, _two = mine.create(asked[:2])
        with self.assertRaises(ValidationError) as refused:
            mine.create(asked[2])
        self.assertIn("At most 2 filters", str(refused.exception))
        three = mine.create({**asked[2], "active": False})
        with self.assertRaises(ValidationError):
            three.active = True
        one.active = False
        three.active = True
        self.assertEqual(len(mine.search([("user_id", "=", someone.id)])), 2)
        other = self._employee("other", "other@company.example", "base.group_user")
        mine.with_user(other).create(asked[0])
        for number in range(3):
            self.Filter.create({"scope": "global", "subject": f"Global {number}"})
        for text in ("", "many"):
            self.env["ir.config_parameter"].set_param("mail_task_import.filters_of_one", text)
            self.assertEqual(mine._most_of_one(), 200)

    def test_users_make_filters_for_themselves_only(self):
        for values in (
            {"scope": "global"},
            {"scope": "group", "mailbox_id": self.support.id},
            {"scope": "own", "user_id": self.boss.id},
            {"scope": "mailbox", "mailbox_id": self.private.id},
            {"scope": "mailbox", "mailbox_id": self.private.id, "user_id": self.boss.id},
            {"scope": "mailbox", "mailbox_id": self.support.id},
            {"scope": "own", "mailbox_id": self.private.id},
        ):
            for user in (self.colleague, self.agent):
                with self.subTest(values=values, user=user.login):
                    self.assertRejected(lambda v=values, u=user: self.by(u).create(
                        {"subject": "x", **v}))  # fmt: skip
        mine = self.by(self.agent).create({"scope": "own", "subject": "x"})
        self.assertEqual(mine.user_id, self.agent)

    def test_administrators_make_none_in_the_name_of_users(self):
        for values in (
            {"scope": "own", "user_id": self.boss.id},
            {"scope": "mailbox", "mailbox_id": self.private.id, "user_id": self.boss.id},
            {"scope": "mailbox", "mailbox_id": self.private.id},
            {"scope": "group", "mailbox_id": self.private.id},
            {"scope": "global", "user_id": self.boss.id},
        ):
            with self.subTest(values=values):
                self.assertRejected(lambda v=values: self.by(self.administrator).create(
                    {"subject": "x", **v}))  # fmt: skip

    def test_nobody_moves_a_filter_to_others(self):
        mine = self.by(self.agent).create({"scope": "own", "subject": "x"})
        for values in (
            {"user_id": self.boss.id},
            {"scope": "global"},
            {"scope": "group", "mailbox_id": self.support.id},
            {"scope": "mailbox", "mailbox_id": self.private.id},
            {"mailbox_id": self.private.id},
            {"scope": "mailbox", "mailbox_id": self.private.id, "user_id": self.boss.id},
        ):
            with self.subTest(values=values):
                self.assertRejected(lambda v=values: self.as_user(mine, self.agent).write(v))
                self.assertRejected(lambda v=values: self.as_user(mine, self.agent).copy(v))

    def test_strangers_change_and_delete_nothing(self):
        for one, users in (
            (self.of_boss, [self.agent, self.colleague, self.portal, *self.administrators]),
            (self.of_group, [self.agent, self.boss, self.colleague, self.portal]),
            (self.everywhere, [self.agent, self.boss, self.colleague, self.portal]),
        ):
            for user in users:
                with self.subTest(filter=one.scope, user=user.login):
                    mine = self.as_user(one, user)
                    self.assertRefused(lambda m=mine: m.write({"subject": "y"}))
                    self.assertRefused(lambda m=mine: m.unlink())
                    self.assertRefused(lambda m=mine: m.copy())

    def test_nobody_files_into_folders_of_others(self):
        folders = self.Folder.create(
            [
                {"name": "Boss", "user_id": self.boss.id},
                {"name": "Team", "mailbox_id": self.support.id},
            ]
        )
        for folder in folders:
            for user in (self.agent, self.administrator):
                values = {"subject": "x", "destination": "folder", "folder_id": folder.id}
                with self.subTest(folder=folder.name, user=user.login):
                    self.assertRejected(lambda v=values, u=user: self.by(u).create(v))
                    mine = self.by(user).create({"subject": "x"})
                    self.assertRejected(lambda v=values, m=mine: m.write(v))
                    self.assertRejected(lambda v=values, m=mine: m.copy(v))
        self.assertRejected(lambda: self.by(self.administrator).create(
            {**values, "scope": "global"}))  # fmt: skip

    def test_administrators_are_offered_the_folders_of_the_group_where_they_make_its_filter(self):
        mine = self.Folder.create({"name": "Team", "mailbox_id": self.support.id})
        theirs = self.Folder.create({"name": "Team of the boss", "user_id": self.boss.id})
        for user, mailbox, offered in (
            (self.mail_administrator, self.support, mine),
            (self.mail_administrator, self.private, self.Folder),
            (self.colleague, self.support, self.Folder),
            (self.agent, self.support, mine),
        ):
            Folder = self.as_user(self.Folder, user).with_context(mail_import_filing=mailbox.id)
            found = [id_ for id_, _name in Folder.name_search("Team")]
            self.assertEqual(found, offered.ids, (user.login, mailbox.name))
            self.env.invalidate_all()
            shown = Folder.web_name_search("Team", {"display_name": {}})
            self.assertEqual([one["display_name"] for one in shown], offered.mapped("name"))
            self.assertNotIn(theirs.id, found)
        one = self.by(self.mail_administrator).create(
            {
                "scope": "group",
                "mailbox_id": self.support.id,
                "subject": "x",
                "destination": "folder",
                "folder_id": mine.id,
            }
        )
        self.assertIn("Team", one.actions_text)

    def test_an_import_of_rows_is_refused_like_a_form(self):
        names = ["subject", "scope", "user_id/.id", "mailbox_id/.id"]
        for row in (
            ["x", "All my mail", str(self.boss.id), ""],
            ["x", "One of my mailboxes", "", str(self.private.id)],
            ["x", "A group mailbox", "", str(self.support.id)],
            ["x", "All mailboxes", "", ""],
        ):
            with self.subTest(row=row), mute_logger("odoo.addons.base.models.ir_rule"):
                before = self.Filter.search_count([])
                result = self.by(self.agent).load(names, [row])
                self.assertFalse(result["ids"])
                self.assertEqual(self.Filter.search_count([]), before)

    # -- trying and making from an e-mail -------------------------------------------------------

    def test_trying_shows_only_what_one_reads_anyway(self):
        self.confided(subject="For the boss alone")
        self.asked(subject="For the team alone")
        wide = self.everywhere.copy({"sender": "customer.example"})
        trial = self.as_user(wide, self.administrator)._try()
        self.assertFalse(trial.tried)
        mine = self.by(self.boss).create({"sender": "customer.example"})
        self.assertEqual(mine._try().caught.mapped("subject"), ["For the boss alone"])
        self.assertRefused(lambda: self.as_user(mine, self.agent)._try())

    def test_a_trial_is_its_makers_alone(self):
        self.confided()
        mine = self.by(self.boss).create({"sender": "customer.example"})
        trial = self.env["mail.import.filter.trial"].browse(mine.action_try()["res_id"])
        self.assertHiddenFrom([*self.outsiders, self.agent], trial, "summary")
        self.assertTrue(self.as_user(trial, self.boss).caught_ids)

    def test_a_trial_names_no_entry_of_others(self):
        entry = self.confided().entry_ids
        mine = self.by(self.agent).create({"subject": "x"})
        Trial = self.env["mail.import.filter.trial"].with_user(self.agent)
        self.assertRefused(lambda: Trial.create({"filter_id": mine.id, "caught_ids": entry.ids}))

    def test_members_of_a_group_make_no_filter_for_it(self):
        entry = self.asked().entry_ids
        mine = self.as_user(entry, self.agent)
        self.assertFalse(mine.can_filter)
        with self.assertRaises(UserError):
            mine.action_make_filter()
        self.assertRefused(lambda: self.as_user(entry, self.boss).action_make_filter())
