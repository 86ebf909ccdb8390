"""Names and addresses that people take for a colleague's bear the mark; others never do."""

from email.header import Header

from odoo.tests import tagged

from .test_access_senders import AGENT
from .test_unverified_senders import STRANGER, UnverifiedCase


def from_header(name, address=STRANGER):
    return f"{Header(name, 'utf-8').encode()} <{address}>"


@tagged("post_install", "-at_install")
class TestNamesThatLookAlike(UnverifiedCase):
    def setUp(self):
        super().setUp()
        self.boss.name = "Mitchell Admin"

    def test_letters_of_other_alphabets(self):
        for name in (
            "ꓟitchell ꓮdmin",
            "ᴍɪᴛᴄʜᴇʟʟ ᴀᴅᴍɪɴ",
            "ᎷitchelӀ Ꭺdmin",
            "Ⲙitchell ᗅdmin",
        ):
            with self.subTest(ascii(name)):
                self.assertMarked("name", subject=ascii(name)[1:-1], sender=from_header(name))

    def test_blanks_and_dots_that_are_missing_or_too_many(self):
        for name in (
            "MitchellAdmin", "ADMINMITCHELL", "MitchellAdmin (CEO)", "M i t c h e l l  A d m i n",
            "M.i.t.c.h.e.l.l Admin", "M.i.t.c.h.e.l.l. A.d.m.i.n.", "Mit chell Ad min",
        ):  # fmt: skip
            with self.subTest(name):
                self.assertMarked("name", subject=name, sender=from_header(name))

    def test_an_initial_more_or_less(self):
        self.assertMarked("name", subject="More", sender=from_header("Mitchell J. Admin"))
        self.boss.name = "Mitchell J. Admin"
        self.assertMarked("name", subject="Less", sender=from_header("Mitchell Admin"))

    def test_names_that_share_a_word_or_some_letters_are_others(self):
        self.colleague.name = "Li Na"
        self.agent.name = "Anna Marie"
        for name in (
            "Mitchell", "Mitchell Smith", "Mitchell J. Smith", "Mitch Admin", "Admin Team",
            "M. Admin", "Lina", "Lina Schmidt", "Annamarie Huber", "Anna Maria", "Mitchell & Sons",
            "Li Nan", "J. R. R. Tolkien", "Дмитрий Админов", "田中 太郎",
        ):  # fmt: skip
            with self.subTest(name):
                self.assertUnmarked(subject=f"From {name}", sender=from_header(name))


@tagged("post_install", "-at_install")
class TestAddressesThatLookAlike(UnverifiedCase):
    def evil(self, domain):
        """The word of the trusted server on a domain of the forger's own."""
        return f"mx.company.example; dmarc=pass header.from={domain}"

    def test_unknown_addresses_at_our_own_domain_need_a_pass(self):
        for number, address in enumerate(
            ("accounting@company.example", "boss+x@company.example", "boss@mail.company.example")
        ):
            with self.subTest(address):
                self.assertMarked("address", subject=f"Forged {number}", sender=address)
                self.assertMarked(
                    "address",
                    subject=f"Evil {number}",
                    sender=address,
                    verdicts=[self.evil("evil.example")],
                )
                self.assertUnmarked(
                    subject=f"True {number}", sender=address, verdicts=[self.passed()]
                )

    def test_domains_that_look_like_ours_whoever_vouches_for_them(self):
        for number, domain in enumerate(
            ("cornpany.example", "c0mpany.example", "company.example.evil.example",
             "mail.company.example.evil.example", "xn--cmpany-wqf.example")
        ):  # fmt: skip
            with self.subTest(domain):
                self.assertMarked(
                    "domain",
                    subject=f"Alike {number}",
                    sender=f"Anybody <anybody@{domain}>",
                    verdicts=[self.evil(domain)],
                )

    def test_a_domain_in_letters_of_another_alphabet(self):
        raw = (
            "From: M <boss@c\u043empany.example>\r\nTo: support@company.example\r\n"
            "Subject: Homograph\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\n"
            "Message-ID: <homograph@evil.example>\r\n\r\nPay"
        )
        (mail,) = self.receive(self.support, raw.encode())
        self.assertEqual((mail.entry.verdict, mail.entry.posing), ("fail", "domain"))

    def test_an_address_of_our_domain_for_a_name(self):
        self.assertMarked("name", sender=f'"accounting@company.example" <{STRANGER}>')

    def test_a_colleagues_address_at_a_free_mail_service_with_a_tag(self):
        self.boss.email = "big.boss@gmail.com"
        self.assertMarked("address", sender="big.boss+x@gmail.com")

    def test_who_is_at_the_same_free_mail_service_is_no_colleague(self):
        self.boss.email = "big.boss@gmail.com"
        self.colleague.email = "colleague@gmail.com"
        self.env.company.email = "company@yahoo.co.uk"
        self._mailbox("group", "sales@web.de")
        for address in ("ann@gmail.com", "ann@yahoo.co.uk", "ann@web.de", "ann@gmai1.com"):
            self.assertUnmarked(subject=address, sender=f"Ann <{address}>")

    def test_the_provider_of_employees_is_not_our_domain(self):
        self.boss.email = "boss@isp.example"
        self.assertUnmarked(subject="Of one", sender="Ann <ann@isp.example>")
        self.agent.email = "agent@isp.example"
        self.assertUnmarked(subject="Of two", sender="Ann <ann@isp.example>")
        self.assertMarked("address", subject="Itself", sender="agent@isp.example")

    def test_other_domains_are_others(self):
        for domain in (
            "customer.example", "company.com", "mycompany.example", "company-example.com",
            "companies.example", "example.com", "co.example",
        ):  # fmt: skip
            self.assertUnmarked(subject=domain, sender=f"Ann <ann@{domain}>")

    def test_a_customer_whose_domain_looks_like_ours_once_somebody_entered_it(self):
        self.assertMarked("domain", subject="Before", sender="ann@cornpany.example")
        self.env["res.partner"].with_user(self.administrator).create(
            {"name": "Ann", "email": "ann@cornpany.example"}
        )
        self.assertUnmarked(subject="After", sender="ann@cornpany.example")

    def test_a_contact_at_our_domain_is_not_the_author_of_what_nobody_vouches_for(self):
        contact = self.env["res.partner"].create(
            {"name": "Accounting", "email": "accounting@company.example"}
        )
        forged = self.sent("Forged", sender="accounting@company.example")
        self.assertFalse(forged.author_id)
        honest = self.sent("Honest", sender="accounting@company.example", verdicts=[self.passed()])
        self.assertEqual(honest.author_id, contact)

    def test_our_own_address_with_a_pass_is_unmarked(self):
        self.assertUnmarked(sender=AGENT, verdicts=[self.passed()])
