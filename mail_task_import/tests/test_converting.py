"""*Convert…*: the host's form opens filled in, and what is saved takes the mail along."""

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .test_links_by_hand import HandCase

SIGNED = """Dear all,

we need forty desks.

Best regards,
Ann Buyer
Head of Purchasing
Walnut Works Ltd
Tel. +44 20 7946 0958
www.walnut-works.example
"""


class ConvertCase(HandCase):
    def signed(self, mailbox=None, **values):
        values = {"sender": "Ann Buyer <ann@walnut-works.example>", "text": SIGNED, **values}
        return self.entry_of(mailbox, **values)

    def dialog(self, entries, kind="LEAD", **values):
        """The dialog, as whoever the entries are browsed by."""
        number = entries.action_convert()["res_id"]
        conversion = entries.env["mail.import.conversion"].browse(number)
        conversion.write({"kind": kind, **values})
        return conversion

    def form(self, conversion):
        """The host's form that the dialog opens."""
        action = conversion.action_continue()
        Model = conversion.env[action["res_model"]].with_context(**action["context"])
        return Form(Model)

    def converted(self, entries, kind="LEAD", **values):
        with self.form(self.dialog(entries, kind, **values)) as form:
            pass
        return form.record

    def link_of(self, entry):
        (link,) = self.links(entry.sudo().email_id)
        return link


