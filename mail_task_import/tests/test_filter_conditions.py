"""What a filter can ask of a mail, and what is refused when it is saved."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..receivers.raw_mail import RawMail
from .common import build_mail
from .test_filters import FilterCase

PDF = ("order.pdf", b"%PDF-1.4 " + b"x" * 3000, "application/pdf")


@tagged("post_install", "-at_install")
class TestFilterConditions(FilterCase):
    def caught(self, condition, raw=None, **mail):
        """Whether a filter of this condition alone skips the mail."""
        self.count = getattr(self, "count", 0) + 1
        one = self.for_group("skip", **condition)
        mail.setdefault("message_id", f"<{self.count}@conditions.example>")
        (outcome,) = self.receive(self.support, raw or build_mail(**mail))
        one.unlink()
        return outcome.state == "filtered"

    def assertCaught(self, condition, **mail):
        self.assertTrue(self.caught(condition, **mail), condition)

    def assertPasses(self, condition, **mail):
        self.assertFalse(self.caught(condition, **mail), condition)

    def test_a_header_of_colons_is_no_header(self):
        for values in (
            {"header_name": ":", "header_value": "never"},
            {"header_name": " : ", "subject": "x"},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.for_group("skip", **values)
        self.assertCaught({"header_name": " X-Mark : "}, X_Mark="any")

    def test_signs_that_nobody_sees_hide_no_word(self):
        self.assertCaught({"subject": "lottery"}, subject="You won the Lot\u200bte\u00adry")
        self.assertCaught({"subject": "lot\u00adtery"}, subject="You won the lottery")
        self.assertCaught({"subject": "sipariş"}, subject="SİPARİŞ 12")
        self.assertCaught({"sender": "bob smith"}, sender="B\u200bob ＳＭＩＴＨ <b@x.example>")
        self.assertCaught({"body_any": "lottery"}, text="Our lot\u00adtery")

    # -- who ------------------------------------------------------------------------------------

    def test_from(self):
        self.assertCaught({"sender": "bob@x.example, ANN@CUSTOMER.example"})
        self.assertCaught({"sender": "Customer.Example"})
        self.assertCaught({"sender": "ann c*"})
        self.assertPasses({"sender": "bob"})

    def test_from_is_who_wrote_to_a_list_and_the_list_that_wrote_it_over(self):
        mail = {
            "sender": "'Tom' via Club <club@lists.example>",
            "List_Id": "<club.lists.example>",
            "X_Original_From": "Tom <tom@stranger.example>",
        }
        self.assertCaught({"sender": "tom@stranger.example"}, **mail)
        self.assertCaught({"sender": "club@lists.example"}, **mail)

    def test_to_and_cc(self):
        self.assertCaught({"recipients": "support@company.example"})
        self.assertCaught({"recipients": "cc.example"}, Cc="Carl <carl@cc.example>")
        self.assertCaught({"recipients": "carl"}, Cc="Carl <carl@cc.example>")
        self.assertPasses({"recipients": "carl"})

    def test_known_unknown_and_employees(self):
        passed = "mx.company.example; dmarc=pass header.from=company.example"
        tom = {"sender": "Tom <tom@stranger.example>"}
        colleague = {
            "sender": "colleague@company.example",
            "Authentication_Results": passed,
        }
        forged = {"sender": "colleague@company.example"}
        for sender_is, mails in (
            ("known", ({}, colleague)),
            ("unknown", (tom,)),
            ("employee", (colleague,)),
        ):
            for mail in ({}, tom, colleague, forged):
                with self.subTest(sender_is=sender_is, mail=mail):
                    self.assertEqual(self.caught({"sender_is": sender_is}, **mail), mail in mails)

    def test_authentication_failed(self):
        self.assertCaught({"is_unverified": True}, sender="colleague@company.example")
        failed = "mx.company.example; dmarc=fail header.from=customer.example"
        self.assertCaught({"is_unverified": True}, Authentication_Results=failed)
        self.assertPasses({"is_unverified": True})
        forged = "mx.evil.example; dmarc=fail header.from=customer.example"
        self.assertPasses({"is_unverified": True}, Authentication_Results=forged)

    # -- what -----------------------------------------------------------------------------------

    def test_subject(self):
        self.assertCaught({"subject": "AN ORDER"})
        self.assertCaught({"subject": "question*order"})
        self.assertCaught({"subject": "nothing\nquestion*"})
        self.assertPasses({"subject": "question"}, subject="Re: Answer")
        self.assertPasses({"subject": "about*"})
        self.assertCaught({"subject": "заказ"}, subject="ЗАКАЗ № 7")

    def test_any_header(self):
        header = {"header_name": "x-project", "header_value": "apollo"}
        self.assertCaught(header, X_Project="The APOLLO project")
        self.assertPasses(header, X_Project="Gemini")
        self.assertPasses(header, X_Other="apollo")
        self.assertCaught({"header_name": "X-Project:"}, X_Project="Whatever")
        self.assertCaught({"header_name": "X-Pro*", "header_value": "*apollo"}, X_Project="apollo")
        self.assertPasses(
            {"header_name": "X-Pro*", "header_value": "apollo*"}, X_Project="= apollo"
        )
        self.assertCaught({"header_name": "X-Spam-Flag", "header_value": "yes"}, X_Spam_Flag="YES")
        encoded = build_mail(message_id="<e@x.example>").replace(
            b"Subject:", b"X-Project: =?utf-8?b?0JfQkNCa0JDQlw==?=\r\nSubject:"
        )
        self.assertTrue(
            self.caught({"header_name": "X-Project", "header_value": "заказ"}, raw=encoded)
        )

    def test_text_contains_any_or_all(self):
        text = "Dear all,\n\nplease find the\ninvoice attached. Total: 500 EUR"
        self.assertCaught({"body_any": "nothing\nFIND THE INVOICE"}, text=text)
        self.assertPasses({"body_any": "nothing\nnobody"}, text=text)
        self.assertCaught({"body_all": "invoice\ntotal*eur"}, text=text)
        self.assertPasses({"body_all": "invoice\nreminder"}, text=text)
        html = "<p>The <b>in</b>voice</p>"
        self.assertCaught({"body_any": "the invoice"}, text="see HTML", html=html)

    def test_files_and_size(self):
        self.assertCaught({"has_attachments": True}, attachments=[PDF])
        self.assertPasses({"has_attachments": True})
        self.assertCaught({"larger_than": 3}, attachments=[PDF])
        self.assertPasses({"larger_than": 300}, attachments=[PDF])

    def test_lists_and_machines(self):
        news = {"List_Id": "News <news.firm.example>"}
        bulk = {"List_Unsubscribe": "<https://firm.example/off>"}
        away = {"Auto_Submitted": "auto-replied"}
        notice = {"Auto_Submitted": "auto-generated", "List_Id": "<git.firm.example>"}
        for condition, caught in (
            ({"is_list": True}, (news, bulk, notice)),
            ({"is_automatic": True}, (away, notice)),
        ):
            for mail in ({}, news, bulk, away, notice):
                with self.subTest(condition=condition, mail=mail):
                    self.assertEqual(self.caught(condition, **mail), mail in caught)

    def test_all_conditions_must_hold(self):
        both = {"sender": "customer.example", "subject": "order", "has_attachments": True}
        self.assertPasses(both)
        self.assertPasses(both, attachments=[PDF], subject="Hello")
        self.assertCaught(both, attachments=[PDF])

    def test_a_mail_of_which_only_the_headers_came_has_no_text_to_search(self):
        head = build_mail(attachments=[PDF]).split(b"\r\n\r\n")[0]
        for number, (condition, caught) in enumerate(
            (
                ({"body_any": "size limit\nheaders"}, False),
                ({"has_attachments": True}, False),
                ({"larger_than": 20_000}, True),
                ({"subject": "order"}, True),
            )
        ):
            content = head.replace(b"Message-ID: <", b"Message-ID: <%d" % number)
            raw = RawMail(content, size=30_000_000, truncated=True)
            with self.subTest(condition=condition):
                self.assertEqual(self.caught(condition, raw=raw), caught)

    def test_long_words_and_many_words_are_found_as_well(self):
        word = "x" * 3000
        for number in range(30):
            self.for_group(body_any=f"{word} {number}\nnothing {number}", sequence=1)
        self.assertCaught({"body_any": f"{word}y"}, text=f"a {word}y b")
        self.assertPasses({"body_any": f"{word}z"}, text=f"a {word}y b")
        long = "filler " * 60_000
        self.assertCaught({"body_any": "in the end"}, text=f"{long} in the end")

    # -- saving ---------------------------------------------------------------------------------

    def refused(self, **values):
        with self.assertRaises(ValidationError) as caught, self.env.cr.savepoint():
            self.for_group(**values)
        return str(caught.exception)

    def test_an_empty_filter_cannot_be_saved(self):
        words = "A filter without a condition would catch nothing"
        for values in (
            {},
            {"sender": " "},
            {"larger_than": 0},
            {"body_any": "\n"},
            {"sender": ","},
        ):
            with self.subTest(values=values):
                self.assertIn(words, self.refused(**values))
        one = self.for_group(sender="x")
        with self.assertRaises(ValidationError):
            one.sender = False

    def test_a_condition_that_names_nothing_cannot_be_saved(self):
        self.assertIn("From", self.refused(subject="x", sender=", ;"))
        self.assertIn("Name the header", self.refused(subject="x", header_value="x"))

    def test_what_is_out_of_bounds_cannot_be_saved(self):
        self.refused(subject="x" * 20_000)
        self.refused(body_any="\n".join(map(str, range(300))))
        self.refused(sender=", ".join(f"{n}@x.example" for n in range(300)))
        self.refused(larger_than=-1, subject="x")
        self.refused(larger_than=2_000_000)

    def test_a_filter_names_what_its_scope_and_action_need(self):
        self.refused(subject="x", destination="folder")
        self.refused(subject="x", mailbox=self.private)
        self.refused(subject="x", destination="folder", folder_id=self.trash._system("sent").id)
        with self.assertRaises(ValidationError):
            self.for_all(subject="x", mailbox_id=self.support.id, scope="own")

    def test_the_trash_as_a_folder_is_the_trash(self):
        self.for_group("folder", subject="order", folder_id=self.trash.id)
        self.support.default_target_id = self.env.ref("mail_task_import.target_lead")
        mail = self.one(sender="Tom <tom@stranger.example>")
        self.assertEqual(mail.entry.folder_id, self.trash)
        self.assertFalse(self.links(mail.email))
