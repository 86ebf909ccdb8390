"""A script in an ``odoo shell`` of its own, which commits to a real database."""

import os
import subprocess

SECONDS = 300
IMPORTING = """
from odoo import api

admin = env.ref("base.user_admin")
mailbox = env["mail.import.mailbox"].create({
    "name": "Support", "kind": "group", "address": "support@company.example",
    "member_ids": [admin.id], "host": "127.0.0.1", "port": 143, "security": "none",
    "password": "secret", "act_since": "2000-01-01 00:00:00", "state": "active",
})

def receive(cr, raw):
    there = api.Environment(cr, 1, {})
    box = there["mail.import.mailbox"].browse(mailbox.id)
    (mail,) = there["mail.import.importer"].import_mails(box, [raw])
    assert mail.state == "stored", mail.quarantine.trace
    return mail
"""
"""The beginning of scripts with a group mailbox that receive mails in transactions of their own."""


def run(database, script):
    """The script prints "importer: done" at its end; whoever does not get there shows its log.

    :return: the log
    """
    command = [
        os.environ["MAIL_IMPORT_PYTHON"], "-m", "odoo", "shell",
        "-c", os.environ["MAIL_IMPORT_CONFIG"], "-d", database, "--no-http",
    ]  # fmt: skip
    done = subprocess.run(
        command,
        input=script,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    log = done.stdout.splitlines()
    if not any("importer: done" in line for line in log):
        raise AssertionError("\n".join(log[-40:]))
    return done.stdout
