"""Folders: readable names in any script, what each is for, and what a pattern means."""

import unittest

from odoo.addons.mail_task_import.receivers.exceptions import ConnectionLost, FolderError
from odoo.addons.mail_task_import.receivers.folders import FolderInfo, folder_infos, watched

from .test_receivers_common import LOGIN, ReceiverCase, Script, Wire, mail


class TestFoldersOfDovecot(ReceiverCase):
    def test_names_in_any_script_are_readable_and_can_be_opened(self):
        names = [
            "Проекты/Север",
            "项目",
            "R&D & more",
            'With "quotes"',
            "back\\slash",
            "2023",
            "Ünï.cödé",
            "😀",
        ]
        imap = self.receiver()
        for name in names:
            self.deliver(mail(f"in {name}"), folder=name)
        listed = {info.name: info for info in imap.list_folders()}
        for name in names:
            with self.subTest(name):
                self.assertTrue(listed[name].selectable)
                self.assertEqual(imap.select(name).exists, 1)

    def test_roles_by_the_servers_flags(self):
        roles = {info.name: info.role for info in self.receiver().list_folders()}
        self.assertEqual(
            roles,
            {
                "INBOX": "inbox",
                "Sent": "sent",
                "Drafts": "drafts",
                "Junk": "junk",
                "Trash": "trash",
                "Archive": "archive",
            },
        )

    def test_a_wildcard_leaves_out_what_nobody_wants_to_import(self):
        self.deliver(mail(), folder="Projects/North")
        self.deliver(mail(), folder="Trash/2019")
        self.deliver(mail(), folder="Корзина")
        infos = self.receiver().list_folders()
        names = {info.name for info in watched("*", infos)}
        self.assertEqual(names, {"INBOX", "Sent", "Archive", "Projects/North"})

    def test_a_parent_that_holds_no_mail_cannot_be_watched(self):
        self.deliver(mail(), folder="Projects/North")
        infos = self.receiver().list_folders()
        self.assertIn("Projects", {info.name for info in infos if not info.selectable})
        self.assertEqual(watched("Projects", infos), [])

    def test_opening_tells_uidvalidity_and_what_is_there(self):
        uids = self.deliver(mail(), mail())
        self.dovecot.renumber(LOGIN, "INBOX", 777)
        state = self.receiver().select("INBOX")
        self.assertEqual((state.uidvalidity, state.exists, state.readonly), (777, 2, True))
        self.assertEqual(state.uidnext, max(uids) + 1)

    def test_opening_a_folder_that_is_not_there(self):
        imap = self.receiver()
        with self.assertRaisesRegex(FolderError, "Нет такой") as caught:
            imap.select("Нет такой")
        self.assertEqual(caught.exception.stage, "folder")
        self.assertEqual(imap.select("INBOX").exists, 0)

    def test_making_a_folder_twice_is_fine(self):
        imap = self.receiver()
        imap.create_folder("Обработано/2024")
        imap.create_folder("Обработано/2024")
        self.assertEqual(imap.select("Обработано/2024").exists, 0)

    def test_a_folder_that_cannot_be_made(self):
        with self.assertRaisesRegex(FolderError, "cannot be made"):
            self.receiver().create_folder("..")

    def test_line_cut_while_listing(self):
        with Wire(self.dovecot.imap_port) as wire:
            imap = self.receiver(port=wire.port)
            wire.cut_after = 20
            with self.assertRaises(ConnectionLost):
                imap.list_folders()
            with self.assertRaises(ConnectionLost):
                imap.list_folders()


