"""Two workers import answers to one closed task at once: one new task, and both answers in it."""

import unittest

from environment.databases import copied

from .common import build_mail
from .odoo_shell import IMPORTING, run

MEETING = """
from psycopg2.errors import SerializationFailure

admin.group_ids += env.ref("project.group_project_manager")
project = env["project.project"].create({{"name": "Desk"}})
env["mail.import.rule"].create({{
    "name": "Complaints", "keyword": "complaint", "owner_id": admin.id, "project_id": project.id,
    "target_id": env.ref("mail_task_import.target_task").id, "closed_way": "new",
}})
(question,) = env["mail.import.importer"].import_mails(mailbox, [{question!r}])
old = question.email.link_ids._get_record()
old.state = "1_done"
env.cr.commit()

def record_of(cr, raw):
    return receive(cr, raw).email.link_ids._get_record().id

with env.registry.cursor() as late, env.registry.cursor() as early:
    late.execute("SELECT count(*) FROM mail_import_link")  # its snapshot
    new = record_of(early, {first!r})
    early.commit()
    try:
        record_of(late, {second!r})
        raise AssertionError("the later one saw nothing of the earlier one, and made another")
    except SerializationFailure:
        late.rollback()
    assert record_of(late, {second!r}) == new != old.id, (new, old)
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
            run(database, IMPORTING + MEETING.format(question=question, first=first, second=second))
