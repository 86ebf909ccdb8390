"""A folder is deleted while an importer puts mail into it: it goes, and no mail is put aside."""

import unittest

from environment.databases import copied

from .common import build_mail
from .odoo_shell import IMPORTING, run

MEETING = """
from functools import partial
from psycopg2.errors import SerializationFailure
from odoo.exceptions import ConcurrencyError
from odoo.service.model import retrying

first, second = env["mail.import.folder"].create(
    [{{"name": name, "mailbox_id": mailbox.id}} for name in ("First", "Second")]
)
mailbox.local_folder_id = first
inbox = env.ref("mail_task_import.folder_inbox")
env.cr.commit()

def delete(cr, folder):
    there = api.Environment(cr, admin.id, {{}})
    return there["mail.import.folder"].browse(folder.id).unlink()

def folder_of(entry):
    env.cr.rollback()
    return env["mail.import.entry"].browse(entry).folder_id

with env.registry.cursor() as late, env.registry.cursor() as early:
    late.execute("SELECT count(*) FROM mail_import_entry")  # its snapshot
    entry = receive(early, {one!r}).entry.id
    early.commit()
    assert folder_of(entry) == first
    try:
        delete(late, first)
        raise AssertionError("it saw the mail")
    except ConcurrencyError:
        late.rollback()
    late.execute("SELECT count(*) FROM mail_import_entry")
    another = receive(early, {two!r}).entry.id
    early.commit()
    # as the host carries out what a user presses
    retrying(partial(delete, late, first), api.Environment(late, admin.id, {{}}))
    late.commit()
    assert folder_of(entry) == folder_of(another) == inbox, folder_of(entry)

    mailbox.local_folder_id = second
    env.cr.commit()
    late.execute("SELECT count(*) FROM mail_import_folder")
    delete(early, second)
    early.commit()
    try:
        receive(late, {three!r})
        raise AssertionError("it filed into a folder that is gone")
    except SerializationFailure:
        late.rollback()
    entry = receive(late, {three!r}).entry.id
    late.commit()
    assert folder_of(entry) == inbox
print("importer: done")
"""


class TestFoldersWorkers(unittest.TestCase):
    def test_a_folder_is_deleted_while_mail_comes_into_it(self):
        one, two, three = (build_mail(text=text) for text in ("One", "Two", "Three"))
        with copied("folders_workers") as database:
            run(database, IMPORTING + MEETING.format(one=one, two=two, three=three))
