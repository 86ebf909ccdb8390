"""Each letter of a mailing has its recipient's own way out, by the host's own links."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

from odoo.tests import tagged

from .mailing_common import MailingCase

LINK = re.compile(r"https?://[^\s\"'<>\[\]]+/mailing/\d+/confirm_unsubscribe\?[^\s\"'<>\[\]]+")


@tagged("post_install", "-at_install")
class TestWayOut(MailingCase):
    def addresses(self, text):
        return {parse_qs(urlsplit(unescape(url)).query)["email"][0] for url in LINK.findall(text)}

    def assert_one_way_out(self, mails, times=1):
        self.assertTrue(mails)
        for address, mail in mails.items():
            self.assertEqual(len(LINK.findall(self.html(mail))), times, self.html(mail))
            self.assertEqual(self.addresses(self.html(mail)), {address})
            self.assertEqual(self.addresses(self.text(mail)), {address})
            everything = self.html(mail) + self.text(mail)
            self.assertNotIn("unsubscribe_from_list", everything)
            self.assertNotIn("opt_out", everything)
            self.assert_header(mail, address)

    def assert_header(self, mail, address):
        (header,) = mail.message.get_all("List-Unsubscribe")
        (post,) = mail.message.get_all("List-Unsubscribe-Post")
        self.assertEqual(post, "List-Unsubscribe=One-Click")
        self.assertRegex(header, r"^<https?://\S+/mailing/\d+/unsubscribe_oneclick\?\S+>$")
        self.assertEqual(parse_qs(urlsplit(header.strip("<>")).query)["email"], [address])

    def test_placeholders_are_the_hosts_way_out(self):
        body = "<p>News</p><p><a href='{optOutUrl}'>Enough</a></p><p>{optOutLink}</p>"
        mails = self.sent(self.mailing(body))
        self.assertEqual(len(mails), 2)
        self.assert_one_way_out(mails, times=2)

    def test_contacts_leads_and_lists_get_one_that_is_appended(self):
        lead = self.env["crm.lead"].create({"name": "Deal", "email_from": "lea@news.example"})
        reader = self.env["mailing.contact"].create({"name": "Rea", "email": "rea@news.example"})
        plain, built = "<p>News</p>", '<div class="o_layout"><div class="o_mail">News</div></div>'
        for body in (plain, built, ""):
            for mailing, number in (
                (self.mailing(body), 2),
                (self.mailing(body, records=lead), 1),
                (self.to_lists(self.mailing_list(reader), body), 1),
            ):
                with self.subTest(body=body, model=mailing.mailing_model_real):
                    self.sink.clear()
                    mails = self.sent(mailing)
                    self.assertEqual(len(mails), number)
                    self.assert_one_way_out(mails)

    def test_the_hosts_footer_is_enough(self):
        footer = self.env["ir.qweb"]._render(
            "mass_mailing.s_mail_block_footer_social", {"company_id": self.env.company}
        )
        self.assertIn("unsubscribe_from_list", footer)
        self.assert_one_way_out(self.sent(self.mailing(f"<p>News</p>{footer}")))

    def test_it_is_said_in_each_recipients_language(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        self.people[0].lang = "ru_RU"
        mails = self.sent(self.mailing("<p>{Person.name}</p>"))
        self.assertIn(">Unsubscribe</a>", self.html(mails["bob@news.example"]))
        self.assertIn(">Отписаться</a>", self.html(mails["ann@news.example"]))

    def test_readers_are_counted_by_other_links_alone(self):
        body = (
            "<p><a href='https://shop.example/new'>Shop</a> <a href='{optOutUrl}'>Enough</a> "
            "<a href='https://shop.example/?name={Person.name}&amp;a=b'>Yours</a> "
            "<a href='{Person.website}'>Home</a> <a href='/unsubscribe_from_list'>Out</a></p>"
        )
        self.people.website = "https://home.example/me"
        mailing = self.mailing(body)
        mails = self.sent(mailing)
        self.assert_one_way_out(mails, times=2)
        html = self.html(mails["ann@news.example"])
        self.assertIn('href="https://shop.example/?name=Ann%20Able&amp;a=b"', html)
        self.assertIn('href="https://home.example/me"', html)
        self.assertRegex(html, r'href="https?://[^"]+/r/\w+/m/\d+"')
        trackers = self.env["link.tracker"].search([("mass_mailing_id", "=", mailing.id)])
        self.assertEqual(trackers.mapped("url"), ["https://shop.example/new"])

    def test_links_are_counted_before_placeholders_are_filled(self):
        body = "<p><a href='{optOutUrl}'>Out</a><a href='https://shop.example'>Shop</a></p>"
        mailing = self.mailing(body)
        self.assertIn('href="{optOutUrl}"', mailing.convert_links()[mailing.id])
        self.assertIn("/r/", mailing.convert_links()[mailing.id])

    def test_braces_that_an_editor_has_encoded_are_placeholders(self):
        self.people[0].website = "https://ann.example"
        body = (
            "<p><a href='%7BoptOutUrl%7D'>Out</a><a href='%7BPerson.website%7D'>Home</a>"
            "<a href='https://x.example/?w=%7bPerson.name%7d'>Order</a></p>"
        )
        mailing = self.mailing(body)
        self.assertIn('href="%7BoptOutUrl%7D"', mailing.convert_links()[mailing.id])
        html = self.html(self.sent(mailing)["ann@news.example"])
        self.assertIn("/confirm_unsubscribe?", html)
        self.assertIn('href="https://ann.example"', html)
        self.assertIn('href="https://x.example/?w=Ann%20Able"', html)
        self.assertNotIn("%7B", html)

    def test_it_is_right_as_a_part_of_another_address(self):
        body = "<p><a href='https://count.example/?to={optOutUrl}'>Out</a> {optOutLink}</p>"
        for address, mail in self.sent(self.mailing(body)).items():
            part = re.search(r"https://count.example/\?to=([^\"]+)", self.html(mail))[1]
            self.assertNotIn("unsubscribe_from_list", part)
            (inner,) = parse_qs(f"to={part}")["to"]
            self.assertEqual(self.addresses(inner), {address})

    def test_a_mailing_made_in_passing_has_one(self):
        composer = (
            self.env["mail.compose.message"]
            .with_context(active_ids=self.people.ids)
            .create(
                {
                    "composition_mode": "mass_mail",
                    "model": "res.partner",
                    "mass_mailing_name": "In passing",
                    "subject": "News",
                    "body": "<p>Dear {Person.name}</p>",
                    "mail_server_id": self.server.id,
                    "force_send": False,
                }
            )
        )
        composer._action_send_mail()
        mails = self.run_queue()
        self.assertIn("Dear Ann Able", self.html(mails["ann@news.example"]))
        self.assert_one_way_out(mails)

    def test_a_test_mail_shows_where_it_will_be_and_opts_out_nobody(self):
        mailing = self.mailing("<p>Dear {Person.name}</p>")
        wizard = self.env["mailing.mailing.test"].create(
            {"mass_mailing_id": mailing.id, "email_to": "me@company.example"}
        )
        wizard.send_mail_test()
        (mail,) = self.sink.messages()
        self.assertIn(">Unsubscribe</a>", self.html(mail))
        self.assertNotIn("{optOut", self.html(mail))
        self.assertFalse(LINK.findall(self.html(mail)))


@tagged("post_install", "-at_install")
class TestHostileContacts(MailingCase):
    """What contacts call themselves is text, and nothing else, in what is sent."""

    def test_values_are_only_text(self):
        names = (
            "{{ 7*7 }} {Person.email}",
            "<img src=x onerror=alert(1)> <t t-out='7*7'/>",
            "Eve\r\nBcc: all@news.example\r\n\r\nHello",
            "${7*7} {% raw %} %(name)s",
        )
        people = self.env["res.partner"].create(
            [{"name": name, "email": f"p{i}@news.example"} for i, name in enumerate(names)]
        )
        body = (
            "<p title='{Person.name}'>Dear {Person.name}</p>"
            "<a href='https://shop.example/?n={Person.name}'>Shop</a>"
        )
        mails = self.sent(
            self.mailing(body, people, subject="News for {Person.name}", preview="{Person.name}")
        )
        self.assertEqual(len(mails), len(names))
        for mail in mails.values():
            self.assertNotIn("49", self.html(mail).split("Dear", 1)[1].split("</p>", 1)[0])
            self.assertNotIn("<img src=x", self.html(mail))
            self.assertNotIn("<t t-out", self.html(mail))
            self.assertIsNone(mail.message["Bcc"])
            self.assertEqual(len(mail.recipients), 1)
            self.assertNotIn("all%40news.example&", mail.raw.decode())
            self.assertIn(mail.recipients[0].replace("@", "%40"), mail.message["List-Unsubscribe"])
        first, second, third = (mails[f"p{i}@news.example"] for i in range(3))
        self.assertEqual(self.subject(first), "News for {{ 7*7 }} {Person.email}")
        self.assertIn("Dear {{ 7*7 }} {Person.email}", self.html(first))
        self.assertIn("Dear &lt;img src=x onerror=alert(1)&gt;", self.html(second))
        self.assertIn("n=%3Cimg%20src%3Dx%20onerror%3Dalert%281%29%3E", self.html(second))
        self.assertNotIn("\n", self.subject(third))
        self.assertIn("Eve Bcc: all@news.example Hello", self.subject(third))