class TestFoldersOfOthers(ReceiverCase):
    def listed(self, *lines: str) -> list[FolderInfo]:
        answer = "".join(f"* LIST {line}\r\n" for line in lines)
        with Script(LOGIN="{tag} OK in\r\n", LIST=answer + "{tag} OK done\r\n") as script:
            return self.receiver(port=script.port).list_folders()

    def test_a_name_that_is_no_utf_7_does_not_hide_the_others(self):
        with self.assertLogs("odoo.addons.mail_task_import.receivers", "WARNING"):
            infos = self.listed(r'() "/" "a&2AA-"', r'() "/" INBOX', r'() "/" "&!!!-b"')
        self.assertIn("INBOX", {info.name for info in infos})

    def test_a_server_without_hierarchy(self):
        self.assertEqual(self.listed(r"() NIL INBOX"), [FolderInfo("INBOX", "", "inbox")])

    def test_no_folders_at_all(self):
        self.assertEqual(self.listed(), [])

    def test_gmail(self):
        infos = self.listed(
            r'(\HasNoChildren) "/" "INBOX"',
            r'(\HasChildren \Noselect) "/" "[Gmail]"',
            r'(\All \HasNoChildren) "/" "[Gmail]/&BBIEQQRP- &BD8EPgRHBEIEMA-"',
            r'(\HasNoChildren \Trash) "/" "[Gmail]/&BBoEPgRABDcEOAQ9BDA-"',
            r'(\HasNoChildren \Sent) "/" "[Gmail]/&BB4EQgQ,BEAEMAQyBDsENQQ9BD0ESwQ1-"',
            r'(\Flagged \HasNoChildren) "/" "[Gmail]/Starred"',
            r'(\HasNoChildren) "/" "Customers"',
        )
        self.assertEqual(infos[2], FolderInfo("[Gmail]/Вся почта", "/", "all"))
        self.assertEqual(
            [info.name for info in watched("*", infos)],
            ["INBOX", "[Gmail]/Отправленные", "Customers"],
        )


class TestRolesByName(unittest.TestCase):
    def roles(self, *rows: tuple[str, tuple[str, ...]], delimiter: str = "/") -> dict[str, str]:
        listed = [(name, delimiter, flags) for name, flags in rows]
        return {info.name: info.role for info in folder_infos(listed)}

    def test_well_known_names_in_several_languages(self):
        expected = {
            "Sent Items": "sent",
            "Отправленные": "sent",
            "Gesendet": "sent",
            "已发送": "sent",
            "Entwürfe": "drafts",
            "下書き": "drafts",
            "Спам": "junk",
            "Courrier indésirable": "junk",
            "DELETED ITEMS": "trash",
            "Papierkorb": "trash",
            "Архив": "archive",
            "Customers": "",
        }
        self.assertEqual(self.roles(*((name, ()) for name in expected)), expected)

    def test_below_the_inbox_a_name_counts_and_elsewhere_not(self):
        roles = self.roles(
            ("INBOX.Sent", ()), ("Projects.Sent", ()), ("INBOX.a.Sent", ()), delimiter="."
        )
        self.assertEqual(roles, {"INBOX.Sent": "sent", "Projects.Sent": "", "INBOX.a.Sent": ""})

    def test_the_servers_flag_wins_over_a_name(self):
        roles = self.roles(("Sent", ()), ("Gone", ("\\SENT",)), ("Spam", ()), ("Bad", ("\\Junk",)))
        self.assertEqual(roles, {"Sent": "", "Gone": "sent", "Spam": "junk", "Bad": "junk"})

    def test_a_decomposed_name_is_the_same_name(self):
        self.assertEqual(self.roles(("Entwu\u0308rfe", ())), {"Entwu\u0308rfe": "drafts"})


class TestWatched(unittest.TestCase):
    infos = folder_infos(
        (name, "/", ())
        for name in (
            "INBOX",
            "INBOX/Sales",
            "INBOX/Sales/Old",
            "inbox2",
            "Junk",
            "Junk/a",
            "a.b",
            "axb",
            "Junk mails",
        )
    )

    def names(self, *patterns: str) -> list[str]:
        return [info.name for info in watched(patterns, self.infos)]

    def test_star_goes_deep_and_percent_stays_on_its_level(self):
        self.assertEqual(self.names("INBOX/*"), ["INBOX/Sales", "INBOX/Sales/Old"])
        self.assertEqual(self.names("INBOX/%"), ["INBOX/Sales"])

    def test_names_and_patterns_together_mean_each_folder_once(self):
        self.assertEqual(
            self.names("inbox", "INBOX*", "Junk"),
            ["INBOX", "INBOX/Sales", "INBOX/Sales/Old", "Junk"],
        )

    def test_only_the_inbox_is_the_same_in_any_case(self):
        self.assertEqual(self.names("Inbox", "INBOX2"), ["INBOX"])

    def test_what_lies_below_junk_is_junk_and_what_begins_alike_is_not(self):
        self.assertEqual(self.names("Junk*"), ["Junk mails"])

    def test_characters_of_regular_expressions_mean_themselves(self):
        self.assertEqual(self.names("a.b*"), ["a.b"])

    def test_one_pattern_needs_no_list(self):
        self.assertEqual([info.name for info in watched("a.b", self.infos)], ["a.b"])
