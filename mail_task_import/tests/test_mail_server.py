"""Mail that a mail server, Exim, takes by SMTP and pipes into the host's ``odoo-mailgate.py``."""

import json
import shutil
import sys
import time
import unittest
from pathlib import Path

from odoo.tests import tagged

from odoo.addons import mail

from environment import places
from environment.databases import copied
from environment.exim import Exim

from .common import build_mail
from .odoo_process import OdooProcess
from .odoo_shell import run

DOMAIN = "our.example"
SECRET = "gateway-secret"
SETTING_UP = f"""
import json
domain = env["mail.alias.domain"].create({{"name": "{DOMAIN}"}})
env.company.alias_domain_id = domain
admin = env.ref("base.user_admin")
at = {{"alias_domain_id": domain.id}}
Mailbox = env["mail.import.mailbox"]
virtual = {{"host": False, "state": "active", **at}}
desk, records = Mailbox.create([
    {{"name": "Desk", "kind": "group", "address": "desk@elsewhere.example", "alias_name": "desk",
      "default_target_id": env.ref("mail_task_import.target_lead").id,
      "member_ids": admin.ids, **virtual}},
    {{"name": "Records", "kind": "group", "address": "records@elsewhere.example",
      "takes_records": True, "member_ids": admin.ids, **virtual}},
])
own = Mailbox.create(
    {{"name": "Jane", "kind": "personal", "address": "jane@elsewhere.example",
      "alias_name": "jane", "owner_id": admin.id, **virtual}}
)
project = env["project.project"].create({{"name": "North", "alias_name": "north", **at}})
task = env["project.task"].create({{"name": "Roof", "project_id": project.id}})
task.message_subscribe(env["res.partner"].create(
    {{"name": "Ann", "email": "ann@customer.example"}}).ids)
team = env["crm.team"].create({{"name": "Crew", "use_leads": True}})
team.write({{"alias_name": "crew", **at}})
gateway = env["res.users"].create({{
    "login": "gateway", "name": "gateway", "password": "{SECRET}", "group_ids": [
        (6, 0, (env.ref("base.group_user") | env.ref("mail_task_import.group_gateway")).ids)],
}})
env.cr.commit()
print("ids:", json.dumps({{"gateway": gateway.id, "task": task.id}}))
print("importer: done")
"""
LOOKING = """
import json
found = sorted(
    [entry.subject, entry.mailbox_id.name,
     *sorted(entry.email_id.link_ids.mapped("res_model"))]
    for entry in env["mail.import.entry"].search([])
)
print("found:", json.dumps(found))
print("e-mails:", env["mail.import.email"].search_count([]))
print("records:", json.dumps({
    "leads": env["crm.lead"].search([("name", "like", "Mail ")]).mapped("name"),
    "team": env["crm.lead"].search([("team_id.name", "=", "Crew")]).mapped("name"),
    "tasks": env["project.task"].search([("project_id.name", "=", "North")]).mapped("name"),
}))
print("text:", json.dumps([
    email.body_text.strip() for email in env["mail.import.email"].search([], limit=1)
]))
print("aside:", env["mail.import.quarantine"].search_count([]))
print("importer: done")
"""


