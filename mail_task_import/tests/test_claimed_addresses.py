"""What the owner of a personal mailbox names as own addresses is the owner's word, no more."""

import re

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..receivers.raw_mail import RawMail
from .common import build_mail
from .test_access_senders import SenderCase

BOSS = "Big Boss <boss@company.example>"
CUSTOMER = "Ann Customer <ann@customer.example>"


class ClaimsCase(SenderCase):
    def setUp(self):
        super().setUp()
        self.boss.name = "Big Boss"
        self.number = 0
        self.own = self.open_mailbox("colleague@own.example")

    def open_mailbox(self, address, user=None, **values):
        """A personal mailbox as its owner makes it, linked mail open to others."""
        user = user or self.colleague
        Mailbox = self.as_user(self.env["mail.import.mailbox"], user)
        mailbox = Mailbox.create(
            {
                "name": "Own",
                "kind": "personal",
                "address": address,
                "host": "127.0.0.1",
                "login": f"own-{address}",
                "security": "none",
                "password": "secret",
                "visibility": "linked",
                "state": "active",
            }
        )
        return mailbox.sudo().with_user(self.env.uid)

    def put(self, mailbox, folder=None, **values):
        """A mail that the owner's program puts there: no server has seen it."""
        raw = re.sub(rb"(?m)^Received:.*\r\n([ \t].*\r\n)*", b"", build_mail(**values))
        self.number += 1
        (mail,) = self.importer.import_mails(
            mailbox, [RawMail(uid=self.number, content=raw)], folder, 1
        )
        self.assertEqual(mail.state, "stored")
        return mail.email


@tagged("post_install", "-at_install")
class TestAddressesOfOthers(ClaimsCase):
    def test_a_colleague_who_has_left_writes_no_mail_of_another_owner(self):
        left = self._employee("left", "left@company.example", "base.group_user")
        left.active = False
        own = self.open_mailbox("left@company.example")
        email = self.put(own, sender="Left <left@company.example>", to="x@evil.example")
        self.assertEqual(email.unverified, "posing")
        self.assertFalse(email.author_id)

    def test_an_address_of_somebody_else_is_refused(self):
        portal = self.portal.email
        self.env.company.email = "house@company.example"
        domain = self.env["mail.alias.domain"].create({"name": "alias.example"})
        self.env["mail.alias"].create(
            {
                "alias_name": "workshop",
                "alias_domain_id": domain.id,
                "alias_model_id": self.env["ir.model"]._get_id("project.task"),
            }
        )
        own = self.as_user(self.own, self.colleague)
        for address in (
            "boss@company.example",
            "Boss <BOSS@Company.Example>",
            portal,
            "support@company.example",
            "workshop@alias.example",
            domain.catchall_email,
            "house@company.example",
        ):
            for values in (
                {"address": address},
                {"other_addresses": f"fine@own.example, {address}"},
            ):
                with (
                    self.subTest(values),
                    self.assertRaisesRegex(ValidationError, "another"),
                    self.env.cr.savepoint(),
                ):
                    own.write(values)
        self.assertEqual(own.address, "colleague@own.example")

    def test_it_is_refused_to_a_new_mailbox_and_to_administrators_too(self):
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.open_mailbox("boss@company.example")
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.as_user(self.own, self.mail_administrator).address = "boss@company.example"

    def test_ones_own_address_and_one_of_nobody_are_taken(self):
        own = self.as_user(self.own, self.colleague)
        own.write({"address": "colleague@company.example", "other_addresses": "me@own.example"})
        self.assertEqual(self.own._own_addresses(), {"colleague@company.example", "me@own.example"})

    def test_nobody_confirms_an_address_for_oneself(self):
        own = self.as_user(self.own, self.colleague)
        with self.assertRaises(AccessError):
            own.write({"confirmed_addresses": "colleague@own.example"})
        self.assertFalse(self.own.confirmed_addresses)


