"""The mailbox's form in a real browser: it opens for who may set it up, and counts along."""

from datetime import timedelta

from odoo import fields
from odoo.tests import Form, HttpCase, tagged

from .common import MailImportCase

FORM = "/odoo/action-mail_task_import.mail_import_mailbox_action"

FINDING = """
const until = async (find) => {
    for (let tenth = 0; tenth < 150; tenth++) {
        const found = find();
        if (found) return found;
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`not there: ${find}`);
};
"""


@tagged("post_install", "-at_install")
class TestMailboxForm(MailImportCase, HttpCase):
    def see(self, login, place, steps):
        code = f"(async () => {{ {FINDING} {steps} console.log('test successful'); }})()"
        self.browser_js(f"{FORM}{place}", code, login=login, timeout=120)

    def test_fetch_now_counts_on_the_form(self):
        self.support.next_fetch = fields.Datetime.now() + timedelta(hours=1)
        self.see(
            "postmaster",
            f"/{self.support.id}",
            """
            (await until(() => document.querySelector("button[name=action_fetch_now]"))).click();
            await until(() => document.querySelector(".o_mail_import_progress.alert-info"));
            """,
        )
        self.assertTrue(self.support._is_due())

    def test_pop3_says_what_it_cannot(self):
        self.see(
            "postmaster",
            f"/{self.support.id}",
            """
            const label = (text) =>
                [...document.querySelectorAll("label")].some((each) => each.textContent === text);
            await until(() => label("IMAP Server"));
            document.querySelector("[name=protocol] input[data-value=pop]").click();
            await until(() => label("POP3 Server") && !label("IMAP Server"));
            await until(() => document.body.textContent.includes("POP3 knows the inbox only"));
            document.querySelector("[name=folders].nav-link").click();
            await until(() => document.body.textContent.includes("inbox is all that can be read"));
            if (document.querySelector("button[name=action_pick_folders]"))
                throw new Error("folders are offered");
            document.querySelector(".o_form_button_cancel").click();
            await until(() => document.querySelector("button[name=action_pick_folders]"));
            """,
        )

    def test_an_employee_is_asked_who_reads_along(self):
        self.see(
            "agent",
            "/new",
            """
            await until(() => document.querySelector("[name=visibility] input:checked"));
            await until(() => document.body.textContent.includes("A question to the owner"));
            if (document.querySelector("[name=kind] input")) throw new Error("kind is offered");
            """,
        )

    def test_cards_show_what_fails_in_plain_words(self):
        self.support._note_failure("The mail server did not accept the login.")
        self.see(
            "agent",
            "",
            """
            const card = await until(() => document.querySelector(".o_kanban_record"));
            await until(() => card.textContent.includes("did not accept the login"));
            """,
        )

    def test_a_refused_folder_and_the_last_audit_are_seen_at_the_top(self):
        self.support.remote_folder_ids = [fields.Command.create({"name": "Gone"})]
        self.support.remote_folder_ids[-1].refusal = "It does not exist."
        self.env["mail.import.audit"].create(
            {
                "mailbox_id": self.support.id,
                "state": "done",
                "checked_at": fields.Datetime.now(),
                "since": fields.Datetime.now(),
                "refused": "“Gone”: It does not exist.",
            }
        )
        self.see(
            "postmaster",
            f"/{self.support.id}",
            """
            const alarm = await until(() => document.querySelector(".o_mail_import_refused"));
            await until(() => alarm.textContent.includes("“Gone” cannot be read; the other"));
            if (document.body.textContent.includes("This mailbox cannot be read"))
                throw new Error("the red alarm");
            const box = await until(() => document.querySelector(".o_mail_import_audit"));
            await until(() => box.textContent.includes("1 folder refused"));
            document.querySelector("[name=health].nav-link").click();
            const health = await until(() => document.querySelector("[name=audit]"));
            await until(() => health.textContent.includes("Not compared"));
            box.click();
            await until(() => document.querySelector("[name=refused]"));
            """,
        )

    def test_a_virtual_address_alone_asks_for_no_server(self):
        domain = self.env["mail.alias.domain"].create({"name": "our.example"})
        self.support.write({"alias_name": "desk", "alias_domain_id": domain.id})
        desk = self._mailbox(
            "group",
            "desk@elsewhere.example",
            host=False,
            password=False,
            alias_name="only",
            alias_domain_id=domain.id,
            act_since=fields.Datetime.now() - timedelta(hours=2),
            state="active",
        )
        self.assertFalse(desk.lag)
        shown = "[name=login], [name=password], [name=host], [name=interval], [name=fetch_since]"
        self.see(
            "postmaster",
            f"/{desk.id}",
            f"""
            const shown = () => document.querySelectorAll(".o_form_view :is({shown})").length;
            const says = (text) => document.body.textContent.includes(text);
            const two = await until(() => document.querySelector("[name=has_server] input"));
            if (shown() || says("No password yet") || says("Last Complete Look"))
                throw new Error("a server is asked for");
            if (document.querySelector("[name=folders].nav-link, [name=action_rehearse]"))
                throw new Error("folders are offered");
            two.click();
            await until(() => shown() >= 5 && says("No password yet"));
            document.querySelector(".o_form_button_cancel").click();
            await until(() => !shown());
            """,
        )
        self.see(
            "postmaster",
            f"/{self.support.id}",
            f"""
            await until(() => document.querySelectorAll(".o_form_view :is({shown})").length >= 5);
            if (document.querySelector("[name=has_server]")) throw new Error("it has a server");
            """,
        )
        self.see(
            "postmaster",
            "",
            """
            const card = await until(() =>
                [...document.querySelectorAll(".o_kanban_record")].find((each) =>
                    each.textContent.includes("desk@elsewhere.example")));
            if (card.textContent.includes("Last look") || card.querySelector("button"))
                throw new Error("a look is offered");
            """,
        )

    def test_a_server_can_be_added_to_a_virtual_address(self):
        domain = self.env["mail.alias.domain"].create({"name": "our.example"})
        desk = self._mailbox(
            "group",
            "desk@elsewhere.example",
            host=False,
            password=False,
            alias_name="only",
            alias_domain_id=domain.id,
        )
        with Form(desk.with_user(self.administrator)) as form:
            form.has_server = True
            form.host = "imap.elsewhere.example"
            form.login = "desk"
        self.assertEqual((desk.host, desk.has_server), ("imap.elsewhere.example", True))
