"""Letters to many: whoever sends them is told first who would get a gap."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_templates import TemplateCase


@tagged("post_install", "-at_install")
class TestComposeEmpties(TemplateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann.city = "Riga"
        cls.people = cls.ann + cls.env["res.partner"].create(
            [{"name": name, "email": f"{name}@customer.example"} for name in ("Bob", "Max")]
        )

    def letter(self, body="<p>Dear {Person.name} of {Person.addressCity}</p>", **values):
        return (
            self.env["mail.compose.message"]
            .with_user(self.seller)
            .create(
                {
                    "composition_mode": "mass_mail",
                    "model": "res.partner",
                    "res_ids": self.people.ids,
                    "subject": "News",
                    "body": body,
                    "force_send": False,
                    **values,
                }
            )
        )

    def pressed(self, letter):
        """*Send*, as the form presses it; whether it is shown once more."""
        return letter.with_context(mail_import_ask=True).action_send_mail().get("res_id")

    def sent(self):
        return set(self.env["mail.mail"].search([("subject", "=", "News")]).recipient_ids)

    def test_the_placeholder_and_its_recipients_are_named_before_anything_is_sent(self):
        letter = self.letter()
        self.assertEqual(self.pressed(letter), letter.id)
        self.assertEqual(
            letter.mail_import_empty, "2 of 3 recipients:\n{Person.addressCity}: Bob, Max"
        )
        self.assertFalse(self.sent())
        self.assertFalse(self.pressed(letter))
        self.assertEqual(self.sent(), set(self.people))

    def test_what_was_changed_meanwhile_is_told_anew(self):
        letter = self.letter()
        self.pressed(letter)
        letter.body = "<p>{Person.function}</p>"
        self.assertEqual(self.pressed(letter), letter.id)
        self.assertIn("{Person.function}: Ann, Bob, Max", letter.mail_import_empty)
        letter.body = "<p>{Person.function|friend}</p>"
        self.assertFalse(self.pressed(letter))

    def test_those_who_would_get_a_gap_are_left_out(self):
        letter = self.letter()
        self.pressed(letter)
        letter.action_mail_import_leave_out()
        self.assertEqual(self.sent(), {self.ann})
        letter = self.letter("<p>{Person.function}</p>")
        with self.assertRaisesRegex(UserError, "Nobody"):
            letter.action_mail_import_leave_out()

    def test_programs_are_asked_nothing(self):
        self.letter().action_send_mail()
        self.assertEqual(self.sent(), set(self.people))

    def test_nobody_is_told_where_nothing_is_empty(self):
        self.assertFalse(self.pressed(self.letter("<p>{Person.name} {today}</p>")))

    def test_who_opted_out_is_not_named(self):
        self.env["mail.blacklist"]._add("bob@customer.example")
        letter = self.letter()
        self.pressed(letter)
        self.assertEqual(letter.mail_import_empty, "1 of 2 recipients:\n{Person.addressCity}: Max")

    def test_who_gets_none_is_not_counted(self):
        """As many are counted as mails are sent."""
        self.env["mail.blacklist"]._add("max@customer.example")
        others = self.env["res.partner"].create(
            [
                {"name": "Nobody"},
                {"name": "Wrong", "email": "wrong"},
                {"name": "Bob", "email": "Bob@Customer.example"},
                {"name": "Bob Twice", "email": "bob@customer.example"},
            ]
        )
        people = self.people + others
        for body, told in (
            ("<p>{Person.addressCity}</p>", "1 of 2 recipients:\n{Person.addressCity}: Bob"),
            (
                "<p>{Person.name} {Person.addressCity}</p>",
                "2 of 3 recipients:\n{Person.addressCity}: Bob, Bob Twice",
            ),
        ):
            letter = self.letter(body, res_ids=people.ids)
            self.pressed(letter)
            self.assertEqual(letter.mail_import_empty, told)
            before = self.env["mail.mail"].search([])
            letter.action_send_mail()
            mails = self.env["mail.mail"].search([("state", "=", "outgoing")]) - before
            self.assertIn(f" of {len(mails)} recipients", told)

    def test_those_of_a_template_are_counted_as_it_addresses_them(self):
        template = self.template(
            by=self.env.user,
            body_html="<p>{Person.addressCity}</p>",
            email_to="{{ object.email if object.name != 'Max' else '' }}",
            use_default_to=False,
        )
        letter = self.letter(template_id=template.id)
        partners = self.env["res.partner"].search_count([])
        self.pressed(letter)
        self.assertEqual(letter.mail_import_empty, "1 of 2 recipients:\n{Person.addressCity}: Bob")
        self.assertEqual(self.env["res.partner"].search_count([]), partners)

    def test_recipients_by_a_search_are_named_too(self):
        letter = self.letter(res_ids=False, res_domain=repr([("id", "in", self.people.ids)]))
        self.pressed(letter)
        self.assertIn("Bob, Max", letter.mail_import_empty)

    def test_eighty_are_named_in_all(self):
        people = self.env["res.partner"].create(
            [{"name": f"Person {n}", "email": f"n{n}@customer.example"} for n in range(100)]
        )
        letter = self.letter(res_ids=people.ids)
        self.pressed(letter)
        self.assertEqual(letter.mail_import_empty.count(" Person "), 80)
        self.assertIn("and 20 more", letter.mail_import_empty)