@tagged("post_install", "-at_install")
class TestOwnMail(ClaimsCase):
    def test_mail_from_an_own_address_is_ours(self):
        for sender in ("colleague@own.example", "Colleague <colleague@own.example>"):
            email = self.put(self.own, subject=sender, sender=sender, to="ann@customer.example")
            self.assertEqual(email.direction, "outgoing")
            self.assertFalse(email.unverified)

    def test_an_address_that_became_anothers_is_ours_no_longer(self):
        """Whoever came first: the user and the group mailbox were made after the claim."""
        own = self.as_user(self.own, self.colleague)
        own.other_addresses = "later@company.example, sales@company.example"
        self._employee("later", "later@company.example", "base.group_user")
        self._mailbox("group", "sales@company.example")
        for sender in ("later@company.example", "sales@company.example"):
            with self.subTest(sender):
                email = self.put(self.own, subject=sender, sender=sender)
                self.assertEqual(email.direction, "incoming")
                self.assertTrue(email.unverified)
                self.assertEqual(email.entry_ids.posing, "address")

    def test_a_colleagues_name_before_an_own_address_is_marked(self):
        self.colleague.name = "Small Colleague"
        for sender, marked in (
            ("Big Boss <colleague@own.example>", True),
            ("Small Colleague <colleague@own.example>", False),
        ):
            with self.subTest(sender):
                email = self.put(self.own, subject=sender, sender=sender)
                self.assertEqual(bool(email.entry_ids.posing), marked)
                self.assertEqual(bool(email.unverified), marked)

    def test_an_address_of_the_house_needs_more_than_its_owners_word(self):
        """ "ceo@" may be nobody's, and still says who writes."""
        self.as_user(self.own, self.colleague).other_addresses = "ceo@company.example"
        email = self.put(self.own, subject="One", sender="ceo@company.example")
        self.assertEqual((email.direction, email.unverified), ("outgoing", "posing"))
        self.as_user(self.own, self.mail_administrator).other_addresses = "ceo@company.example"
        email = self.put(self.own, subject="Two", sender="ceo@company.example")
        self.assertFalse(email.unverified)

    def test_the_sent_folder_speaks_for_its_owner_alone(self):
        folder = self.env["mail.import.remote.folder"].create(
            {"mailbox_id": self.own.id, "name": "Sent", "role": "sent"}
        )
        email = self.put(self.own, folder, subject="Forged", sender=BOSS)
        self.assertEqual(email.entry_ids.posing, "address")
        self.assertTrue(email.unverified)
        self.assertFalse(email.author_id)
        email = self.put(self.own, folder, subject="Mine", sender="colleague@own.example")
        self.assertFalse(email.entry_ids.posing)


@tagged("post_install", "-at_install")
class TestClaimsTakeNothing(ClaimsCase):
    def asks(self, subject):
        """``(unverified, author, customer of the task)`` of a customer's mail to the group."""
        email = self.sent(subject, sender=CUSTOMER, text=subject)
        return bool(email.unverified), email.author_id, self.record(email).partner_id

    def test_a_customers_address_in_a_mailbox_keeps_no_mail_from_others(self):
        fine = (False, self.customer, self.customer)
        self.assertEqual(self.asks("Before"), fine)
        own = self.as_user(self.own, self.colleague)
        own.other_addresses = "ann@customer.example"
        self.assertEqual(self.asks("Claimed"), fine)
        own.action_pause()
        self.assertEqual(self.asks("Paused"), fine)
        own.active = False
        self.assertEqual(self.asks("Archived"), fine)

    def test_a_claimed_address_makes_its_domain_nobodys_own(self):
        self.as_user(self.own, self.colleague).other_addresses = "joe@customer.example"
        self.assertEqual(self.asks("Claimed"), (False, self.customer, self.customer))

    def test_a_claimed_address_may_be_remembered_for_its_contact(self):
        self.as_user(self.own, self.colleague).other_addresses = "ann@home.example"
        self.env["mail.import.address"].create(
            {"partner_id": self.customer.id, "address": "ann@home.example"}
        )

    def test_what_an_administrator_enters_is_a_colleagues(self):
        self.as_user(self.own, self.colleague).other_addresses = "claimed@own.example"
        insiders = self.env["mail.import.target"]._insiders
        asked = {"colleague@own.example", "claimed@own.example"}
        self.assertFalse(insiders(asked))
        self.as_user(self.own, self.mail_administrator).address = "colleague@own.example"
        self.assertEqual(insiders(asked), {"colleague@own.example"})
        email = self.sent("From home", sender="colleague@own.example")
        self.assertTrue(email.unverified)
        self.as_user(self.own, self.mail_administrator).other_addresses = "claimed@own.example"
        self.assertEqual(insiders(asked), asked)
        self.as_user(self.own, self.colleague).other_addresses = False
        self.assertEqual(insiders(asked), {"colleague@own.example"})

    def test_who_has_left_is_a_colleague_in_the_own_mailbox_still(self):
        self.as_user(self.own, self.colleague).address = "colleague@company.example"
        self.colleague.active = False
        self.assertTrue(self.env["mail.import.target"]._insiders({"colleague@company.example"}))
