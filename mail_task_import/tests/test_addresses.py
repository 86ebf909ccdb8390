"""Several addresses of one contact: who may remember them, and what they give their writers."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import MailImportCase, build_mail

HOME = "ann@home.example"
FROM_HOME = f"Ann Customer <{HOME}>"


@tagged("post_install", "-at_install")
class AddressCase(MailImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addresses = cls.env["mail.import.address"]
        cls.clerk = cls._employee(
            "clerk", "clerk@company.example", "base.group_user,base.group_partner_manager"
        )
        cls.support.member_ids += cls.clerk

    def remember(self, address=HOME, partner=None, user=None):
        return self.addresses.with_user(user or self.clerk).create(
            {"address": address, "partner_id": (partner or self.customer).id}
        )

    def email_from(self, sender, mailbox=None, **values):
        (outcome,) = self.receive(mailbox or self.support, build_mail(sender=sender, **values))
        return outcome.email

    def entry(self, email, mailbox=None):
        return email.entry_ids.filtered(
            lambda entry: entry.mailbox_id == (mailbox or self.support)
        ).with_user(self.clerk)


@tagged("post_install", "-at_install")
class TestRememberedSenders(AddressCase):
    def test_a_remembered_sender_is_the_contact(self):
        self.remember("Ann@HOME.example")
        email = self.email_from(FROM_HOME)
        self.assertEqual(email.author_id, self.customer)
        self.assertEqual(self.record(email), self.customer)
        self.assertEqual(email.from_email, HOME)
        (message,) = self.customer.message_ids.filtered("mail_import_link_ids")
        self.assertEqual(message.author_id, self.customer)
        self.assertIn(HOME, message.email_from)

    def test_an_unknown_sender_stays_unknown(self):
        email = self.email_from(FROM_HOME)
        self.assertFalse(email.author_id)
        self.assertFalse(self.links(email))

    def test_the_open_record_of_the_contact_takes_the_mail(self):
        self.remember()
        task = self.env["project.task"].create(
            {"name": "Order", "project_id": self.project.id, "partner_id": self.customer.id}
        )
        self.assertEqual(self.record(self.email_from(FROM_HOME)), task)

    def test_the_record_of_the_other_address_is_found_from_the_main_one(self):
        self.remember()
        self.support.default_target_id = self.env.ref("mail_task_import.target_lead")
        lead = self.record(self.email_from(FROM_HOME))
        self.assertEqual(lead._name, "crm.lead")
        self.support.default_target_id = False
        later = self.email_from("Ann Customer <ann@customer.example>", subject="Once more")
        self.assertEqual(self.record(later), lead)

    def test_a_record_made_of_the_mail_is_the_contacts_and_makes_no_other(self):
        self.remember()
        self.support.default_target_id = self.env.ref("mail_task_import.target_lead")
        before = self.env["res.partner"].search_count([])
        lead = self.record(self.email_from(FROM_HOME))
        self.assertEqual(lead.partner_id, self.customer)
        self.assertIn(HOME, lead.email_from)
        self.assertEqual(self.customer.email, "ann@customer.example")
        lead.email_from = "ann@new.example"
        self.assertEqual(self.customer.email, "ann@new.example", "the host's own way")
        self.assertEqual(self.env["res.partner"].search_count([]), before)

    def test_known_senders_only(self):
        self.support.write(
            {
                "default_target_id": self.env.ref("mail_task_import.target_lead").id,
                "accept": "known",
            }
        )
        self.assertFalse(self.links(self.email_from(FROM_HOME, subject="Before")))
        self.remember()
        self.assertTrue(self.links(self.email_from(FROM_HOME, subject="After")))

    def test_who_takes_part_does_so_by_every_address(self):
        self.remember()
        task = self.env["project.task"].create(
            {"name": "Order", "project_id": self.project.id, "partner_id": self.customer.id}
        )
        self.env["project.task"].create(
            {"name": "Other", "project_id": self.project.id, "partner_id": self.customer.id}
        )
        email = self.email_from(FROM_HOME, subject=f"[TASK-{task.id}] more")
        self.assertEqual(self.record(email), task)
        stranger = self.email_from("eve@evil.example", subject=f"[TASK-{task.id}] me too")
        self.assertFalse(self.links(stranger))

    def test_the_hosts_own_lookups_know_it(self):
        self.remember()
        found = self.env["mail.thread"]._partner_find_from_emails_single(
            ["new@elsewhere.example", FROM_HOME, "ann@customer.example"]
        )
        self.assertIn(self.customer, found)
        self.assertEqual(len(found), 2)
        listed = self.env["res.partner"]._find_or_create_from_emails(
            [FROM_HOME, "nobody@elsewhere.example", "ann@customer.example"], no_create=True
        )
        self.assertEqual([partner.id for partner in listed], [
            self.customer.id, False, self.customer.id])  # fmt: skip

    def test_whoever_looks_for_a_contact_or_makes_one_gets_it(self):
        self.remember()
        Partner, Thread = self.env["res.partner"], self.env["mail.thread"]
        before = Partner.search_count([])
        self.assertEqual(Partner.find_or_create(FROM_HOME.upper()), self.customer)
        for options in ({}, {"records": self.env["crm.lead"].create({"name": "Lead"})}):
            for force_create in (False, True):
                found = Thread._mail_find_partner_from_emails(
                    [HOME, "ann@customer.example"], force_create=force_create, **options
                )
                self.assertEqual(found, [self.customer, self.customer])
        self.assertEqual(Partner.search_count([]), before)
        other = Partner.find_or_create("Bob <bob@else.example>")
        self.assertEqual((other.name, other.email), ("Bob", "bob@else.example"))
        with self.assertRaises(ValueError):
            Partner.find_or_create("")

    def proposed(self, record, **options):
        people = record._message_get_suggested_recipients(reply_discussion=True, **options)
        return {person["email"] for person in people}

    def test_an_answer_is_proposed_to_a_contact_once(self):
        self.support.default_target_id = self.env.ref("mail_task_import.target_lead")
        self.assertEqual(self.proposed(self.record(self.email_from(FROM_HOME))), {HOME})
        self.remember()
        lead = self.record(self.email_from(FROM_HOME, subject="Once more"))
        lead.message_unsubscribe(self.customer.ids)
        self.assertEqual(self.proposed(lead), {"ann@customer.example"})
        lead.message_subscribe(self.customer.ids)
        self.assertNotIn(HOME, self.proposed(lead))

    def test_an_answer_is_not_proposed_to_the_mailbox_that_it_leaves_from(self):
        self.support.default_target_id = self.env.ref("mail_task_import.target_lead")
        to = "support@company.example, eve@else.example"
        lead = self.record(self.email_from("Bob <bob@else.example>", to=to))
        for no_create in (True, False):
            proposed = self.proposed(lead, no_create=no_create)
            self.assertEqual(proposed, {"bob@else.example", "eve@else.example"})
        Partner = self.env["res.partner"]
        self.assertFalse(Partner.search([("email_normalized", "=", "support@company.example")]))

    def test_typing_the_address_finds_the_contact(self):
        self.remember()
        Partner = self.env["res.partner"]
        found = Partner.with_user(self.agent).name_search(HOME)
        self.assertEqual([contact for contact, _name in found], [self.customer.id])

    def test_visitors_and_portal_users_search_contacts_as_ever(self):
        self.remember()
        portal = self._employee("visitor", "visitor@else.example", "base.group_portal")
        self.assertFalse(self.env["res.partner"].with_user(portal).name_search(HOME))
        with self.assertRaises(AccessError):
            self.addresses.with_user(portal).search([])
        with self.assertRaises(AccessError):
            portal.partner_id.with_user(portal).read(["mail_import_address_ids"])

    def test_a_contacts_own_address_comes_first(self):
        self.remember()
        other = self.env["res.partner"].create({"name": "Ann Private", "email": HOME})
        self.assertEqual(self.email_from(FROM_HOME).author_id, other)

    def test_an_archived_contact_is_nobody(self):
        self.remember()
        self.customer.active = False
        self.assertFalse(self.email_from(FROM_HOME).author_id)

    def test_a_forgotten_address_is_unknown_again(self):
        self.remember().unlink()
        self.assertFalse(self.email_from(FROM_HOME).author_id)

    def test_one_query_a_batch_and_by_an_index(self):
        self.remember()
        some = [f"a{number}@many.example" for number in range(200)] + [HOME]
        self.addresses._partners(some)
        with self.assertQueryCount(1):
            self.addresses._partners(some)
        for table, column in (
            ("mail_import_address", "address"),
            ("res_partner", "email_normalized"),
        ):
            self.env.cr.execute(
                "SELECT indexdef FROM pg_indexes WHERE tablename = %s AND indexdef LIKE %s",
                [table, f"%({column})%"],
            )
            self.assertTrue(self.env.cr.fetchall(), f"{table}.{column} has no index")


@tagged("post_install", "-at_install")
class TestTrustInAddresses(AddressCase):
    """Nobody becomes somebody else by being remembered."""

    EVIL = "stranger@evil.example"

    def test_nobody_remembers_an_address_for_a_colleague_or_a_company(self):
        for partner in (self.boss.partner_id, self.env.company.partner_id):
            for user in (self.clerk, self.administrator):
                with self.subTest(partner.name), self.assertRaises(ValidationError):
                    self.remember(self.EVIL, partner, user)

    def test_nobody_moves_an_address_to_a_colleague(self):
        row = self.remember(self.EVIL)
        with self.assertRaises(ValidationError):
            row.write({"partner_id": self.boss.partner_id.id})

    def test_an_address_of_an_insider_is_nobody_elses(self):
        for address in (
            "boss@company.example",
            "support@company.example",
            self.env.company.partner_id.email or "boss@company.example",
        ):
            with self.subTest(address), self.assertRaises(ValidationError):
                self.remember(address)

    def test_a_contact_who_becomes_a_colleague_loses_them(self):
        """An employee's name must not come with a stranger's address."""
        hired = self.env["res.partner"].create({"name": "Hired", "email": "hired@new.example"})
        self.remember(self.EVIL, hired)
        user = self._employee("hired", "hired@new.example", "base.group_user")
        user.partner_id.email = "hired2@new.example"
        login = self.env["res.users"].create(
            {"name": "Hired", "login": "hired3", "partner_id": hired.id}
        )
        self.assertFalse(hired.partner_share, login.login)
        self.env.flush_all()
        email = self.email_from(self.EVIL)
        self.assertFalse(email.author_id)
        self.assertFalse(self.links(email))
        found = self.env["mail.thread"]._partner_find_from_emails_single(
            [self.EVIL], no_create=True
        )
        self.assertFalse(found)

    def test_a_remembered_address_opens_no_door_for_employees(self):
        self.support.write(
            {
                "default_target_id": self.env.ref("mail_task_import.target_lead").id,
                "accept": "employees",
            }
        )
        self.remember(self.EVIL)
        passed = {"Authentication_Results": "mx.company.example; spf=pass; dkim=pass; dmarc=pass"}
        email = self.email_from(self.EVIL, **passed)
        self.assertEqual(self.record(email), self.customer)
        self.assertFalse(self.env["crm.lead"].search([("email_normalized", "=", self.EVIL)]))

    def test_only_who_may_write_the_contact_remembers_and_forgets(self):
        with self.assertRaises(AccessError):
            self.remember(user=self.colleague)
        row = self.remember().with_user(self.colleague)
        self.assertEqual(row.address, HOME)
        for change in (
            lambda: row.write({"address": "else@home.example"}),
            lambda: row.write({"partner_id": self.colleague.partner_id.id}),
            row.unlink,
        ):
            with self.assertRaises(AccessError):
                change()

    def test_contacts_of_another_company_are_out_of_sight(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        theirs = self.env["res.partner"].create(
            {"name": "Theirs", "email": "t@theirs.example", "company_id": other.id}
        )
        row = self.addresses.create({"address": HOME, "partner_id": theirs.id})
        self.assertFalse(self.addresses.with_user(self.clerk).search([("address", "=", HOME)]))
        with self.assertRaises(AccessError):
            row.with_user(self.clerk).read(["address"])
        self.assertFalse(self.email_from(FROM_HOME).author_id)
        self.remember()
        self.assertEqual(self.email_from(FROM_HOME, subject="Again").author_id, self.customer)

    def test_the_address_of_another_contact_is_not_taken(self):
        other = self.env["res.partner"].create({"name": "Bob", "email": "bob@else.example"})
        with self.assertRaisesRegex(ValidationError, "Bob"):
            self.remember("bob@else.example")
        self.remember()
        with self.assertRaisesRegex(ValidationError, "Ann Customer"):
            self.remember(HOME, other)

    def test_what_is_no_address_is_refused(self):
        for text in ("", "ann", "ann@home.example, bob@home.example"):
            with self.subTest(text), self.assertRaises(ValidationError):
                self.remember(text)

    def test_an_address_is_no_longer_than_addresses_are(self):
        for length in (321, 2_000):
            with self.subTest(length), self.assertRaisesRegex(ValidationError, "at most 320"):
                self.remember("a" * (length - 13) + "@home.example")

    def test_mail_of_a_closed_mailbox_stays_closed(self):
        private = self._mailbox("personal", "clerk@company.example", owner_id=self.clerk.id)
        self.remember()
        email = self.email_from(FROM_HOME, mailbox=private)
        self.assertFalse(self.customer.message_ids.filtered("mail_import_link_ids"))
        with self.assertRaises(AccessError):
            email.with_user(self.agent).read(["subject"])

    def test_remembering_reaches_no_mail_that_is_here_already(self):
        email = self.email_from(FROM_HOME)
        self.remember()
        self.assertFalse(self.links(email))
        self.assertFalse(self.customer.message_ids.filtered("mail_import_link_ids"))


@tagged("post_install", "-at_install")
class TestRememberDialog(AddressCase):
    def dialog(self, email):
        action = self.entry(email).action_remember_address()
        return self.env[action["res_model"]].with_user(self.clerk).browse(action["res_id"])

    def test_the_dialog_remembers_for_the_contact_that_is_chosen(self):
        dialog = self.dialog(self.email_from("Somebody <x@unknown.example>"))
        self.assertFalse(dialog.partner_id)
        with Form(dialog) as form:
            form.partner_id = self.customer
        dialog.action_remember()
        row = self.customer.mail_import_address_ids
        self.assertEqual(row.address, "x@unknown.example")
        self.assertEqual(row.create_uid, self.clerk)

    def test_it_proposes_contacts_of_the_same_name_or_house(self):
        by_name = self.dialog(self.email_from(FROM_HOME))
        self.assertEqual(by_name.proposal_ids, self.customer)
        self.assertEqual(by_name.partner_id, self.customer)
        by_house = self.dialog(self.email_from("Bob <bob@customer.example>", subject="Bob"))
        self.assertEqual(by_house.proposal_ids, self.customer)
        self.env["res.partner"].create({"name": "Else", "email": "else@gmail.com"})
        self.assertFalse(self.dialog(self.email_from("Q <q@gmail.com>", subject="Q")).proposal_ids)

    def test_a_proposal_is_taken_with_one_click(self):
        dialog = self.dialog(self.email_from(FROM_HOME))
        proposal = dialog.proposal_ids.with_context(mail_import_remember_id=dialog.id)
        proposal.action_mail_import_remember()
        self.assertEqual(self.customer.mail_import_address_ids.address, HOME)

    def test_it_tells_whose_address_it_is_and_moves_it(self):
        other = self.env["res.partner"].create({"name": "Bob", "email": "bob@else.example"})
        self.remember(HOME, other)
        dialog = self.dialog(self.email_from(FROM_HOME))
        self.assertEqual(dialog.known_as_id, other)
        dialog.partner_id = self.customer
        dialog.action_remember()
        self.assertEqual(self.customer.mail_import_address_ids.address, HOME)
        self.assertFalse(other.mail_import_address_ids)
        dialog.action_remember()
        self.assertEqual(len(self.customer.mail_import_address_ids), 1)

    def test_it_does_not_take_a_contacts_main_address(self):
        self.env["res.partner"].create({"name": "Bob", "email": "bob@else.example"})
        dialog = self.dialog(self.email_from("Bob <bob@else.example>"))
        dialog.partner_id = self.customer
        with self.assertRaisesRegex(UserError, "merge"):
            dialog.action_remember()

    def test_nobody_opens_it_on_a_foreign_mail(self):
        private = self._mailbox("personal", "boss@company.example", owner_id=self.boss.id)
        email = self.email_from(FROM_HOME, mailbox=private)
        Dialog = self.env["mail.import.remember.address"].with_user(self.clerk)
        with self.assertRaises(AccessError):
            Dialog.create({"email_id": email.id})
        with self.assertRaises(AccessError):
            Dialog._open(email.with_user(self.clerk))
        own = self.dialog(self.email_from(FROM_HOME, subject="Own"))
        with self.assertRaises(AccessError):
            own.with_user(self.colleague).action_remember()
        with self.assertRaises(AccessError):
            own.write({"email_id": email.id})
            own.read(["address"])

    def test_what_we_sent_has_no_sender_to_remember(self):
        email = self.email_from("Support <support@company.example>", Received="")
        if email.direction == "outgoing":
            with self.assertRaises(UserError):
                self.dialog(email)

    def test_the_contacts_form_lists_and_edits_them(self):
        with (
            Form(self.customer.with_user(self.clerk)) as form,
            form.mail_import_address_ids.new() as line,
        ):
            line.address = "Ann@Home.Example"
        self.assertEqual(self.customer.mail_import_address_ids.address, HOME)


@tagged("post_install", "-at_install")
class TestMergedContacts(AddressCase):
    def merge(self, *sources):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        partners = self.customer.union(*sources)
        wizard._merge(partners.ids, self.customer)
        self.env.invalidate_all()
        return set(self.customer.mail_import_address_ids.mapped("address"))

    def contact(self, email, *others):
        partner = self.env["res.partner"].create({"name": "Ann C.", "email": email})
        self.addresses.create([{"partner_id": partner.id, "address": a} for a in others])
        return partner

    def test_all_addresses_are_the_merged_contacts(self):
        self.remember()
        source = self.contact("ann@second.example", "ann@third.example")
        self.assertEqual(self.merge(source), {HOME, "ann@second.example", "ann@third.example"})
        email = self.email_from("ann@second.example")
        self.assertEqual(email.author_id, self.customer)

    def test_a_doubled_address_costs_no_other_one(self):
        source = self.contact("ann@second.example", "ann@third.example")
        self.remember()
        self.env.cr.execute(
            "INSERT INTO mail_import_address (partner_id, address) VALUES (%s, %s)",
            [source.id, HOME],
        )
        self.env.invalidate_all()
        self.assertEqual(self.merge(source), {HOME, "ann@second.example", "ann@third.example"})

    def test_a_contact_merged_into_a_colleague_gives_its_addresses_up(self):
        source = self.contact("ann@second.example", "ann@third.example")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        boss = self.boss.partner_id
        wizard._merge((boss | source).ids, boss)
        self.env.invalidate_all()
        self.assertFalse(self.addresses.search([("partner_id", "=", boss.id)]))
        self.assertFalse(self.email_from("ann@third.example").author_id)

    def test_a_deleted_contact_takes_its_addresses_along(self):
        source = self.contact("ann@second.example", "ann@third.example")
        source.unlink()
        self.assertFalse(self.addresses.search([("address", "=", "ann@third.example")]))
