"""What is told of an address that mail came back from: all that is about a letter to its readers,
that the address fails to whoever sees the address.
"""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_bounces import ANN, BounceCase

SAID = "550 5.1.1 no such user: left on Friday"


@tagged("post_install", "-at_install")
class TestTold(BounceCase):
    def in_private(self):
        self.report(self.draft(mailbox=self.own, user=self.boss), mailbox=self.own, words=SAID)

    def told(self, user, name="mail_import_bounced"):
        return self.customer.with_user(user)[name]

    def test_of_a_colleagues_private_letter_only_that_the_address_fails(self):
        self.in_private()
        for user in (self.agent, self.colleague, self.administrator):
            with self.subTest(user=user.login):
                self.assertEqual(
                    self.told(user),
                    f"E-mails to {ANN} come back: no such mailbox. "
                    "Mailings do not go there any more.",
                )
        self.assertIn(f"An e-mail to {ANN} came back on", self.told(self.boss))
        self.assertIn("left on Friday", self.told(self.boss))

    def test_each_is_told_of_the_letters_that_they_may_read(self):
        self.in_private()
        self.report(self.draft())
        self.report(self.draft())
        self.in_private()
        self.assertIn(f"2 e-mails to {ANN} came back", self.told(self.agent))
        self.assertNotIn("Friday", self.told(self.agent))
        self.assertIn(f"2 e-mails to {ANN} came back", self.told(self.boss))
        self.assertIn("Friday", self.told(self.boss))

    def test_what_came_back_before_it_worked_again_is_over(self):
        self.report(self.draft())
        self.customer.with_user(self.agent).action_mail_import_works_again()
        self.assertFalse(self.told(self.agent))
        self.report(self.draft())
        self.assertIn(f"An e-mail to {ANN} came back", self.told(self.agent))

    def test_a_letter_that_is_deleted_tells_nobody_more(self):
        self.in_private()
        self.email.sudo().unlink()
        self.assertIn("come back: no such mailbox", self.told(self.agent))

    def test_the_list_of_administrators_tells_no_more(self):
        self.in_private()
        state = self.states.with_user(self.administrator).search([])
        self.assertEqual(state.told, f"E-mails to {ANN} come back: no such mailbox.")
        for name in ("bounces", "soft_bounces", "last_at", "report_ids"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                state.read([name])
            with self.subTest(field=name), self.assertRaises(AccessError):
                state.search([(name, "!=", False)])

    def test_who_writes_to_a_contact_is_told_no_more(self):
        self.in_private()
        told = self.env["mail.import.opt.out"].with_user(self.agent)._words([ANN])
        self.assertIn("come back: no such mailbox", told)
        self.assertNotIn("Friday", told)

    def test_a_blind_copy_that_came_back_tells_nobody_that_there_was_one(self):
        self.report(self.draft(to="bob@customer.example", bcc=ANN), words=SAID)
        self.assertFalse(self.email.bounced)
        self.assertFalse(self.email.has_bounced)
        for user in (self.agent, self.colleague):
            self.assertEqual(
                self.told(user),
                f"E-mails to {ANN} come back: no such mailbox. Mailings do not go there any more.",
            )
