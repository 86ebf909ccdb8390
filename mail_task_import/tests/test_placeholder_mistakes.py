"""What was meant to be a placeholder is refused; what others write in braces never is."""

from pathlib import Path

from odoo.exceptions import ValidationError
from odoo.tests import BaseCase, tagged

import odoo.addons

from ..placeholders.mistakes import mistakes
from ..placeholders.syntax import placeholders
from .common import MailImportCase

MISTAKES = {
    "{Person:name}": "{Person.name}",
    "{Person: name}": "{Person.name}",
    "{Person-name}": "{Person.name}",
    "{Person_name}": "{Person.name}",
    "{Person/name}": "{Person.name}",
    "{Person name}": "{Person.name}",
    "{Person first name}": "{Person.firstName}",
    "{Person&nbsp;name}": "{Person.name}",
    "{person name}": "{Person.name}",
    "{account:name}": "{Account.name}",
    "{Preson:name}": "{Person.name}",
    "{Peson name}": "{Person.name}",
    "{Acount:name}": "{Account.name}",
    "{Person->name}": "{Person.name}",
    "{Person::name}": "{Person.name}",
    "{\u0420\u0435rson.name}": "{Person.name}",
    "{today,}": "{today}",
    "{opt out url}": "{optOutUrl}",
    "{optOut Link}": "{optOutLink}",
    "{current year}": "{currentYear}",
    "{Person.name": "{Person.name}",
    "{Person.name, how are you": "{Person.name}",
    "{Person.name. How are you": "{Person.name}",
    "{Person.name</b> {color: red}": "{Person.name}",
    "{Person.name|you": "{Person.name|you}",
    "{Person.name and so it goes on}": "{Person.name}",
    "{{Person.name}}": "{Person.name}",
    "{{ Person.firstName }}": "{Person.firstName}",
    "{{Person.name}": "{Person.name}",
    "{Person.name}}": "{Person.name}",
    "{{today}}": "{today}",
    "{today": "{today}",
    "{optOutUrl here": "{optOutUrl}",
    "{Person.name|{x}}": "{Person.name|x}",
    "{Person.name|{{x}}}": "{Person.name|x}",
    "{today|{x}}": "{today|x}",
    "{Person. name}": "{Person.name}",
    "{Person .name}": "{Person.name}",
    "{Person.&nbsp;name}": "{Person.name}",
    '<a href="%7BPreson.name%7D">x</a>': "{Person.name}",
}
OTHERS = (
    # style sheets
    "{color:red}",
    "a{user-select:none}",
    "@media (max-width:600px){.card{width:100%!important}.user-name{display:none}}",
    "table,td{mso-table-lspace:0pt;mso-table-rspace:0pt}img{-ms-interpolation-mode:bicubic}",
    "p.MsoNormal{margin:0cm;mso-style-parent:'';mso-pagination:widow-orphan}",
    "@font-face{font-family:Task;src:url(task.woff2)}u + .body .gmail{display:none}",
    "#outlook a{padding:0}.ExternalClass{width:100%}.ExternalClass *{line-height:100%}",
    "[data-ogsc] .dark{color:#fff !important} a[x-apple-data-detectors]{color:inherit}",
    "@keyframes now{from{opacity:0}to{opacity:1}}",
    # data
    '{"user": {"name": "Ann"}, "task": 5, "lead": [{"id": 1}]}',
    '{"@context":"http://schema.org","@type":"Person","name":"Ann"}',
    "{&quot;today&quot;: &quot;2026-01-01&quot;}",
    "{user: {id: 5, name: 'x'}, task: null}",
    "{user: 5}",
    "{task: title, done: true}",
    "https://x.example/?q=%7B%22user%22%3A5%7D",
    '<a href="https://x.example/?q=%7B%22user%22%3A5%7D&amp;t=%7Bid%7D">x</a>',
    "{user:name} {user:email} {user-name} {currentYear: 2026} {task:title}",
    # other senders' fields and programs
    "{{ object.name }}",
    "{{ object.partner_id.name or 'you' }} {{ user.name }} {{ctx.get('today')}}",
    "{{first_name}} {{ unsubscribe }} {{#if user}}x{{/if}} {{> header}}",
    "${user.name} {% if task.done %} {# Task.name #} {0} {1:>10} {amount:.2f}",
    "*|FNAME|* [[Person.name]] %%name%% <%= user.name %>",
    '<t t-out="object.name"/><t t-set="x" t-value="{\'a\': 1}"/>',
    '<a t-attf-href="/web?u={{ user.id }}&amp;t=#{task.id}">x</a>',
    '<t t-foreach="object.task_ids" t-as="Task"><a t-attf-href="/t/{{ Task.id }}">x</a></t>',
    "function f(user) { return user.name; } if (x) {now = 1}",
    # words
    "{Case-insensitive} {Task-based} {Task, Case} {User: see below}",
    "Sets {a, b} and {x | x > 0}; {code} {reason} {email} :-{ }:",
    "{Test name} {Report: email} {Page number} {now, or never}",
    "{ now playing } {today only: half price} {nowhere}",
)
OWN = ("{Person.name}", "{ Person.firstName | you }", "{today}")
UNSEEN = ("\u200b", "\u00ad", "\ufeff", "\u2060", "&shy;", "&#8203;", "&#x200B;")


