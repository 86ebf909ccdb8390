"""Two workers import answers to one closed task at once: one new task, and both answers in it."""

import unittest

from environment.databases import copied

from .common import build_mail
from .odoo_shell import run

MEETING = """
from psycopg2.errors import SerializationFailure
from odoo import api

admin = env.ref("base.user_admin")
admin.group_ids += env.ref("project.group_project_manager")
mailbox = env["mail.import.mailbox"].create({{
    "name": "Support", "kind": "group", "address": "support@company.example",
    "member_ids": [admin.id], "host": "127.0.0.1", "port": 143, "security": "none",
    "password": "secret", "act_since": "2000-01-01 00:00:00", "state": "active",
}})
project = env["project.project"].create({{"name": "Desk"}})
env["mail.import.rule"].create({{
    "name": "Complaints", "keyword": "complaint", "owner_id": admin.id, "project_id": project.id,
    "target_id": env.ref("mail_task_import.target_task").id, "closed_way": "new",
}})
(question,) = env["mail.import.importer"].import_mails(mailbox, [{question!r}])
old = question.email.link_ids._get_record()
old.state = "1_done"
env.cr.commit()

def receive(cr, raw):
    there = api.Environment(cr, 1, {{}})
    box = there["mail.import.mailbox"].browse(mailbox.id)
    (mail,) = there["mail.import.importer"].import_mails(box, [raw])
    assert mail.state == "stored", mail.quarantine.trace
    return mail.email.link_ids._get_record().id

with env.registry.cursor() as late, env.registry.cursor() as early:
    late.execute("SELECT count(*) FROM mail_import_link")  # its snapshot
    new = receive(early, {first!r})
    early.commit()
    try:
        receive(late, {second!r})
        raise AssertionError("the later one saw nothing of the earlier one, and made another")
    except SerializationFailure:
        late.rollback()
    assert receive(late, {second!r}) == new != old.id, (new, old)
assert env["project.task"].search_count([("project_id", "=", project.id)]) == 2
print("importer: done")
"""


class TestRuleRepliesWorkers(unittest.TestCase):
    def test_two_answers_to_a_closed_task_make_one_new_task(self):
        question = build_mail(subject="complaint", message_id="<q@customer.example>")
        first, second = (
            build_mail(text=text, in_reply_to="<q@customer.example>", minutes_ago=1)
            for text in ("One", "Two")
        )
        with copied("replies_workers") as database:
            run(database, MEETING.format(question=question, first=first, second=second))
