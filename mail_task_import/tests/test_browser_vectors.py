"""No mail runs anything, loads anything or covers anything in any place where mail is shown.

All vectors come in as mails; a real browser opens every view, and a trap tells what they did.
What is stored of each is also shown bare, without the frames and policies of the views: it has to
be harmless by itself, because the host shows it in its chatter and sends it on.
"""

import base64
import json
import os
import re
import tempfile
import unittest
from email.header import Header
from pathlib import Path

from playwright.sync_api import Error, expect

from odoo.tests import tagged

from environment.databases import copied
from environment.smtp_sink import SmtpSink

from .common import build_mail
from .odoo_process import OdooProcess
from .odoo_shell import run
from .trap import MARK, Trap
from .vectors import COVERING, PAGE, SVG, TEXT, VECTORS, WORDS, written

PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
BUNDLE = 10
MAIL = ".o-mail-Message-body"

SETTING_UP = """
import base64, json, pathlib
folder = pathlib.Path({folder!r})
mails = {{name: [base64.b64decode(raw) for raw in raws]
         for name, raws in json.loads((folder / "mails.json").read_text()).items()}}
admin = env.ref("base.user_admin")
admin.write({{"password": "admin", "notification_type": "inbox", "group_ids": [
    (4, env.ref("crm.group_use_lead").id), (4, env.ref("sales_team.group_sale_manager").id),
    (4, env.ref("project.group_project_manager").id)]}})
fay = env["res.users"].create({{"name": "Fay", "login": "fay", "email": "fay@company.example",
    "notification_type": "email", "group_ids": [
    (4, env.ref("base.group_user").id), (4, env.ref("sales_team.group_sale_manager").id)]}})
env["ir.config_parameter"].set_param("web.base.url", {odoo!r})
env["ir.mail_server"].create({{"name": "Sink", "smtp_host": "127.0.0.1", "smtp_port": {smtp},
    "smtp_encryption": "none"}})
project = env["project.project"].create({{"name": "Cases", "privacy_visibility": "portal"}})
def mailbox(address, target, **values):
    return env["mail.import.mailbox"].create({{
        "name": address.split("@")[0], "kind": "group", "address": address,
        "member_ids": [admin.id], "host": "127.0.0.1", "port": 143, "security": "none",
        "password": "secret", "act_since": "2000-01-01 00:00:00", "state": "active",
        "smtp_host": "127.0.0.1", "smtp_port": {smtp}, "smtp_security": "none",
        "smtp_sign_in": False, "letters_outside": True,
        "default_target_id": env.ref(target).id, **values}})
support = mailbox("support@company.example", "mail_task_import.target_lead")
cases = mailbox("cases@company.example", "mail_task_import.target_task",
                default_project_id=project.id)
importer = env["mail.import.importer"]
def received(box, raws):
    outcomes = importer.import_mails(box, raws)
    bad = [outcome.state for outcome in outcomes if outcome.state != "stored"]
    assert not bad, bad
    return outcomes
def record(outcome):
    return outcome.email.link_ids._get_record()
told = {{}}
entries = []
for name in ("singles", "bundles"):
    (first,) = received(support, mails[name][:1])
    lead = record(first)
    lead.message_subscribe((admin | fay).partner_id.ids)
    outcomes = received(support, mails[name][1:])
    assert all(record(outcome) == lead for outcome in outcomes)
    told[name] = {{"lead": lead.id, "entries": [outcome.entry.id for outcome in outcomes]}}
    entries += [outcome.entry for outcome in outcomes]
case, _answer = received(cases, mails["case"])
task = record(case)
told["task"] = task.id
told["portal"] = f"/my/tasks/{{task.id}}?access_token={{task._portal_ensure_token()}}"
email = entries[-1].email_id
files = email.attachment_ids | email.link_ids.message_id.attachment_ids
told["files"] = {{file.id: file.mimetype for file in files}}
words = mails["words"][0].decode()
env["mail.import.quarantine"].create({{"mailbox_id": support.id, "subject": words,
    "sender": words, "reason": words, "trace": words, "log": words, "state": "kept", "size": 9,
    "attempts": 3}})
def quoting(entry, verb):
    draft = getattr(entry.with_user(admin), verb)()["res_id"]
    return env["mail.import.email"].browse(draft).body
told["stored"] = {{
    "e-mail": [str(entry.email_id.body) for entry in entries],
    "message": [str(entry.email_id.link_ids.message_id.body) for entry in entries],
    "reply": [str(quoting(outcome.entry, "action_reply")) for outcome in outcomes],
    "forward": [str(quoting(outcome.entry, "action_forward")) for outcome in outcomes],
    "description": [str(task.description)],
}}
assert all(told["stored"]["message"])
env.cr.commit()
env["mail.mail"].process_email_queue()
env.cr.commit()
(folder / "told.json").write_text(json.dumps(told))
print("importer: done")
"""