@tagged("post_install", "-at_install")
class TestConverting(ConvertCase):
    def test_form_of_a_lead_is_filled_in_from_mail_and_signature(self):
        form = self.form(self.dialog(self.signed(subject="Forty desks")))
        self.assertEqual(form.name, "Forty desks")
        self.assertEqual(form.email_from, "ann@walnut-works.example")
        self.assertEqual(form.contact_name, "Ann Buyer")
        self.assertEqual(form.partner_name, "Walnut Works Ltd")
        self.assertEqual(form.phone, "+44 20 7946 0958")
        self.assertEqual(form.function, "Head of Purchasing")
        self.assertIn("forty desks", form.description)

    def test_saved_record_takes_the_mail_along(self):
        entry = self.signed()
        lead = self.converted(entry)
        link = self.link_of(entry)
        self.assertEqual(link._get_record(), lead)
        self.assertEqual((link.step, link.user_id), ("user", self.agent))
        self.assertTrue(link.made_record)
        self.assertEqual((lead.type, lead.create_uid), ("lead", self.agent))
        self.assertEqual(link.message_id.res_id, lead.id)
        self.assertTrue(link.message_id.subtype_id.internal)
        self.assertIn(f"Agent made “{lead.name}” of it.", entry.why_here or entry.why_shown)

    def test_nothing_is_made_where_the_form_is_not_saved(self):
        entry = self.signed()
        before = self.env["crm.lead"].search_count([])
        self.form(self.dialog(entry))
        self.assertEqual(self.env["crm.lead"].search_count([]), before)
        self.assertFalse(entry.sudo().email_id.link_ids)

    def test_thread_comes_along_and_later_replies_follow(self):
        question = self.signed(message_id="<q@x.example>", minutes_ago=50)
        answer = self.signed(in_reply_to="<q@x.example>", minutes_ago=40, text="And?")
        deal = self.converted(answer, "DEAL")
        self.assertEqual(deal.type, "opportunity")
        self.assertEqual(self.record(question.sudo().email_id), deal)
        later = self.signed(in_reply_to="<q@x.example>", minutes_ago=1, text="Still there?")
        self.assertEqual(self.record(later.sudo().email_id), deal)

    def test_task_has_the_project_that_was_chosen(self):
        entry = self.signed(subject="Desk is late")
        with self.assertRaises(UserError):
            self.dialog(entry, "TASK", project_id=False).action_continue()
        task = self.converted(entry, "TASK", project_id=self.project.id)
        self.assertEqual((task.name, task.project_id), ("Desk is late", self.project))
        self.assertIn("forty desks", task.description)

    def test_defaults_of_the_mailbox_are_proposed(self):
        target = self.env.ref("mail_task_import.target_task")
        entry = self.signed()
        self.support.write({"default_target_id": target.id, "default_project_id": self.project.id})
        number = entry.action_convert()["res_id"]
        conversion = entry.env["mail.import.conversion"].browse(number)
        self.assertEqual((conversion.kind, conversion.project_id), ("TASK", self.project))

    def test_mail_without_subject_and_name_becomes_all_there_is(self):
        for kind in ("LEAD", "DEAL", "TASK", "contact"):
            with self.subTest(kind=kind):
                entry = self.entry_of(subject="", sender=f"x.{kind.lower()}@unknown.example")
                record = self.converted(entry, kind, project_id=self.project.id)
                self.assertIn(f"x.{kind.lower()}", record.name)

    def test_known_customer_is_chosen_and_not_changed(self):
        self.customer.phone = "+1 555 0100"
        entry = self.signed(sender="Ann Customer <ann@customer.example>", text=SIGNED)
        entry.sudo().email_id.link_ids.unlink()
        lead = self.converted(entry)
        self.assertEqual(lead.partner_id, self.customer)
        self.assertEqual(self.customer.phone, "+1 555 0100")

    def test_second_of_two_people_is_told_of_the_first(self):
        entry = self.signed(subject="Forty desks")
        self.support.member_ids |= self.boss
        self.boss.group_ids |= self.env.ref("sales_team.group_sale_salesman_all_leads")
        mine = self.form(self.dialog(entry))
        theirs = self.form(self.dialog(entry.with_user(self.boss)))
        lead = mine.save()
        with self.assertRaisesRegex(UserError, f"Agent made LEAD-{lead.id} “Forty desks” of it"):
            theirs.save()
        self.assertEqual(len(self.links(entry.sudo().email_id)), 1)

    def test_who_begins_after_it_is_shown_what_was_made(self):
        entry = self.signed(subject="Forty desks")
        self.converted(entry)
        again = self.dialog(entry, "DEAL")
        self.assertIn("“Forty desks”", again.made_before)
        deal = self.form(again).save()
        self.assertEqual(len(self.links(entry.sudo().email_id)), 2)
        self.assertEqual(deal.type, "opportunity")

    def test_files_are_copied_where_the_chatter_does_not_show_them(self):
        for publish, copied in ((False, False), (False, True), (True, True)):
            with self.subTest(publish=publish, copied=copied):
                entry = self.signed(
                    subject=f"{publish} {copied}",
                    attachments=[("plan.pdf", b"%PDF", "application/pdf")],
                )
                lead = self.converted(entry, publish=publish, copy_files=copied)
                files = self.env["ir.attachment"].search(
                    [("res_model", "=", "crm.lead"), ("res_id", "=", lead.id)]
                )
                self.assertEqual(files.mapped("name"), ["plan.pdf"] * (publish or copied))

    def test_draft_becomes_nothing(self):
        self.support.write({"smtp_host": "127.0.0.1", "smtp_security": "none"})
        draft = self.env["mail.import.email"].browse(self.signed().action_reply()["res_id"])
        entries = draft.entry_ids.with_user(self.agent)
        with self.assertRaises(UserError):
            (entries or self.signed()._draft("reply").entry_ids).action_convert()

    def test_mail_that_we_wrote_is_about_whom_we_wrote_to(self):
        entry = self.entry_of(
            sender="support@company.example",
            to="Ann Buyer <ann@walnut-works.example>",
            text=SIGNED,
            Authentication_Results="mx.company.example; dkim=pass header.d=company.example",
        )
        self.assertEqual(entry.direction, "outgoing")
        form = self.form(self.dialog(entry))
        self.assertEqual((form.contact_name, form.phone), ("Ann Buyer", False))


