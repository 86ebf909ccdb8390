"""Two people convert one mail at the same moment, in transactions of their own: one record."""

import unittest

from environment.databases import copied

from .common import build_mail
from .odoo_shell import IMPORTING, run

MEETING = """
from functools import partial
from psycopg2.errors import SerializationFailure
from odoo.exceptions import UserError
from odoo.service.model import retrying

entry = receive(env.cr, {mail!r}).entry.id
env.cr.commit()

def begin(cr):
    there = api.Environment(cr, admin.id, {{}})
    number = there["mail.import.entry"].browse(entry).action_convert()["res_id"]
    there["mail.import.conversion"].browse(number).kind = "LEAD"
    return number

def save(cr, number):
    there = api.Environment(cr, admin.id, {{"default_mail_import_conversion": number}})
    there["crm.lead"].web_save({{"name": "Forty desks"}}, {{}})

with env.registry.cursor() as one, env.registry.cursor() as two:
    first, second = begin(one), begin(two)
    one.commit()
    two.commit()
    two.execute("SELECT count(*) FROM mail_import_link")  # its snapshot
    save(one, first)
    one.commit()
    try:
        save(two, second)
        raise AssertionError("it did not see the first")
    except SerializationFailure:
        two.rollback()
    # as the host carries out what a user presses
    try:
        retrying(partial(save, two, second), api.Environment(two, admin.id, {{}}))
        raise AssertionError("two records of one mail")
    except UserError as error:
        assert "made LEAD-" in str(error), error
        two.rollback()
env.cr.rollback()
assert env["crm.lead"].search_count([("name", "=", "Forty desks")]) == 1
assert env["mail.import.link"].search_count([("made_record", "=", True)]) == 1
print("importer: done")
"""


class TestConvertingWorkers(unittest.TestCase):
    def test_two_people_make_one_record(self):
        with copied("converting_workers") as database:
            run(database, IMPORTING + MEETING.format(mail=build_mail(subject="Forty desks")))
