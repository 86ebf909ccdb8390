"""Fills a database with mail, contacts and leads: ``python -m benchmarks.filling < task``.

Set-based SQL: importing 100,000 mails would take most of an hour on the host's side.
"""

import io
import json
import sys
from pathlib import Path

from odoo.fields import Command

from benchmarks import people
from benchmarks.our_side import mailbox
from benchmarks.session import odoo_environment

SCRIPTS = Path(__file__).parent / "existing"


def main() -> None:
    task = json.load(sys.stdin)
    with odoo_environment(task) as env:
        _note_sizes(env.cr)
        _note_mails(env.cr, _digests(task["side"]))
        env.cr.execute((SCRIPTS / "host.sql").read_text())
        if task["side"] == "ours":
            _note_place(env)
            env.cr.execute((SCRIPTS / "ours.sql").read_text())
        env.cr.commit()
        env.cr._cnx.autocommit = True
        env.cr.execute("VACUUM ANALYZE")


def _note_sizes(cr) -> None:
    cr.execute(
        "CREATE TEMPORARY TABLE size AS SELECT %s AS emails, %s AS contacts, %s AS writers, "
        "%s AS records, %s AS hosts",
        [people.EMAILS, people.CONTACTS, people.WRITERS, people.RECORDS, people.HOSTS],
    )


def _digests(name: str):
    """What our add-on indexes of a Message-ID."""
    if name == "host":
        return lambda message_id: ""
    from odoo.addons.mail_task_import.models.reference import digest_of

    return digest_of


def _note_mails(cr, digest_of) -> None:
    """One row a mail: number, Message-ID, digest, number of its writer and of what it answers."""
    rows = io.StringIO()
    for number in range(people.EMAILS):
        message_id = people.existing_id(number)
        parent = number - people.RECORDS
        words = [number, message_id, digest_of(message_id), number % people.WRITERS]
        rows.write("\t".join(map(str, [*words, parent if parent >= 0 else r"\N"])) + "\n")
    rows.seek(0)
    cr.execute(
        "CREATE TEMPORARY TABLE mail "
        "(n integer, message_id text, digest text, writer integer, parent integer)"
    )
    cr.copy_from(rows, "mail")


def _note_place(env) -> None:
    """The mailbox that holds all mails; the benchmark fetches into the same one."""
    box = mailbox(env)
    if not box.remote_folder_ids:
        box.remote_folder_ids = [Command.create({"name": "INBOX"})]
    folder = env["mail.import.folder"]._system("inbox")
    env.flush_all()
    env.cr.execute(
        "CREATE TEMPORARY TABLE place AS "
        "SELECT %s AS mailbox_id, %s AS remote_folder_id, %s AS folder_id",
        [box.id, box.remote_folder_ids[:1].id, folder.id],
    )


if __name__ == "__main__":
    main()