@tagged("post_install", "-at_install")
class TestTheMailServer(unittest.TestCase):
    def setUp(self):
        self.database = self.enterContext(copied("mta"))
        self.ids = self.printed(SETTING_UP)["ids"]
        self.exim = self.enterContext(Exim(DOMAIN))
        self.port = places.free_port()
        # one that the user may run whom Exim runs as: ours may lie in a closed home
        self.python = shutil.which("python3", path="/usr/bin:/usr/local/bin") or sys.executable
        script = self.exim.copy(Path(mail.__file__).parent / "static/scripts/odoo-mailgate.py")
        self.pipe_into(
            f"PYTHONUTF8=1 {self.python} {script} -d {self.database} "
            f"-u {self.ids['gateway']} -p {SECRET} --host 127.0.0.1 --port {self.port} "
            "--retry-status || exit 75"
        )

    def pipe_into(self, command):
        names = ("desk", "jane", "north", "crew", "task", "nobody")
        self.exim.set_aliases(dict.fromkeys(names, f'"|{command}"'))

    def test_every_address_reaches_its_mailbox_and_record(self):
        task = f"task+{self.ids['task']}"
        with self.odoo():
            for name in ("desk", "jane", "north", "crew", task):
                self.send(f"Mail for {name}", name)
            self.exim.wait_until_delivered()
        seen = self.printed(LOOKING)
        self.assertEqual(
            seen["found"],
            [
                ["Mail for crew", "Records", "crm.lead"],
                ["Mail for desk", "Desk", "crm.lead"],
                ["Mail for jane", "Jane", "res.partner"],
                ["Mail for north", "Records", "project.task"],
                [f"Mail for {task}", "Records", "project.task"],
            ],
        )
        self.assertEqual(seen["records"]["tasks"], ["Mail for north", "Roof"])
        self.assertEqual(seen["records"]["team"], ["Mail for crew"])

    def test_hidden_recipients_are_found(self):
        with self.odoo():
            self.send("Mail in secret", "desk", to="undisclosed-recipients:;")
            self.exim.wait_until_delivered()
        self.assertEqual(self.printed(LOOKING)["found"], [["Mail in secret", "Desk", "crm.lead"]])

    def test_nothing_is_lost_while_odoo_is_down_nor_doubled_when_it_dies(self):
        mails = [f"Mail {number}" for number in range(8)]
        for subject in mails:
            self.send(subject, "desk")
        self.wait_for(lambda: self.exim.log().count("returned 75") >= len(mails))
        self.assertEqual(self.exim.queued(), len(mails))
        with self.odoo() as process:
            self.wait_for(lambda: self.exim.queued() < len(mails))
            process.process.kill()
        with self.odoo():
            self.exim.wait_until_delivered()
            # a mail server that is not sure delivers once more
            for subject in mails[:4]:
                self.send(subject, "desk")
            self.exim.wait_until_delivered()
        seen = self.printed(LOOKING)
        self.assertEqual(seen["found"], [[subject, "Desk", "crm.lead"] for subject in mails])
        self.assertEqual(sorted(seen["records"]["leads"]), mails)
        self.assertEqual((seen["e-mails"], seen["aside"]), (len(mails), 0))

    def test_our_own_script_takes_bytes_and_never_gives_up(self):
        script = self.exim.copy(Path(__file__).parents[1] / "gateway/mail_import_gate.py")
        secret = self.exim.folder / "secret"
        secret.write_text("wrong\n")
        secret.chmod(0o644)
        self.pipe_into(
            f"{self.python} {script} -d {self.database} -u {self.ids['gateway']} "
            f"--password-file {secret} --url http://127.0.0.1:{self.port}"
        )
        raw = build_mail(subject="Mail in Russian", to=f"desk@{DOMAIN}", text="Z")
        raw = raw.replace(b'charset="utf-8"', b'charset="windows-1251"')
        raw = raw.replace(b"7bit", b"8bit").replace(b"\r\nZ", "\r\nГде мой заказ?".encode("cp1251"))
        self.exim.send(raw, "ann@customer.example", [f"desk@{DOMAIN}"])
        self.wait_for(lambda: "returned 75" in self.exim.log())
        with self.odoo():
            self.wait_for(lambda: self.exim.log().count("returned 75") > 6)
            self.assertEqual(self.exim.queued(), 1, "the password is wrong")
            secret.write_text(f"{SECRET}\n")
            self.exim.wait_until_delivered()
            # nobody has this address
            self.send("Mail for nobody", "nobody")
            self.wait_for(lambda: "returned 67" in self.exim.log())
        seen = self.printed(LOOKING)
        self.assertEqual(seen["found"], [["Mail in Russian", "Desk", "crm.lead"]])
        self.assertEqual(seen["text"], ["Где мой заказ?"])
        self.assertNotIn(SECRET, self.exim.log())

    # -- the stage ------------------------------------------------------------------------------

    def odoo(self):
        return OdooProcess(self.database, port=self.port)

    def send(self, subject, name, to=None):
        raw = build_mail(
            subject=subject,
            to=to or f"{name}@{DOMAIN}",
            message_id=f"<{subject.replace(' ', '.')}@customer.example>",
        )
        self.exim.send(raw, "ann@customer.example", [f"{name}@{DOMAIN}"])

    def wait_for(self, is_so, seconds=60):
        deadline = time.monotonic() + seconds
        while not is_so():
            self.assertLess(time.monotonic(), deadline, self.exim.log()[-3000:])
            time.sleep(0.1)

    def printed(self, script):
        lines = (line.partition(": ") for line in run(self.database, script).splitlines())
        names = ("ids", "found", "e-mails", "records", "aside", "text")
        return {name: json.loads(value) for name, _colon, value in lines if name in names}
