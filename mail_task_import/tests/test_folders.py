"""Own folders: made, nested, ordered, filled by hand, and deleted without losing mail."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import build_mail
from .test_access_common import AccessCase


class FolderCase(AccessCase):
    def folder(self, name, user=None, **values):
        Folder = self.env["mail.import.folder"].with_user(user or self.boss)
        return Folder.create({"name": name, **values})

    def shared(self, name="Orders", **values):
        return self.folder(name, self.agent, mailbox_id=self.support.id, **values)

    def system(self, kind):
        return self.env["mail.import.folder"]._system(kind)

    def mine(self, emails, user=None):
        """The boss's own copies, or the group's as one of its readers sees them."""
        user = user or self.boss
        return self.as_user(self.env["mail.import.entry"], user).search(
            [("email_id", "in", emails.ids)]
        )


@tagged("post_install", "-at_install")
class TestFolders(FolderCase):
    def test_folders_are_nested_and_ordered(self):
        projects = self.folder("Projects", sequence=2)
        self.folder("Bills", sequence=1)
        house = self.folder("House", parent_id=projects.id, color=4)
        own = self.as_user(projects.browse(), self.boss).search([("kind", "=", "own")])
        self.assertEqual(own.mapped("name"), ["Bills", "Projects", "House"])
        self.assertEqual(house.display_name, "Projects / House")
        self.assertEqual(house.with_context(hierarchical_naming=False).display_name, "House")

    def test_no_mailbox_files_its_mail_where_it_is_deleted_or_not_looked_for(self):
        for kind in ("trash", "sent", "drafts"):
            with self.subTest(kind), self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.private.with_user(self.administrator).local_folder_id = self.system(kind)
        self.private.local_folder_id = self.system("archive")

    def test_a_folder_lies_in_none_of_its_own(self):
        projects = self.folder("Projects")
        house = self.folder("House", parent_id=projects.id)
        for above in (projects, house):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                projects.parent_id = above

    def test_a_folder_lies_in_no_foreign_or_system_folder(self):
        foreign = self.folder("Secret", self.colleague)
        shared = self.shared()
        for above in (foreign, shared, self.system("inbox")):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.folder("House", parent_id=above.id, user_id=self.boss.id)

    def test_a_folder_in_a_groups_folder_is_the_groups(self):
        below = self.folder("Late", self.agent, parent_id=self.shared().id)
        self.assertEqual(below.mailbox_id, self.support)
        self.assertFalse(below.user_id)

    def test_a_folder_that_holds_mail_or_folders_keeps_its_owner(self):
        mine = self.folder("Mine", self.agent)
        self.folder("Below", self.agent, parent_id=mine.id)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            mine.mailbox_id = self.support
        orders = self.shared()
        self.mine(self.asked(), self.agent)._file_into(orders)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            orders.mailbox_id = False

    def test_a_folder_that_a_filter_files_into_keeps_its_owner(self):
        self.support.member_ids |= self.boss
        folder = self.folder("Projects")
        one = (
            self.env["mail.import.filter"]
            .with_user(self.boss)
            .create({"sender": "customer.example", "destination": "folder", "folder_id": folder.id})
        )
        with self.assertRaisesRegex(UserError, "files mail into"), self.env.cr.savepoint():
            folder.mailbox_id = self.support
        one.unlink()
        self.private.local_folder_id = folder
        with self.assertRaisesRegex(UserError, "files mail into"), self.env.cr.savepoint():
            folder.mailbox_id = self.support

    def test_a_personal_mailbox_shares_no_folder(self):
        with self.assertRaises(ValidationError):
            self.folder("Mine", mailbox_id=self.private.id)

    def test_folders_of_a_group_are_its_readers(self):
        shared = self.shared()
        self.assertShownTo(self.agent, shared, "name")
        self.assertHiddenFrom(self.outsiders | self.reader | self.boss, shared, "name")
        for user in self.outsiders | self.boss:
            self.assertRefused(lambda u=user: self.as_user(shared, u).write({"name": "x"}))
            self.assertRefused(lambda u=user: self.as_user(shared, u).action_delete_folder())
            Folder = self.as_user(shared.browse(), user)
            self.assertRefused(
                lambda F=Folder: F.create({"name": "x", "mailbox_id": self.support.id})
            )
            self.assertRefused(
                lambda F=Folder: F.with_context(default_mailbox_id=self.support.id).name_create("x")
            )

    # -- deleting -------------------------------------------------------------------------------

    def test_mail_of_a_deleted_folder_goes_back_to_the_inbox(self):
        folder = self.folder("Projects")
        mine = self.mine(self.confided())
        mine._file_into(folder)
        folder.action_delete_folder()
        self.assertEqual(mine.folder_id, self.system("inbox"))

    def test_mail_and_folders_of_a_deleted_folder_move_one_up(self):
        projects = self.folder("Projects")
        house = self.folder("House", parent_id=projects.id)
        roof = self.folder("Roof", parent_id=house.id)
        mine = self.mine(self.confided())
        mine._file_into(house)
        house.unlink()
        self.assertEqual((mine.folder_id, roof.parent_id), (projects, projects))

    def test_what_is_deleted_with_its_folders_keeps_all_mail(self):
        projects = self.folder("Projects")
        house = self.folder("House", parent_id=projects.id)
        first, second = self.mine(self.confided("One")), self.mine(self.confided("Two"))
        first._file_into(projects)
        second._file_into(house)
        (house | projects).unlink()
        self.assertEqual((first | second).folder_id, self.system("inbox"))

    def test_mail_in_the_trash_is_put_back_though_its_folder_is_gone(self):
        folder = self.folder("Projects")
        mine = self.mine(self.confided())
        mine._file_into(folder)
        mine.action_trash()
        folder.unlink()
        mine.action_put_back()
        self.assertEqual(mine.folder_id, self.system("inbox"))

    def test_a_mailbox_that_filed_into_a_deleted_folder_files_into_the_inbox(self):
        folder = self.folder("Projects")
        self.private.local_folder_id = folder
        self.assertEqual(self.mine(self.confided("One")).folder_id, folder)
        folder.unlink()
        self.assertEqual(self.mine(self.confided("Two")).folder_id, self.system("inbox"))

    def test_a_filter_that_filed_into_a_deleted_folder_files_one_up(self):
        projects = self.folder("Projects")
        house = self.folder("House", parent_id=projects.id)
        one = (
            self.env["mail.import.filter"]
            .with_user(self.boss)
            .create({"sender": "customer.example", "destination": "folder", "folder_id": house.id})
        )
        self.assertEqual(self.mine(self.confided("One")).folder_id, house)
        house.unlink()
        self.assertEqual(self.mine(self.confided("Two")).folder_id, projects)
        self.assertEqual(one.folder_id, projects)
        projects.unlink()
        self.assertEqual(one.destination, "keep")
        self.assertEqual(self.mine(self.confided("Three")).folder_id, self.system("inbox"))

    def test_a_mailbox_files_into_folders_of_its_readers_only(self):
        mine, shared = self.folder("Mine"), self.shared()
        self.private.local_folder_id = mine
        self.support.local_folder_id = shared
        for mailbox, folder in (
            (self.private, shared),
            (self.support, mine),
            (self.support, self.system("drafts")),
        ):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                mailbox.local_folder_id = folder

    # -- moving by hand -------------------------------------------------------------------------

    def move(self, entries, folder):
        action = entries.action_move_to()
        wizard = self.env[action["res_model"]].with_user(entries.env.user).browse(action["res_id"])
        wizard.folder_id = folder
        wizard.action_move()

    def test_many_are_moved_at_once_and_come_back(self):
        folder = self.folder("Projects")
        entries = self.mine(self.confided("One")) | self.mine(self.confided("Two"))
        self.move(entries, folder)
        self.assertEqual(entries.folder_id, folder)
        entries.action_trash()
        entries.action_put_back()
        self.assertEqual(entries.folder_id, folder)

    def test_only_folders_that_fit_all_are_offered(self):
        self.support.member_ids |= self.boss
        own, shared = self.folder("Own"), self.shared()
        group, mine = self.mine(self.asked()), self.mine(self.confided())
        system = self.system("inbox") | self.system("archive") | self.system("trash")

        def offered(entries):
            wizard = self.env["mail.import.move.to"].with_user(self.boss)
            return wizard.browse(entries.action_move_to()["res_id"]).fitting_folder_ids

        self.assertEqual(offered(mine), system | own)
        self.assertEqual(offered(group), system | shared)
        self.assertEqual(offered(group | mine), system)
        with self.assertRaisesRegex(UserError, "several mailboxes"):
            self.move(group | mine, own)
        self.move(group | mine, self.system("archive"))
        self.assertEqual((group | mine).folder_id, self.system("archive"))

    def test_nobody_moves_what_is_not_theirs(self):
        entry = self.confided().entry_ids
        Wizard = self.env["mail.import.move.to"]
        mine = self.mine(self.confided("Mine")).action_move_to()["res_id"]
        for user in self.outsiders | self.agent:
            self.assertRefused(lambda u=user: self.as_user(entry, u).action_move_to())
            self.assertRefused(
                lambda u=user: self.as_user(Wizard, u).create({"entry_ids": [(6, 0, entry.ids)]})
            )
            self.assertRefused(lambda u=user: self.as_user(Wizard.browse(mine), u).read(["owner"]))
        self.assertRefused(
            lambda: self.mine(self.confided("Two")).write({"folder_id": self.shared().id})
        )

    def test_what_came_in_is_not_hidden_among_drafts_or_sent(self):
        mine = self.mine(self.confided())
        for kind in ("drafts", "sent"):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                mine.folder_id = self.system(kind)

    # -- the panel ------------------------------------------------------------------------------

    def panel(self, user):
        answer = self.as_user(self.env["mail.import.entry"], user).search_panel_select_range(
            "folder_id", enable_counters=True, expand=True
        )
        self.assertEqual(answer["parent_field"], "parent_id")
        return {value["display_name"]: value for value in answer["values"]}

    def test_the_panel_shows_the_tree_and_what_is_unread(self):
        projects = self.folder("Projects", color=3)
        house = self.folder("House", parent_id=projects.id)
        first, second = self.mine(self.confided("One")), self.mine(self.confided("Two"))
        (first | second)._file_into(house)
        self.confided("Three")
        first.action_mark_read()
        panel = self.panel(self.boss)
        self.assertEqual(panel["Inbox"]["__count"], 1)
        self.assertEqual((panel["House"]["__count"], panel["Projects"]["__count"]), (1, 1))
        self.assertEqual(panel["House"]["parent_id"], projects.id)
        self.assertEqual(panel["Projects"]["color"], 3)
        self.assertNotIn("House", self.panel(self.administrator))


@tagged("post_install", "-at_install")
class TestMarks(FolderCase):
    """Read, starred, archived and trashed: personal, or shared with who did it."""

    def test_marks_of_personal_mail_are_its_owners(self):
        raw = build_mail(to="boss@company.example, colleague@company.example")
        other = self._mailbox("personal", "colleague@company.example", owner_id=self.colleague.id)
        (mail,) = self.receive(self.private, raw)
        self.receive(other, raw)
        mine, theirs = self.mine(mail.email), self.mine(mail.email, self.colleague)
        mine.write({"is_read": True, "starred": True})
        mine.action_archive_entry()
        self.assertFalse(theirs.is_read or theirs.starred)
        self.assertEqual(theirs.folder_id, self.system("inbox"))
        self.assertFalse(mine.who_did_it)

    def test_marks_of_group_mail_are_shared_and_say_who_did_it(self):
        self.support.member_ids |= self.boss
        email = self.asked()
        agents, bosses = self.mine(email, self.agent), self.mine(email)
        self.assertFalse(bosses.who_did_it)
        agents.action_mark_read()
        bosses.starred = True
        bosses.action_archive_entry()
        self.assertTrue(bosses.is_read)
        self.assertEqual(agents.folder_id, self.system("archive"))
        lines = self.as_user(agents, self.agent).who_did_it.splitlines()
        self.assertEqual(
            [line.split(",")[0] for line in lines],
            ["Read by Agent", "Starred by Boss", "Archived by Boss"],
        )
        agents.is_read = False
        self.assertIn("Marked as unread by Agent", agents.who_did_it)

    def test_moves_and_deeds_are_told_in_words(self):
        entry = self.mine(self.asked(), self.agent)
        entry._file_into(self.shared("Late"))
        self.assertIn("Moved to “Late” by Agent", entry.who_did_it)
        entry.action_trash()
        self.assertIn("Put in the Trash by Agent", entry.who_did_it)
        entry.action_toggle_handled()
        self.assertIn("Done by Agent", entry.who_did_it)
        entry.action_toggle_handled()
        entry.starred = True
        entry.starred = False
        self.assertIn("Reopened by Agent", entry.who_did_it)
        self.assertIn("Star taken off by Agent", entry.who_did_it)
        entry._file_into(self.system("inbox"))
        self.assertIn("Moved to “Inbox” by Agent", entry.who_did_it)

    def test_who_read_it_first_stays_named(self):
        self.support.member_ids |= self.boss
        email = self.asked()
        self.mine(email, self.agent).is_read = True
        self.mine(email).is_read = True
        self.assertEqual(email.entry_ids.read_by_id, self.agent)

    def test_nobody_writes_who_did_it(self):
        entry = self.mine(self.asked(), self.agent)
        for name in ("read_by_id", "starred_by_id", "filed_by_id", "handled_by_id"):
            self.assertRefused(lambda n=name: entry.write({n: self.boss.id}))

    def test_the_importer_has_done_nothing(self):
        entry = self.asked().entry_ids
        self.assertFalse(entry.who_did_it or entry.read_by_id or entry.filed_by_id)

    def test_reading_marks_cost_the_same_for_many(self):
        emails = [self.asked(f"Mail {number}") for number in range(6)]
        entries = self.env["mail.import.entry"].browse([e.entry_ids.id for e in emails])
        few = self.as_user(entries[:2], self.agent)
        with self.assertQueryCount(12):
            few.action_mark_read()
            few.env.flush_all()
        many = self.as_user(entries[2:], self.agent)
        with self.assertQueryCount(12):
            many.action_mark_read()
            many.env.flush_all()
