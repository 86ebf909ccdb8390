"""PostgreSQL stores no NUL; whoever sends one by RPC is told in plain words."""

from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tests import tagged

from .common import MailImportCase, build_mail

NUL = "a\0b"


@tagged("post_install", "-at_install")
class TestTextWithoutNul(MailImportCase):
    def setUp(self):
        super().setUp()
        (self.mail,) = self.receive(self.support, build_mail())
        self.agent.group_ids += self.env.ref("base.group_partner_manager")

    def assertTold(self, act):
        with self.assertRaisesRegex(ValidationError, "NUL"), self.env.cr.savepoint():
            act()

    def model(self, name):
        return self.env[f"mail.import.{name}"].with_user(self.agent)

    def test_what_people_write(self):
        self.assertTold(lambda: self.model("folder").create({"name": NUL}))
        folder = self.model("folder").create({"name": "Mine"})
        self.assertTold(lambda: folder.write({"name": NUL}))
        for address in (NUL, "ann@home.example\0"):
            self.assertTold(
                lambda address=address: self.model("address").create(
                    {"address": address, "partner_id": self.customer.id}
                )
            )
        self.assertTold(
            lambda: self.customer.with_user(self.agent).write(
                {"mail_import_address_ids": [(0, 0, {"address": "ann\0@home.example"})]}
            )
        )
        boss = self.env["mail.import.mailbox"].with_user(self.boss)
        self.assertTold(
            lambda: boss.create(
                {"name": NUL, "kind": "personal", "address": "boss@company.example",
                 "owner_id": self.boss.id}
            )
        )  # fmt: skip

    def test_what_people_search_for(self):
        for name in ("entry", "email", "link", "quarantine", "mailbox", "folder", "address"):
            model = self.model(name)
            field = model._rec_name_fallback()
            for domain in (
                [(field, "ilike", NUL)],
                ["|", (field, "=", "x"), (field, "in", ["x", NUL])],
                Domain("id", ">", 0) & Domain(field, "=", NUL),
                [("create_uid", "any", [("name", "=", NUL)])],
            ):
                with self.subTest(name, domain=str(domain)):
                    self.assertTold(lambda model=model, domain=domain: model.search(domain))
            self.assertTold(lambda model=model, field=field: model.name_search(NUL))
            self.assertTold(
                lambda model=model, field=field: model.formatted_read_group(
                    [(field, "=", NUL)], [field], ["__count"]
                )
            )

    def test_a_backslash_and_what_follows_it_is_no_nul(self):
        self.assertFalse(self.model("entry").search([("subject", "=", r"a\0b \x00")]))
        self.assertTrue(self.model("folder").create({"name": r"\0"}))
