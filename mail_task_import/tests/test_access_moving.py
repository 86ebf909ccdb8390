"""Nobody puts what is theirs into a place of others, or reaches into the dialogs of others."""

from functools import partial

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_access_common import SECRET, AccessCase


class PlacesCase(AccessCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls._mailbox("personal", "colleague@company.example", owner_id=cls.colleague.id)

    def mine(self, model, **values):
        """A record of the colleague's, as the colleague sees it."""
        return self.as_user(self.env[model], self.colleague).create(values)

    def assertStays(self, record, values):
        """Whether by an error of access or in plain words, and nothing has changed."""
        before = record.sudo().read(list(values))
        with self.assertRaises(UserError), self.env.cr.savepoint():
            record.write(values)
        self.env.invalidate_all()
        self.assertEqual(record.sudo().read(list(values)), before)


@tagged("post_install", "-at_install")
class TestPlacesOfOthers(PlacesCase):
    def test_a_signature_is_not_moved_into_a_mailbox_of_others(self):
        signature = self.mine(
            "mail.import.signature", mailbox_id=self.own.id, name="Support (new account)"
        )
        for mailbox in self.support | self.private:
            with self.subTest(mailbox.name):
                self.assertStays(signature, {"mailbox_id": mailbox.id, "sequence": -9})
                self.assertRefused(lambda m=mailbox: signature.copy({"mailbox_id": m.id}))
                self.assertFalse(mailbox.signature_ids)

    def test_a_signature_is_not_handed_over_with_the_mailbox_that_gets_it(self):
        signature = self.mine("mail.import.signature", mailbox_id=self.own.id, name="Me")
        for command in (Command.link(signature.id), Command.set(signature.ids)):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.as_user(self.support, self.colleague).signature_ids = [command]
        theirs = self.env["mail.import.signature"].create(
            {"mailbox_id": self.support.id, "name": "Azure Support"}
        )
        own = self.as_user(self.own, self.colleague)
        for command in (
            Command.link(theirs.id),
            Command.update(theirs.id, {"name": "Mine"}),
            Command.delete(theirs.id),
        ):
            self.assertRefused(lambda c=command: own.write({"signature_ids": [c]}))
        self.assertEqual((theirs.mailbox_id, theirs.name), (self.support, "Azure Support"))

    def test_a_signature_moves_between_own_mailboxes(self):
        other = self._mailbox("personal", "second@elsewhere.example", owner_id=self.colleague.id)
        signature = self.mine("mail.import.signature", mailbox_id=self.own.id, name="Me")
        signature.mailbox_id = other
        self.assertEqual(other.signature_ids, signature)

    def test_a_folder_is_not_moved_to_others(self):
        folder = self.mine("mail.import.folder", name="Planted")
        theirs = self.env["mail.import.folder"].create(
            {"name": "Theirs", "mailbox_id": self.support.id}
        )
        for values in (
            {"mailbox_id": self.support.id},
            {"mailbox_id": self.private.id},
            {"user_id": self.boss.id},
            {"mailbox_id": self.support.id, "parent_id": theirs.id},
            {"parent_id": theirs.id},
            {"kind": "inbox", "user_id": False},
        ):
            with self.subTest(values):
                self.assertStays(folder, values)
                if "kind" not in values:
                    with self.assertRaises(UserError), self.env.cr.savepoint():
                        folder.copy(values)

    def test_a_member_gives_a_folder_to_the_group(self):
        folder = self.as_user(self.env["mail.import.folder"], self.agent).create({"name": "Mine"})
        folder.mailbox_id = self.support
        self.assertFalse(folder.user_id)

    def test_a_watched_folder_stays_with_its_mailbox(self):
        folder = self.as_user(self.own, self.colleague).remote_folder_ids
        for mailbox in self.support | self.private:
            self.assertStays(folder, {"mailbox_id": mailbox.id})

    def test_a_mailbox_stays_with_its_owner_and_in_a_company_at_hand(self):
        mailbox = self.as_user(self.own, self.colleague)
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        for values in (
            {"owner_id": self.boss.id},
            {"kind": "group"},
            {"company_id": elsewhere.id},
        ):
            with self.subTest(values):
                self.assertStays(mailbox, values)

    def test_mail_is_filed_only_where_its_reader_may_look(self):
        mailbox = self.as_user(self.own, self.colleague)
        theirs = self.env["mail.import.folder"].create(
            {"name": "Bluebird", "mailbox_id": self.support.id}
        )
        for values in (
            {"local_folder_id": theirs.id},
            {"default_project_id": self.project.id},
        ):
            with self.subTest(values):
                self.assertStays(mailbox, values)
        folder = self.mine("mail.import.folder", name="Mine")
        mailbox.local_folder_id = folder
        self.assertEqual(self.own.local_folder_id, folder)

    def test_nobody_writes_under_a_name_of_a_mailbox_of_others(self):
        theirs = self.env["mail.import.signature"].create(
            {"mailbox_id": self.private.id, "name": "Bluebird"}
        )
        self.support.write({"smtp_host": "127.0.0.1", "smtp_port": 1025})
        draft = self.as_user(self.env["mail.import.email"], self.agent)._new_draft(self.support, {})
        self.assertStays(draft, {"signature_id": theirs.id})

    def test_no_model_that_people_write_is_left_out(self):
        """One that is added later is looked at after a write as well."""
        written = self.env["ir.model.access"].search(
            [
                ("perm_write", "=", True),
                ("group_id", "in", self.env.ref("base.group_user").all_implied_ids.ids),
                ("model_id.model", "=like", "mail.import.%"),
            ]
        )
        names = written.model_id.mapped("model")
        self.assertIn("mail.import.signature", names)
        Moved = self.env.registry["mail.import.moved.mixin"]
        for name in names:
            with self.subTest(name):
                self.assertTrue(issubclass(self.env.registry[name], Moved))


@tagged("post_install", "-at_install")
class TestDialogsOfOthers(PlacesCase):
    def setUp(self):
        super().setUp()
        self.email = self.confided()
        project = self.env["project.project"].create({"name": "Own", "user_id": self.boss.id})
        by_boss = self.env(user=self.boss)
        rule = by_boss["mail.import.rule"].create(
            {
                "active": False,
                "name": "Bluebird",
                "keyword": "Bluebird",
                "target_id": self.env.ref("mail_task_import.target_task").id,
                "project_id": project.id,
                "mailbox_ids": self.private.ids,
            }
        )
        self.filled = {
            "filter_id": by_boss["mail.import.filter"].create({"subject": SECRET}).id,
            "rule_id": rule.id,
            "since": "2026-01-01",
            "mailbox_id": self.private.id,
            "email_id": self.email.id,
            "email_ids": self.email.ids,
            "entry_ids": self.email.entry_ids.ids,
            "stage": "login",
            "res_model": "res.partner",
            "res_id": self.boss.partner_id.id,
        }

    def dialogs(self):
        """The boss's open dialogs, one of each kind that the add-on has; bridges try their own."""
        models = [
            Model
            for Model in self.env.registry.values()
            if Model._transient and Model._original_module == "mail_task_import"
        ]
        self.assertGreater(len(models), 5)
        # what lies within another dialog is made after it
        for Model in sorted(models, key=lambda M: self._is_within(self.env[M._name])):
            yield self.open(self.as_user(self.env[Model._name], self.boss))

    def _is_within(self, Dialog):
        return any(self._holder(Dialog, name) is not None for name in Dialog._fields)

    def _holder(self, Dialog, name):
        field = Dialog._fields[name]
        if field.type != "many2one" or not self.env[field.comodel_name]._transient:
            return None
        return self.env[field.comodel_name]

    def open(self, Dialog):
        values = {}
        for name, field in Dialog._fields.items():
            if field.required and not field.compute and not field.default:
                holder = self._holder(Dialog, name)
                values[name] = (
                    self.filled[name]
                    if holder is None
                    else self.open(holder.with_env(Dialog.env)).id
                )
        # some lines are put there by the add-on alone
        maker = Dialog if Dialog.has_access("create") else Dialog.sudo()
        return maker.create(values).sudo(False)

    def test_nobody_else_finds_reads_writes_copies_or_deletes_a_dialog(self):
        others = self.colleague | self.agent | self.mail_administrator | self.administrator
        for dialog in self.dialogs():
            self.assertTrue(dialog.search([("id", "=", dialog.id)]))
            for user in others:
                with self.subTest(dialog=dialog._name, user=user.login):
                    theirs = self.as_user(dialog, user)
                    self.assertFalse(theirs.search([("id", "=", dialog.id)]))
                    for ask in (
                        lambda d=theirs: d.read(),
                        lambda d=theirs: d.web_read({"id": {}, "create_date": {}}),
                        lambda d=theirs: d.write({"create_date": False}),
                        lambda d=theirs: d.web_save({}, {"display_name": {}}),
                        lambda d=theirs: d.copy(),
                        lambda d=theirs: d.unlink(),
                    ):
                        self.assertRefused(ask)
            self.assertTrue(dialog.exists())

    def test_nobody_else_ticks_what_a_dialog_is_about_to_publish(self):
        dialog = self.as_user(self.env["mail.import.link.to"], self.boss).create(
            {"email_ids": self.email.ids}
        )
        theirs = self.as_user(dialog, self.colleague)
        self.assertRefused(lambda: theirs.write({"publish": True}))
        self.assertFalse(dialog.publish)

    def test_nobody_puts_lines_into_a_dialog_of_others(self):
        for model, holder, values in (
            ("mail.import.connection.stage", "test_id", {"stage": "login", "message": "All well"}),
            ("mail.import.folder.picker.line", "picker_id", {"name": "Secret"}),
        ):
            with self.subTest(model):
                Line = self.as_user(self.env[model], self.colleague)
                Holder = self.env[Line._fields[holder].comodel_name]
                theirs = self.as_user(Holder, self.boss).create({"mailbox_id": self.private.id})
                own = Holder.with_user(self.colleague).create({"mailbox_id": self.own.id})
                there = {holder: theirs.id, **values}
                self.assertRefused(partial(Line.create, there))
                line = Line.create({holder: own.id, **values})
                self.assertStays(line, {holder: theirs.id})
                self.assertRefused(partial(line.copy, there))

    def test_a_dialog_is_not_turned_to_what_its_user_may_not_touch(self):
        for model in (
            "mail.import.connection.test",
            "mail.import.folder.picker",
            "mail.import.position.reset",
        ):
            with self.subTest(model):
                dialog = self.mine(model, mailbox_id=self.own.id)
                self.assertStays(dialog, {"mailbox_id": self.private.id})
        linking = self.as_user(self.env["mail.import.link.to"], self.colleague)
        self.assertRefused(lambda: linking.create({"email_ids": self.email.ids}))
