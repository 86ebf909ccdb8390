"""The same report in two workers at the same moment: it is counted once."""

import unittest

from environment.databases import copied

from .bounce_reports import build_report
from .odoo_shell import IMPORTING, run

MEETING = """
from psycopg2.errors import SerializationFailure

partner = env["res.partner"].create({{"name": "Ann", "email": "ann@customer.example"}})
env["mail.message"].create(
    {{
        "message_id": "<ours@company.example>",
        "model": "res.partner",
        "res_id": partner.id,
        "message_type": "comment",
        "notification_ids": [
            (0, 0, {{"res_partner_id": partner.id, "notification_type": "email"}})
        ],
    }}
)
env.cr.commit()

with env.registry.cursor() as late, env.registry.cursor() as early:
    late.execute("SELECT count(*) FROM mail_import_entry")  # its snapshot
    receive(early, {one!r})
    early.commit()
    try:
        receive(late, {two!r})
        raise AssertionError("it counted what it did not see")
    except SerializationFailure:
        late.rollback()
    receive(late, {two!r})
    late.commit()

env.cr.rollback()
state = env["mail.import.address.state"].search([])
assert (state.address, state.bounces) == ("ann@customer.example", 1), state.read()
assert partner.message_bounce == 1, partner.message_bounce
print("importer: done")
"""


class TestBouncesWorkers(unittest.TestCase):
    def test_a_report_that_two_workers_read_counts_once(self):
        headers = "Message-ID: <ours@company.example>"
        one, two = (build_report(headers, number=number) for number in (1, 2))
        with copied("bounces_workers") as database:
            run(database, IMPORTING + MEETING.format(one=one, two=two))
