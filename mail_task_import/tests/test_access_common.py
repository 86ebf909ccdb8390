"""Who is who in the tests of access, and every way in which somebody may ask for a record."""

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from .common import MailImportCase, build_mail

SECRET = "The merger is called Bluebird"


class AccessCase(MailImportCase):
    """The agent is a member of the group mailbox, the boss owns a personal one.

    ``reader`` reads the records but not the mailbox; the ``colleague`` reads neither; ``outsiders``
    have no business in either.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader = cls._employee(
            "reader", "reader@company.example", "base.group_user,project.group_project_user"
        )
        cls.mail_administrator = cls._employee(
            "mailadmin", "mailadmin@company.example", "mail_task_import.group_administrator"
        )
        cls.portal = new_test_user(
            cls.env,
            login="portal_ann",
            groups="base.group_portal",
            name="Portal",
            email="portal@customer.example",
        )
        cls.stranger = cls.env.ref("base.public_user")
        cls.private = cls._mailbox("personal", "boss@company.example", owner_id=cls.boss.id)
        # only who is invited reads the records; being invited tells nobody of anything
        cls.project.privacy_visibility = "invited_users"
        cls.project.message_subscribe(
            (cls.agent | cls.reader).partner_id.ids, cls.env.ref("mail.mt_note").ids
        )
        cls.support.write(
            {
                "default_target_id": cls.env.ref("mail_task_import.target_task").id,
                "default_project_id": cls.project.id,
            }
        )
        # with the right to export, so that only access to the mail itself stands in the way
        cls.env.ref("base.group_allow_export").user_ids |= (
            cls.agent
            | cls.reader
            | cls.boss
            | cls.colleague
            | cls.mail_administrator
            | cls.administrator
        )
        cls.outsiders = (
            cls.stranger | cls.portal | cls.colleague | cls.mail_administrator | cls.administrator
        )

    # -- mails ----------------------------------------------------------------------------------

    def asked(self, subject="Question about an order", **values):
        """A customer's mail in the group mailbox, which makes a task."""
        values.setdefault("text", SECRET)
        (mail,) = self.receive(self.support, build_mail(subject=subject, **values))
        self.assertEqual(mail.state, "stored", mail.quarantine and mail.quarantine.trace)
        return mail.email

    def confided(self, subject="For the boss alone", **values):
        """A mail in the boss's personal mailbox."""
        values.setdefault("text", SECRET)
        values.setdefault("to", "boss@company.example")
        (mail,) = self.receive(self.private, build_mail(subject=subject, **values))
        self.assertEqual(mail.state, "stored")
        return mail.email

    @staticmethod
    def passed(server="mx.company.example", domain="company.example"):
        return f"{server}; dmarc=pass header.from={domain}"

    # -- asking ---------------------------------------------------------------------------------

    def as_user(self, records, user):
        """The records as a request of this user sees them, nothing cached."""
        self.env.flush_all()
        self.env.invalidate_all()
        return records.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)

    def refused(self, ask):
        """Whether asking raises an error of access."""
        self.env.invalidate_all()
        with mute_logger(
            "odoo.models", "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_access"
        ):
            try:
                with self.env.cr.savepoint():
                    ask()
            except AccessError:
                return True
        return False

    def assertRefused(self, ask, message=None):
        self.assertTrue(self.refused(ask), message or "nobody was refused")

    def assertHiddenFrom(self, users, records, field):
        """No way of asking shows ``records`` to any of these users, not even how many."""
        for user in users:
            with self.subTest(user=user.login, model=records._name):
                self._ask_every_way(self.as_user(records, user), field)

    def _ask_every_way(self, records, field):
        Model, ids = records.browse(), records.ids
        for ask in (
            lambda: records.read([field]),
            lambda: records.web_read({field: {}}),
            lambda: records.read(),
        ):
            self.assertRefused(ask)
        if records.env.user._is_internal():
            self.assertRefused(lambda: records.export_data([field]))
        domain = [("id", "in", ids)]
        for ask in (
            lambda: Model.search(domain),
            lambda: Model.search_count(domain),
            lambda: Model.search_read(domain, [field]),
            lambda: Model.web_search_read(domain, {field: {}})["records"],
            lambda: Model.name_search("", domain),
            lambda: Model.web_read_group(domain, ["create_uid"], ["__count"])["groups"],
            lambda: Model.formatted_read_group(domain, ["create_uid"], ["__count"]),
            lambda: Model._read_group(domain, [], ["__count"])[0][0],
            lambda: Model.formatted_read_group(domain, [], ["__count"])[0]["__count"],
        ):
            self.assertFalse(self.answer(ask))

    def answer(self, ask):
        """What the answer shows; nothing where asking is refused."""
        found = []
        self.refused(lambda: found.append(ask()))
        return found and found[0]

    def assertShownTo(self, users, records, field):
        for user in users:
            with self.subTest(user=user.login, model=records._name):
                mine = self.as_user(records, user)
                self.assertTrue(mine.read([field]))
                self.assertEqual(mine.browse().search([("id", "in", records.ids)]), mine)

    def notified(self, message):
        return message.sudo().notification_ids.res_partner_id

    def as_importer(self, records):
        return records.with_user(SUPERUSER_ID)
