"""Placeholders against hostile people: values that would run, texts that would stall."""

import re
import time
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from odoo.exceptions import AccessError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import BaseCase, tagged

from ..placeholders.filling import prepare
from ..placeholders.mistakes import mistakes
from ..placeholders.syntax import ROOTS, places
from .common import MailImportCase

VALUES = (
    "{{ 7*7 }}",
    "{{ object.env }}",
    "<t t-out='7*7'/>",
    "<t t-out=\"object.env['res.users'].search([])\"/>",
    "${7*7} {% raw %} <% 7 %>",
    "{User.password} {Person.name} {optOutUrl}",
    "</p><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "&lt;b&gt; &#123;Person.name&#125;",
    "-->x<!--",
    "/web/image/1 /mail_import/opt_out_here",
)
LONG = 1_000_000
SECONDS = 20
"""What a text of a megabyte may take on a busy computer; what is not linear takes hours."""


@tagged("post_install", "-at_install")
class TestHostileValues(MailImportCase):
    def rendered(self, body="", subject="", records=None, by=None):
        records = self.customer if records is None else records
        template = self.env["mail.template"].create(
            {
                "name": "Letter",
                "model_id": self.env["ir.model"]._get_id(records._name),
                "subject": subject,
                "body_html": body,
            }
        )
        template = template.with_user(by) if by else template
        name = "body_html" if body else "subject"
        texts = template._render_field(name, records.ids)
        return [str(texts[id_]) for id_ in records.ids]

    def test_values_are_text_wherever_they_stand(self):
        for value in VALUES:
            self.customer.name = value
            with self.subTest(value):
                (text,) = self.rendered("<p title='{Person.name}'>{Person.name}</p>")
                element = lxml_html.fragment_fromstring(text)
                self.assertEqual(len(element), 0, text)
                self.assertEqual(set(element.attrib), {"title"}, text)
                self.assertEqual(element.text, value)
                self.assertEqual(element.get("title"), value)
                (subject,) = self.rendered(subject="Hi {Person.name}")
                self.assertEqual(subject, f"Hi {value}")

    def test_values_leave_no_link_style_or_comment(self):
        body = (
            '<p><a href="{Person.name}">a</a><a href="https://x.example/?q={Person.name}">b</a>'
            '<i style="color: {Person.name}">c</i></p><!-- {Person.name} -->'
        )
        for value in VALUES:
            self.customer.name = value
            with self.subTest(value):
                (text,) = self.rendered(body)
                whole, part, italic = lxml_html.fragment_fromstring(text.partition("<!--")[0])
                self.assertRegex(whole.get("href"), r"^(#$|https?:|mailto:|tel:)")
                self.assertTrue(part.get("href").startswith("https://x.example/?q="))
                self.assertNotRegex(part.get("href")[22:], r"[\s<>\"'&{}]")
                self.assertNotRegex(italic.get("style") or "", r"[(){}<>\"';:]{2}|\(|url")
                self.assertFalse(len(italic), text)
                self.assertNotIn("<script", text)
                (text,) = self.rendered('<p><a href="https://{Person.name}/x">a</a></p>')
                (lead,) = lxml_html.fragment_fromstring(text)
                self.assertRegex(lead.get("href"), r"^(#/x$|https?:|mailto:|tel:)")

    def test_a_value_does_not_break_its_line_or_turn_its_text(self):
        hidden = "Ann\r\nBcc: all@shop.example\v\x85\u2028x\u202egpj.exe\u2066y"
        self.customer.name = hidden
        (subject,) = self.rendered(subject="Hi {Person.name}")
        self.assertEqual(len(subject.splitlines()), 1)
        self.assertNotRegex(subject, "[\u202a-\u202e\u2066-\u2069]")
        (text,) = self.rendered("<p>{Person.name}</p>")
        self.assertNotRegex(text, "[\x00-\x08\u202a-\u202e\u2066-\u2069]")

    def test_a_long_value_is_written_once(self):
        self.customer.comment = "x" * LONG
        begun = time.monotonic()
        (text,) = self.rendered("<p>{Person.description}</p>")
        self.assertEqual(text.count("x"), LONG)
        self.assertLess(time.monotonic() - begun, SECONDS)

    def test_paths_go_as_deep_as_they_are_written_in_circles_too(self):
        boss, ann = self.env["res.partner"].create([{"name": "Boss"}, {"name": "Ann"}])
        ann.parent_id = boss
        task = self.env["project.task"].create(
            {"name": "Chairs", "partner_id": ann.id, "project_id": self.project.id}
        )
        round_and_round = ".create_uid.partner_id" * 24
        for path, value in (
            (f"{round_and_round}.name", self.env.user.partner_id.create_uid.name or ""),
            (".parent_id" * 49 + ".name|none", "none"),
        ):
            (text,) = self.rendered(f"<p>{{Person{path}}}</p>", records=task)
            self.assertEqual(text, f"<p>{value}</p>" if value else text)
            self.assertNotIn("{", text)
        with self.assertRaisesRegex(ValidationError, "too long"):
            self.rendered("<p>{Person" + ".parent_id" * 51 + "}</p>")

    def test_a_hundred_thousand_placeholders(self):
        begun = time.monotonic()
        (text,) = self.rendered("<p>{Person.firstName}</p>" * 100_000)
        self.assertEqual(text.count("<p>Ann</p>"), 100_000)
        self.assertLess(time.monotonic() - begun, 3 * SECONDS)

    def test_fields_that_are_no_text_are_refused_or_told_as_text(self):
        refused = (
            "image_1920", "child_ids", "category_id", "message_ids", "signup_type", "bank_ids",
            "user_ids", "activity_ids", "lang_code_of_nothing",
        )  # fmt: skip
        for name in refused:
            with self.subTest(name), self.assertRaises(ValidationError):
                self.rendered(f"<p>{{Person.{name}}}</p>")
        for name in ("task_properties", "properties"):
            with self.subTest(name), self.assertRaises(ValidationError):
                self.rendered(f"<p>{{Task.{name}}}</p>", records=self.env["project.task"])
        for name in ("lang", "type", "partner_latitude", "create_date", "country_id", "active",
                     "comment", "color", "barcode", "write_uid"):  # fmt: skip
            with self.subTest(name):
                (text,) = self.rendered(f"<p>{{Person.{name}}}</p>")
                self.assertNotRegex(text, r"res\.\w+\(|False|None|datetime")

    def test_a_value_for_each_company_is_that_of_the_one_that_writes(self):
        other = self.env["res.company"].create({"name": "AAA comes first"})
        self.env.user.company_ids |= other
        field = self.env["res.partner"]._fields["barcode"]
        self.assertTrue(field.company_dependent)
        self.customer.barcode = "ours"
        self.customer.with_company(other).barcode = "theirs"
        self.assertEqual(self.rendered("<p>{Person.barcode}</p>"), ["<p>ours</p>"])

    def test_a_field_that_fails_stops_no_other_letter(self):
        bob = self.env["res.partner"].create({"name": "Bob", "street": "Fails"})
        both = self.customer | bob
        Partner = self.env.registry["res.partner"]
        compute = Partner._compute_contact_address_inline

        def failing(records):
            if "Fails" in records.mapped("street"):
                raise ZeroDivisionError
            return compute(records)

        with patch.object(Partner, "_compute_contact_address_inline", failing):
            self.customer.street = "Long Street"
            self.env.invalidate_all()
            texts = self.rendered("<p>{Person.contact_address_inline|none}</p>", records=both)
        self.assertIn("Long Street", texts[0])
        self.assertEqual(texts[1], "<p>none</p>")

    def test_rights_by_which_the_host_renders_are_not_the_senders(self):
        """A composer computes as superuser what it shows."""
        field = self.env["res.partner"]._fields["phone"]
        self.customer.phone = "+49 151 555"
        template = self.env["mail.template"].create(
            {
                "name": "Letter",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "body_html": "<p>{Person.phone|none}</p>",
            }
        )
        with patch.object(field, "groups", "base.group_system"):
            as_agent = template.with_user(self.agent).sudo()
            text = as_agent._render_field("body_html", self.customer.ids)[self.customer.id]
        self.assertEqual(str(text), "<p>none</p>")

    def test_of_many_records_one_costs_no_queries_of_its_own(self):
        """Amounts, dates, contacts and companies of 50 leads in as many queries as of two."""
        shops = self.env["res.partner"].create(
            [{"name": f"Shop {number}", "is_company": True} for number in range(50)]
        )
        people = self.env["res.partner"].create(
            [{"name": f"Ann {shop.name}", "parent_id": shop.id} for shop in shops]
        )
        leads = self.env["crm.lead"].create(
            [
                {"name": "Chairs", "partner_id": person.id, "expected_revenue": 5}
                for person in people
            ]
        )
        body = (
            "<p>{Person.name} {Person.firstName} {Account.name} {Lead.amount} {Lead.stage} "
            "{Lead.closeDate} {Lead.assignedUserName} {User.name} {today} {optOutLink}</p>"
        )
        counts = []
        for some in (leads[:2], leads[:2], leads):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            texts = self.rendered(body, records=some)
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual(len(set(texts)), len(some))
        self.assertEqual(counts[1], counts[2])

    def test_no_value_is_asked_for_over_rpc(self):
        placeholder = self.env["mail.import.placeholder"].with_user(self.agent)
        for name in ("_values", "_signed", "_check", "_fields_on"):
            with self.subTest(name), self.assertRaises(AccessError):
                call_kw(placeholder, name, [], {})