class TestMistakes(BaseCase):
    def test_what_was_meant_is_told(self):
        for written, meant in MISTAKES.items():
            with self.subTest(written):
                found = mistakes(f"<p>Dear {written}</p>", is_html=True)
                self.assertEqual([one.meant for one in found][:1], [meant])
                self.assertFalse(placeholders(f"<p>Dear {written}</p>", is_html=True))

    def test_the_end_of_a_line_ends_one_too(self):
        for written in ("Hi {Person.name", "Hi {Person.name|you", "{today", "{{Person.name}}"):
            with self.subTest(written):
                self.assertTrue(mistakes(written))

    def test_braces_of_others_are_no_mistakes(self):
        for text in OTHERS:
            for is_html in (True, False):
                if not is_html and "t-attf" in text:
                    continue
                with self.subTest(text, is_html=is_html):
                    self.assertEqual(mistakes(text, is_html), [])
                    self.assertEqual(placeholders(text, is_html), [])
                    self.assertEqual(mistakes(f"{text} {' '.join(OWN)} {text}", is_html), [])

    def test_style_sheets_data_and_letters_of_the_host_are_no_mistakes(self):
        read = 0
        for folder in map(Path, odoo.addons.__path__):
            for pattern in ("*/static/**/*.css", "*/static/**/*.json", "*/static/src/**/*.scss",
                            "*/data/*template*.xml", "mass_mailing*/**/*.xml"):  # fmt: skip
                for file in folder.glob(pattern):
                    if file.relative_to(folder).parts[0].startswith("mail_task_import"):
                        continue
                    text = file.read_text("utf-8", "replace")
                    found = [one.written for one in mistakes(text, is_html=True)]
                    read += "{" in text
                    with self.subTest(file):
                        self.assertEqual(found, [])
        self.assertGreater(read, 100)

    def test_what_nobody_sees_changes_nothing(self):
        for unseen in UNSEEN:
            for written in ("{Person.na%sme}", "{Per%sson.name}", "{%sPerson%s.name%s}",
                            "{Person.%sname|you}", "{to%sday}"):  # fmt: skip
                text = f"<p>{written.replace('%s', unseen)}</p>"
                with self.subTest(text):
                    (found,) = placeholders(text, is_html=True)
                    self.assertEqual(mistakes(text, is_html=True), [])
                    self.assertIn((found.root, *found.path), {("Person", "name"), ("today",)})