def _encoded(mails):
    return [base64.b64encode(mail).decode() for mail in mails]


def _named(words, address):
    return f"{Header(words, 'utf-8').encode(maxlinelen=900)} <{address}>"


@tagged("post_install", "-at_install")
class TestBrowserVectors(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sink = cls.enterClassContext(SmtpSink())
        database = cls.enterClassContext(copied("vectors"))
        odoo = OdooProcess(database, cron_threads=0)
        cls.odoo = odoo.url
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        Path(folder, "mails.json").write_text(json.dumps(cls._mails()))
        run(database, SETTING_UP.format(folder=folder, odoo=cls.odoo, smtp=cls.sink.port))
        cls.told = json.loads(Path(folder, "told.json").read_text())
        cls.enterClassContext(odoo)
        cls.trap = cls.enterClassContext(Trap(cls.odoo))
        cls.trap.sign_in("admin", "admin")
        cls.page = cls.trap.page

    @classmethod
    def _mails(cls):
        singles = [cls._written(vector, number) for number, vector in enumerate(VECTORS)]
        bundles = [
            "\n".join(singles[start : start + BUNDLE]) for start in range(0, len(singles), BUNDLE)
        ]
        return {
            "singles": _encoded(cls._thread("singles", singles)),
            "bundles": _encoded([*cls._thread("bundles", bundles), *cls._words()]),
            "case": _encoded(
                [
                    build_mail(
                        subject=f"{number} case",
                        to="cases@company.example",
                        html="<p>The case</p>" + "".join(cls._written(v, 900) for v in COVERING),
                        message_id=f"<case.{number}@customer.example>",
                        in_reply_to="<case.0@customer.example>" if number else None,
                    )
                    for number in range(2)
                ]
            ),
            "words": _encoded([cls._written(" ".join(WORDS), 901).encode()]),
        }

    @classmethod
    def _written(cls, vector, number):
        return written(vector, number, cls.odoo)

    @classmethod
    def _thread(cls, name, htmls):
        """A question, and an answer to it for each of ``htmls``."""
        question = f"<{name}@customer.example>"
        return [
            build_mail(subject=f"Thread of {name}", message_id=question),
            *(
                build_mail(
                    subject=f"Re: Thread of {name}",
                    html=f"<p>Number {number}</p>{html}<p>End</p>",
                    text=f"Number {number}",
                    message_id=f"<{number}.{name}@customer.example>",
                    in_reply_to=question,
                )
                for number, html in enumerate(htmls)
            ),
        ]

    @classmethod
    def _words(cls):
        """Mails whose headers, files and text are the trouble."""
        for number, words in enumerate(WORDS, start=950):
            words = cls._written(words, number)
            yield build_mail(
                subject=f"{words} subject",
                sender=_named(words, f"w{number}@customer.example"),
                to=f"support@company.example, {_named(words, 'x@customer.example')}",
                text=cls._written(TEXT, number),
                message_id=f"<words.{number}@customer.example>",
                in_reply_to="<bundles@customer.example>",
                attachments=[
                    (f"{words}.txt".replace("/", "\N{FULLWIDTH SOLIDUS}"), b"x", "text/plain"),
                    ("a.svg", cls._written(SVG, number).encode(), "image/svg+xml"),
                    ("b.html", cls._written(PAGE, number).encode(), "text/html"),
                    ("c.xhtml", cls._written(PAGE, number).encode(), "application/xhtml+xml"),
                    ("d.xml", cls._written(SVG, number).encode(), "text/xml"),
                    ("e.gif", cls._written(PAGE, number).encode(), "image/gif"),
                    ("f.ics", f"BEGIN:VCALENDAR\nSUMMARY:{words}".encode(), "text/calendar"),
                    ("g.gif", PIXEL, "image/gif"),
                ],
            )

    def setUp(self):
        super().setUp()
        self.trap.forget()

    def tearDown(self):
        super().tearDown()
        if os.environ.get("MAIL_IMPORT_SCREENSHOTS"):
            self.page.screenshot(path=f"{os.environ['MAIL_IMPORT_SCREENSHOTS']}/{self.id()}.png")

    def open(self, path, wait_for):
        self.page.goto(f"{self.odoo}{path}")
        self.page.wait_for_selector(wait_for, state="attached")

    def assertNothingHappened(self):
        self.assertEqual(self.trap.all_caught(), [])

    def assertNothingCovered(self, within):
        self.assertEqual(self.trap.covered(within), [])

    def assertNothingStretched(self, place, to_be_scrolled=True):
        """No mail is higher than the window, and what is more of it can be scrolled to."""
        places = self.page.locator(place)
        heights = places.evaluate_all("all => all.map((one) => one.offsetHeight)")
        self.assertTrue(heights)
        self.assertLess(max(heights), self.page.viewport_size["height"])
        more = places.evaluate_all(
            """all => all.flatMap((one) => [one, ...one.querySelectorAll("*")])
                .filter((one) => one.scrollHeight > one.clientHeight + 8000)
                .map((one) => getComputedStyle(one).overflowY)"""
        )
        if to_be_scrolled:
            self.assertIn("auto", more)

    # -- what is stored ------------------------------------------------------------------------

    def test_what_is_stored_is_harmless_without_any_frame(self):
        for name, htmls in self.told["stored"].items():
            with self.subTest(name):
                for html in htmls:
                    self.assertEqual(self.trap.active_parts(html), [], html)
                self.trap.show_bare(htmls)
                self.assertNothingHappened()

    def test_what_the_host_sends_to_followers_is_harmless(self):
        sent = [each for each in self.sink.messages() if "fay@company.example" in each.recipients]
        self.assertGreater(len(sent), len(VECTORS))
        htmls = [each.message.get_body(("html",)).get_content() for each in sent]
        self.trap.show_bare(htmls)
        self.assertNothingHappened()

    def test_the_trap_catches_what_is_not_made_harmless(self):
        """Each vector bare, in a browser of its own; some work in older browsers only."""
        bare = [self._written(vector, number) for number, vector in enumerate(VECTORS)]
        trap = self.enterContext(Trap(self.odoo, self.trap.playwright))
        trap.show_bare(bare)
        caught = trap.all_caught()
        told = set(re.findall(r"ran: ?(\d+)|//v(\d+)\.evil", " ".join(caught)))
        self.assertGreater(len(told), 100, caught)
        self.assertTrue([each for each in caught if each.startswith("heard: GET")])
        self.assertIn(f"asked: {self.odoo}/web/session/logout?{MARK}", caught)
        self.assertGreater(len([each for each in bare if trap.active_parts(each)]), 150)
        for vector in (COVERING[0], COVERING[3], COVERING[6]):
            trap.page.set_content(f"<p>Host<div id=mail style='margin:300px'>{vector}</div>")
            self.assertTrue(trap.covered("#mail"), vector)

    # -- where people see it -------------------------------------------------------------------

    def test_frames(self):
        """Every mail in its frame, as the form has it."""
        self.page.goto(f"{self.odoo}/web/health")
        ids = self.told["bundles"]["entries"]
        self.page.evaluate(
            """(ids) => Promise.all(ids.map((id) => new Promise((resolve) => {
                const frame = document.createElement("iframe");
                frame.sandbox = "allow-popups allow-popups-to-escape-sandbox";
                frame.src = `/mail_import/entry/${id}/body`;
                frame.onload = resolve;
                document.body.append(frame);
            })))""",
            ids,
        )
        self.assertEqual(len(self.page.frames), len(ids) + 1)
        self.trap.poke()
        self.assertNothingHappened()

    def test_inbox_search_and_form(self):
        self.open("/odoo/action-mail_task_import.action_mail_import_inbox", ".o_data_row")
        self.page.fill(".o_searchview_input", "onerror")
        # what is proposed would come over the list later
        expect(self.page.locator(".o_searchview_autocomplete")).to_be_visible()
        self.page.keyboard.press("Enter")
        expect(self.page.locator(".o_searchview_autocomplete")).to_be_hidden()
        expect(self.page.locator(".o_data_row").first).to_be_visible()
        expect(self.page.locator(".o_pager_limit")).not_to_have_text("80")
        self.trap.poke(".o_data_row")
        self.page.locator(".o_data_row", has_text="subject").first.click()
        frame = self.page.frame_locator("iframe[src*='/mail_import/']")
        expect(frame.locator("body")).to_contain_text("javascript:")
        self.trap.poke()
        self.assertNothingHappened()

    def test_chatter(self):
        for name in ("singles", "bundles"):
            with self.subTest(name):
                self.open(f"/odoo/crm/{self.told[name]['lead']}", ".o-mail-Message")
                expect(self.page.locator(MAIL).nth(20)).to_be_attached()
                for message in (0, 10):
                    self.page.locator(MAIL).nth(message).scroll_into_view_if_needed()
                    self.assertNothingCovered(MAIL)
                self.assertNothingStretched(MAIL)
                self.trap.poke(MAIL)
                self.assertNothingHappened()

    def test_history(self):
        self.open("/odoo/action-mail_task_import.action_mail_import_links", ".o_data_row")
        self.trap.poke(".o_data_row")
        self.page.locator(".o_data_row", has_text="subject").first.click()
        expect(self.page.frame_locator("iframe").locator("body")).to_contain_text("javascript:")
        self.assertNothingHappened()

    def test_task_and_its_page_in_the_portal(self):
        self.open(f"/odoo/project/1/tasks/{self.told['task']}", ".o_field_html[name=description]")
        expect(self.page.locator(MAIL).first).to_be_attached()
        expect(self.page.locator(".o_field_html[name=description]")).to_contain_text("COVERING")
        self.assertNothingCovered(".o_field_html[name=description]")
        self.assertNothingStretched(".o_field_html[name=description]")
        self.assertNothingStretched(MAIL)
        self.trap.poke(".o_field_html")
        self.open(self.told["portal"], "#task_content, #wrap")
        expect(self.page.get_by_text("COVERING").first).to_be_visible()
        self.assertNothingCovered("[style*=overflow]")
        self.assertNothingStretched("[style*=overflow]")
        expect(self.page.locator(MAIL).first).to_be_attached()
        self.assertNothingStretched(MAIL)
        self.page.locator(MAIL).first.scroll_into_view_if_needed()
        self.trap.poke(".o_portal_chatter, #chatterRoot")
        self.assertNothingHappened()

    def test_discuss_inbox(self):
        self.open("/odoo/discuss?active_id=mail.box_inbox", MAIL)
        self.assertNothingCovered(MAIL)
        self.trap.poke(MAIL)
        self.assertNothingHappened()

    def test_quarantine(self):
        self.open("/odoo/action-mail_task_import.mail_import_quarantine_action", ".o_data_row")
        self.trap.poke(".o_data_row")
        self.page.locator(".o_data_row .o_data_cell").first.click()
        for tab in ("History", "Technical Details"):
            self.page.get_by_role("tab", name=tab).click()
        self.trap.poke(".o_form_view")
        self.assertNothingHappened()

    def test_answer_that_quotes(self):
        for index in (-1, -5, -6, 0):
            entry = self.told["bundles"]["entries"][index]
            self.open(f"/odoo/action-mail_task_import.action_mail_import_inbox/{entry}", "iframe")
            self.page.click("button[name=action_reply]")
            expect(self.page.locator(".odoo-editor-editable blockquote").first).to_be_visible()
            self.assertNothingCovered(".odoo-editor-editable")
            self.assertNothingStretched(".odoo-editor-editable", to_be_scrolled=index == -5)
            self.trap.poke(".odoo-editor-editable")
        self.assertNothingHappened()

    def test_files_opened_by_their_address(self):
        kinds = set(self.told["files"].values())
        self.assertFalse([kind for kind in kinds if "ht" in kind or "xml" in kind])
        self.assertEqual(len(self.told["files"]), 16)
        for number in self.told["files"]:
            for address in (f"/web/content/{number}", f"/web/image/{number}"):
                try:
                    self.page.goto(f"{self.odoo}{address}")
                except Error as error:
                    self.assertIn("Download is starting", str(error))
        self.page.wait_for_timeout(1500)
        self.assertNothingHappened()

    def test_pictures_that_are_asked_for_are_all_that_comes(self):
        """Pictures only, none of them with the reader's cookies: the reader stays signed in."""
        for index in range(len(self.told["bundles"]["entries"]) - len(WORDS)):
            entry = self.told["bundles"]["entries"][index]
            self.page.goto(f"{self.odoo}/mail_import/entry/{entry}/body?pictures=1")
        caught = self.trap.all_caught()
        self.assertTrue([each for each in caught if each.endswith("/1.png")], caught)
        self.assertFalse(
            [each for each in caught if not each.startswith(("asked: ", "heard: GET"))]
        )
        self.open("/odoo", ".o_main_navbar")