class TestHostileTexts(BaseCase):
    """Plain Python: what is written into a template, however it is written."""

    def test_no_text_takes_more_than_its_length(self):
        for part in (
            "{", "}", "{a", "{Person", "{Person.", "{Person.name|", "{Person.name", "{ ",
            "{   Person", "=", "<", "<a ", "<!--{Person.name}", "<a href='{Person.name}",
            '<a x="{Person.name}" ',
            "{<b>Person</b>.name}", "{Preson.name}", "{Person.name|x}", "&#123;",
            "\"{Person.name}'",
        ):  # fmt: skip
            for head in ("", "{Person", '<a href="'):
                text = head + part * (LONG // 8 // len(part))
                begun = time.monotonic()
                mistakes(text, is_html=True)
                prepared = prepare(text, is_html=True)
                if prepared:
                    prepared.fill(prepared.source, lambda _one: "value")
                with self.subTest(head + part):
                    self.assertLess(time.monotonic() - begun, SECONDS)

    @settings(max_examples=1500, deadline=None)
    @given(
        st.lists(
            st.sampled_from(
                ["{", "}", "{{", "}}", "${", "{%", "%}", "{#", " object.name ", "color: red;",
                 '"a": 1', "<t t-out=\"x['{a}']\"/>", "<style>p {margin: 0}</style>", "[[1,2]]",
                 "{foo.bar}",
                 "{x}", "|", "\n", "{ a b }", "<p>", "</p>", "é", "😀", "\u200b", "{0}", "{1.2}"]
            ),
            max_size=30,
        )
    )  # fmt: skip
    def test_braces_of_others_stay_byte_for_byte(self, parts):
        text = "".join(parts)
        self.assertFalse(list(places(text, is_html=True)))
        self.assertIsNone(prepare(text, is_html=True))

    @settings(max_examples=800, deadline=None)
    @given(
        st.lists(
            st.one_of(
                st.sampled_from(
                    ["{Person.name}", "{User.name|you}", "{today}", "{{ x }}", "{a: b}"]
                ),
                st.text(max_size=12),
            ),
            max_size=12,
        ),
        st.booleans(),
        st.text(max_size=30),
    )
    def test_what_is_around_placeholders_stays_byte_for_byte(self, parts, is_html, value):
        text = "".join(parts)
        prepared = prepare(text, is_html)
        if prepared is None:
            return
        kept = re.split(f"({prepared.pattern.pattern})", prepared.source)
        again = "".join(
            str(prepared.tokens[part][0]) if part in prepared.tokens else part for part in kept
        )
        self.assertEqual(again, text)
        filled = prepared.fill(prepared.source, lambda _one: value)
        for token in prepared.tokens:
            self.assertNotIn(token, filled)

    @settings(max_examples=500, deadline=None)
    @given(st.sampled_from(ROOTS), st.text(alphabet="abcXYZ_.|{}<> \n'\"&", max_size=20))
    def test_a_value_that_reads_like_a_token_or_placeholder_is_not_filled_in(self, root, rest):
        prepared = prepare("{Person.name} {User.name}", is_html=False)
        value = f"{{{root}.{rest}}} {prepared.source}"
        filled = prepared.fill(prepared.source, lambda one: value if one.root == "Person" else "B")
        self.assertTrue(filled.endswith(" B"))
        self.assertEqual(filled.count(" B"), 1 + value.count(" B"))