@tagged("post_install", "-at_install")
class TestConvertingToContact(ConvertCase):
    def test_contact_is_filled_in(self):
        contact = self.converted(self.signed(), "contact")
        self.assertEqual(contact.name, "Ann Buyer")
        self.assertEqual(contact.email, "ann@walnut-works.example")
        self.assertEqual(contact.phone, "+44 20 7946 0958")
        self.assertEqual(contact.function, "Head of Purchasing")
        self.assertEqual(contact.company_name, "Walnut Works Ltd")

    def test_who_has_the_address_already_is_offered_instead(self):
        entry = self.signed(sender="Ann <ann@customer.example>")
        entry.sudo().email_id.link_ids.unlink()
        conversion = self.dialog(entry, "contact")
        self.assertEqual(conversion.contact_id, self.customer)
        conversion.action_link_to_contact()
        self.assertEqual(self.record(entry.sudo().email_id), self.customer)

    def test_unverified_sender_is_no_contact_that_is_known(self):
        raw = {"sender": "Ann <ann@customer.example>", "subject": "Forged"}
        failed = "mx.company.example; dmarc=fail header.from=customer.example"
        entry = self.signed(Authentication_Results=failed, **raw)
        self.assertTrue(entry.email_id.unverified)
        conversion = self.dialog(entry)
        self.assertTrue(conversion.unverified)
        form = self.form(conversion)
        self.assertFalse(form.partner_id)
        self.assertFalse(form.description)
        self.assertEqual(form.email_from, "ann@customer.example")

    def test_colleague_is_no_contact(self):
        entry = self.entry_of(
            sender="Boss <boss@company.example>",
            Authentication_Results="mx.company.example; dkim=pass header.d=company.example",
        )
        form = self.form(self.dialog(entry))
        self.assertFalse(form.email_from)


@tagged("post_install", "-at_install")
class TestConvertingMany(ConvertCase):
    def several(self, count=3, **values):
        entries = self.env["mail.import.entry"].with_user(self.agent)
        for number in range(count):
            sender = f"Buyer {number} <b{number}@unknown.example>"
            entries |= self.entry_of(subject=f"Order {number}", sender=sender, **values)
        return entries

    def test_each_becomes_a_task(self):
        entries = self.several()
        conversion = self.dialog(entries, "TASK", project_id=self.project.id)
        conversion.action_make()
        tasks = self.env["project.task"].browse(conversion.made_ids)
        self.assertEqual(set(tasks.mapped("name")), {"Order 0", "Order 1", "Order 2"})
        for entry in entries:
            self.assertEqual(self.record(entry.sudo().email_id).name, entry.subject)
        self.assertIn("3 made", conversion.result)
        self.assertEqual(conversion.action_open_made()["domain"], [("id", "in", tasks.ids)])

    def test_those_that_have_one_are_left_alone(self):
        entries = self.several()
        self.converted(entries[0])
        conversion = self.dialog(entries)
        conversion.action_make()
        self.assertEqual(len(conversion.made_ids), 2)
        self.assertIn("1 were linked already", conversion.result)

    def test_all_become_one(self):
        entries = self.several()
        lead = self.converted(entries, together="one")
        for entry in entries:
            self.assertEqual(self.record(entry.sudo().email_id), lead)

    def test_contacts_are_made_once_an_address(self):
        twice = self.several(1) | self.several(1, text="again")
        known = self.entry_of(sender="Ann <ann@customer.example>", subject="known")
        conversion = self.dialog(twice | known, "contact")
        conversion.action_make()
        self.assertEqual(len(conversion.made_ids), 1)
        contact = self.env["res.partner"].browse(conversion.made_ids)
        self.assertEqual(contact.email, "b0@unknown.example")
        for entry in twice:
            self.assertEqual(self.record(entry.sudo().email_id), contact)

    def test_one_that_fails_takes_nothing_of_the_others_along(self):
        good = self.several(2)
        nobody = self.entry_of(sender="Boss <boss@company.example>", subject="From a colleague")
        conversion = self.dialog(good | nobody, "contact")
        conversion.action_make()
        self.assertEqual(len(conversion.made_ids), 2)
        self.assertIn("From a colleague", conversion.result)
        self.assertFalse(self.links(nobody.sudo().email_id))

    def test_number_of_them_is_bounded(self):
        entry = self.signed()
        emails = self.env["mail.import.email"].create(
            [{"subject": str(number), "state": "received"} for number in range(100)]
        )
        with self.assertRaises(UserError):
            self.env["mail.import.conversion"]._open(emails | entry.sudo().email_id)