@tagged("post_install", "-at_install")
class TestRefusals(MailImportCase):
    def save(self, body="", subject="", model="res.partner", by=None):
        return (
            self.env["mail.template"]
            .with_user(by or self.env.user)
            .create(
                {
                    "name": "Letter",
                    "model_id": self.env["ir.model"]._get_id(model),
                    "subject": subject,
                    "body_html": body,
                }
            )
        )

    def refusal(self, **values):
        with self.assertRaises(ValidationError) as refused:
            self.save(**values)
        return str(refused.exception)

    def test_they_are_refused_when_a_template_is_saved(self):
        for written, meant in MISTAKES.items():
            with self.subTest(written):
                self.assertIn(f"Did you mean {meant}?", self.refusal(body=f"<p>{written}</p>"))
        for written in ("Hi {Person.name", "Hi {Person:name}", "Hi {{Person.name}}"):
            with self.subTest(written):
                self.assertIn("Did you mean {Person.name}?", self.refusal(subject=written))

    def test_they_are_refused_in_a_signature_and_a_letter_to_many(self):
        mailbox = self.env["mail.import.mailbox"].search([], limit=1)
        with self.assertRaisesRegex(ValidationError, "mean {User.name}"):
            self.env["mail.import.signature"].create(
                {"mailbox_id": mailbox.id, "name": "Ann", "body": "<p>{User:name}</p>"}
            )
        letter = self.env["mail.compose.message"].create(
            {
                "composition_mode": "mass_mail",
                "model": "res.partner",
                "res_ids": self.customer.ids,
                "subject": "News",
                "body": "<p>{{Person.name}}</p>",
            }
        )
        letter.composition_batch = True
        with self.assertRaisesRegex(ValidationError, "mean {Person.name}"):
            letter.action_send_mail()

    def test_the_hosts_expressions_are_saved_as_they_are(self):
        subject = "Hi {{ object.name }} {{ user.name or 'x' }}"
        body = '<style>a{user-select:none}</style><p><t t-out="object.name"/> {a:1}</p>'
        template = self.save(subject=subject, body=body)
        self.assertEqual(template.subject, subject)
        rendered = template._render_field("subject", self.customer.ids)[self.customer.id]
        self.assertIn(self.customer.name, rendered)

    def test_what_is_suggested_can_be_saved(self):
        for written, meant in (
            ("{Person.nameX}", "“name”"),
            ("{Person.contry_id.name}", "“country_id”"),
            ("{Preson.fristName}", "{Person.firstName}"),
            ("{Person:emailAdress}", "{Person.emailAddress}"),
        ):
            with self.subTest(written):
                self.assertIn(meant, self.refusal(body=f"<p>{written}</p>"))

    def test_nothing_is_suggested_that_could_not_be_saved(self):
        for written, unfit in (
            ("{Person.pasword}", "password"),
            ("{Person.bank_id}", "bank_ids"),
            ("{Person.image_1921}", "image_1920"),
            ("{Person.child_id}", "child_ids"),
            ("{Person.contry_id.nothing_like_it}", "country_id"),
            ("{User.signatur_token}", "token”?"),
            ("{Preson.nothing_like_it}", "mean"),
            ("{Person:nothing_like_it}", "mean"),
        ):
            with self.subTest(written):
                told = self.refusal(body=f"<p>{written}</p>")
                self.assertNotIn(unfit, told.replace(written, ""))

    def test_nothing_is_suggested_that_its_writer_may_not_read(self):
        field = self.env["res.partner"]._fields["ref"]
        seller = self._employee("seller", "s@company.example", "sales_team.group_sale_salesman")
        self.assertIn("mean “ref”", self.refusal(body="<p>{Person.refx}</p>", by=seller))
        self.patch(field, "groups", "base.group_system")
        self.assertNotIn("“ref”", self.refusal(body="<p>{Person.refx}</p>", by=seller))

    def test_a_link_is_not_suggested_for_a_subject(self):
        self.assertNotIn("Did you mean", self.refusal(subject="Out: {optOutLnk}"))

    def test_encoded_braces_in_addresses_are_placeholders(self):
        self.customer.write({"website": "https://shop.example", "name": "Ann & Bob"})
        for written, sent in {
            "%7BPerson.website%7D": "https://shop.example",
            "%7bPerson.website%7d": "https://shop.example",
            "https://%7BPerson.website%7D/news": "https://shop.example/news",
            "https://x.example/?w=%7BPerson.name%7D&amp;a=1": (
                "https://x.example/?w=Ann%20%26%20Bob&amp;a=1"
            ),
            "https://x.example/%7BPerson.function%7Cdear%20friend%7D": (
                "https://x.example/dear%20friend"
            ),
            "https://x.example/{Person.function|dear%20friend}": "https://x.example/dear%20friend",
            "https://x.example/%7Bid%7D": "https://x.example/%7Bid%7D",
        }.items():
            with self.subTest(written):
                template = self.save(body=f'<a href="{written}">x</a>')
                body = template._render_field("body_html", self.customer.ids)[self.customer.id]
                self.assertEqual(str(body), f'<a href="{sent}">x</a>')
        out = self.save(body='<a href="%7BoptOutUrl%7D">x</a>')
        body = out._render_field("body_html", self.customer.ids)[self.customer.id]
        self.assertIn("/mail_import/opt_out_here", body)
        text = self.save(body="<p>%7BPerson.name%7D</p>")
        body = text._render_field("body_html", self.customer.ids)[self.customer.id]
        self.assertEqual(str(body), "<p>%7BPerson.name%7D</p>")
        self.assertIn("password", self.refusal(body='<a href="%7BUser.password%7D">x</a>'))

    def test_a_signature_takes_encoded_braces_too(self):
        self.env.user.partner_id.website = "https://ann.example"
        signed, empty = self.env["mail.import.placeholder"]._signed(
            '<a href="%7BUser.website%7D">x</a>', self.customer, self.env.user
        )
        self.assertEqual((str(signed), empty), ('<a href="https://ann.example">x</a>', []))

    def test_a_letter_to_many_takes_encoded_braces_too(self):
        self.customer.website = "https://shop.example"
        letter = self.env["mail.compose.message"].create(
            {
                "composition_mode": "mass_mail",
                "model": "res.partner",
                "res_ids": self.customer.ids,
                "subject": "News",
                "body": '<p><a href="%7BPerson.website%7D">x</a></p>',
                "force_send": False,
            }
        )
        letter.action_send_mail()
        mail = self.env["mail.mail"].search([("subject", "=", "News")])
        self.assertIn('href="https://shop.example"', mail.body_html)
