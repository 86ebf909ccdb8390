"""The host tells names as superuser wherever a field points: private names are told to readers."""

from odoo.tests import tagged

from .common import build_mail
from .test_access_common import SECRET, AccessCase

HIDDEN = "(not yours to see)"


@tagged("post_install", "-at_install")
class TestPrivateNames(AccessCase):
    def setUp(self):
        super().setUp()
        self.email = self.confided(subject=SECRET)
        self.entry = self.email.entry_ids
        by_boss = self.env(user=self.boss)
        self.folder = by_boss["mail.import.folder"].create({"name": SECRET}).sudo()
        self.below = self.folder.copy({"name": "Below", "parent_id": self.folder.id})
        self.filter = by_boss["mail.import.filter"].create({"subject": SECRET}).sudo()
        self.private.name = SECRET
        task = self.env.ref("mail_task_import.target_task")
        own = self.env["project.project"].create({"name": "Own", "user_id": self.boss.id})
        self.rule = by_boss["mail.import.rule"].create(
            {
                "active": False,
                "name": SECRET,
                "keyword": "x",
                "target_id": task.id,
                "project_id": own.id,
                "mailbox_ids": self.private.ids,
            }
        )
        self.records = {
            record._name: record.sudo()
            for record in (
                self.email,
                self.entry,
                self.below,
                self.filter,
                self.private,
                self.rule,
                self.remote_folder(),
                self.env["mail.import.signature"].create(
                    {"mailbox_id": self.private.id, "name": SECRET}
                ),
                self.env["mail.import.rehearsal"].create(
                    {"mailbox_id": self.private.id, "ending": "complete"}
                ),
                self.catch(),
                self.quarantined(),
            )
        }
        self.assertTrue(all(self.records.values()))

    def remote_folder(self):
        folder = self.private.remote_folder_ids[:1]
        folder.name = SECRET
        return folder

    def catch(self):
        skip = self.filter.copy({"destination": "skip", "sequence": 1})
        self.receive(self.private, build_mail(subject=SECRET, to="boss@company.example"))
        found = self.env["mail.import.filter.catch"].search([("filter_id", "=", skip.id)])
        skip.active = False
        return found

    def quarantined(self):
        return self.env["mail.import.quarantine"].create(
            {"mailbox_id": self.private.id, "subject": SECRET, "reason": "x"}
        )

    def pointers(self):
        """``(model, field)`` of every many2one to one of these models that employees may ask."""
        for name, Model in sorted(self.env.registry.items()):
            if Model._abstract or not name.startswith("mail.import."):
                continue
            for field in Model._fields.values():
                if field.type == "many2one" and field.comodel_name in self.records:
                    yield name, field

    def test_no_default_of_a_form_tells_a_name_to_who_may_not_read_the_record(self):
        seen = set()
        for name, field in self.pointers():
            record = self.records[field.comodel_name]
            for user in (self.colleague, self.agent):
                Model = self.as_user(self.env[name], user)
                with self.subTest(model=name, field=field.name, user=user.login):
                    spec = {field.name: {"fields": {"display_name": {}}}}
                    default = {f"default_{field.name}": record.id}
                    told = []
                    if not self.refused(
                        lambda M=Model, s=spec, d=default, t=told: t.append(
                            M.with_context(**d).onchange({}, [], s)
                        )
                    ):
                        self.assertNotIn("Bluebird", str(told))
                        self.assertNotIn("Below", str(told))
                        seen.add(field.comodel_name)
        self.assertGreater(len(seen), 3)

    def test_a_form_that_names_a_foreign_mail_or_file_tells_nothing_of_it(self):
        own = self.as_user(self.asked(subject="Own", text="Own").entry_ids, self.agent)
        self.support.write({"smtp_host": "127.0.0.1", "smtp_security": "none"})
        draft = own.env["mail.import.email"].browse(own.action_reply()["res_id"])
        file = self.env["ir.attachment"].create({"name": SECRET, "raw": b"x"})
        id_ = self.email.id
        for record, values, field in (
            (own, {"email_id": id_}, "body_text"),
            (own, {"email_id": {"id": id_}}, "body_text"),
            (own, {"link_ids": [[0, 0, {"email_id": id_}]]}, "linked_to"),
            (draft, {"attachment_ids": [[4, file.id]]}, "files"),
            (draft, {"attachment_ids": [[6, 0, [file.id]]]}, "files"),
            (draft, {"entry_ids": [[4, self.entry.id]]}, "files"),
        ):
            with self.subTest(values=values):
                self.assertRefused(
                    lambda r=record, v=values, f=field: r.onchange(v, list(v), {f: {}})
                )
        told = draft.onchange({"subject": "Mine"}, ["subject"], {"subject": {}, "files": {}})
        self.assertNotIn(SECRET, str(told))

    def test_names_are_told_as_superuser_to_readers_alone(self):
        """As the host asks for them when it reads a field that points there."""
        for name, record in self.records.items():
            for user in (self.colleague, self.agent, self.portal):
                with self.subTest(model=name, user=user.login):
                    self.assertEqual(self.as_user(record, user).sudo().display_name, HIDDEN)
            with self.subTest(model=name, user="boss"):
                self.assertNotEqual(self.as_user(record, self.boss).sudo().display_name, HIDDEN)
        for record in (self.entry, self.email, self.below, self.filter, self.quarantined()):
            for user in (self.administrator, self.mail_administrator):
                with self.subTest(model=record._name, user=user.login):
                    self.assertEqual(self.as_user(record, user).sudo().display_name, HIDDEN)

    def test_an_unnamed_filter_tells_its_conditions_to_its_owner_alone(self):
        self.assertEqual(self.as_user(self.filter, self.agent).sudo().display_name, HIDDEN)
        told = self.as_user(self.filter, self.boss).sudo().display_name
        self.assertEqual(told, f"Subject: {SECRET}")

    def test_names_of_several_are_told_one_by_one(self):
        mine = self.env["mail.import.folder"].create({"name": "Mine", "user_id": self.agent.id})
        both = self.as_user(mine | self.folder, self.agent).sudo()
        self.assertEqual(both.mapped("display_name"), ["Mine", HIDDEN])

    def test_an_administrator_reads_no_path_of_an_owners_folder_in_the_mailbox(self):
        self.private.local_folder_id = self.below
        Mailbox = self.as_user(self.private, self.administrator)
        told = [
            Mailbox.read(["local_folder_id"]),
            Mailbox.web_read({"local_folder_id": {"fields": {"display_name": {}}}}),
            Mailbox.formatted_read_group([], ["local_folder_id"], ["__count"]),
        ]
        self.assertIn(HIDDEN, str(told[0]))
        self.assertNotIn("Below", str(told))
        self.assertNotIn("Bluebird", str(told))
        self.assertIn("Below", str(self.as_user(self.private, self.boss).read(["local_folder_id"])))

    def test_an_administrator_reads_names_of_folders_of_the_group(self):
        folder = self.env["mail.import.folder"].create(
            {"name": "Team", "mailbox_id": self.support.id}
        )
        for user in (self.mail_administrator, self.agent):
            self.assertEqual(self.as_user(folder, user).sudo().display_name, "Team")
        self.assertEqual(self.as_user(folder, self.colleague).sudo().display_name, HIDDEN)

    def test_members_read_the_names_of_the_servers_folders(self):
        folder = self.support.remote_folder_ids[:1]
        self.assertEqual(self.as_user(folder, self.agent).sudo().display_name, folder.name)

    def test_a_mailbox_of_another_company_of_ones_own_has_a_name(self):
        """Also while only the first company is ticked."""
        other = self.env["res.company"].create({"name": "Other"})
        home = self.boss.company_id
        self.boss.company_ids |= other
        box = self._mailbox("group", "b@other.example", self.boss.ids, company_id=other.id)
        seen = self.as_user(box, self.boss).with_context(allowed_company_ids=home.ids).sudo()
        self.assertEqual(seen.display_name, box.name)

    def test_no_dialog_is_opened_on_what_its_user_does_not_read(self):
        for model, values in (
            ("mail.import.move.to", {"folder_id": self.below.id}),
            ("mail.import.filter.trial", {"filter_id": self.filter.id}),
        ):
            for user in (self.colleague, self.administrator):
                with self.subTest(model=model, user=user.login):
                    Dialog = self.as_user(self.env[model], user)
                    self.assertRefused(lambda D=Dialog, v=values: D.create(v))
        dialog = self.as_user(self.env["mail.import.move.to"], self.colleague).create({})
        self.assertRefused(lambda: dialog.write({"folder_id": self.below.id}))

    def test_whoever_reads_a_mailbox_is_told_which_filter_skipped_a_mail(self):
        everywhere = self.env["mail.import.filter"].create(
            {"name": "All", "scope": "global", "sender": "customer.example", "destination": "skip"}
        )
        location = self.env["mail.import.location"].create(
            {
                "remote_folder_id": self.support.remote_folder_ids[:1].id,
                "uidvalidity": 1,
                "uid": 1,
                "outcome": "filtered",
                "filter_id": everywhere.id,
            }
        )
        self.assertEqual(self.as_user(location, self.agent).filter_name, "All")
