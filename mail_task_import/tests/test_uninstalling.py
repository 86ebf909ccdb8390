"""Uninstalled for good: the host works on, records keep their mail, the server is not touched."""

import unittest

from environment.databases import copied

from .odoo_shell import run

UNINSTALLING = """
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

mailbox = env["mail.import.mailbox"].create({
    "name": "Support", "kind": "group", "address": "support@company.example",
    "host": "127.0.0.1", "port": 1, "security": "none", "password": "secret", "state": "active",
    "default_target_id": env.ref("mail_task_import.target_lead").id,
})
mailbox.act_since = "2000-01-01 00:00:00"
(mail,) = env["mail.import.importer"].import_mails(mailbox, [
    b"From: ann@customer.example\\nTo: support@company.example\\nSubject: Hello\\n"
    b"Message-ID: <1@customer.example>\\n\\nText"])
server_id, lead_id = mailbox.server_id.id, mail.email.link_ids.res_id
env.cr.commit()
env["ir.module.module"].search([("name", "=", "mail_task_import")]).button_immediate_uninstall()

with Registry(env.cr.dbname).cursor() as cr:
    host = api.Environment(cr, SUPERUSER_ID, {})
    assert not [name for name in host if name.startswith("mail.import")]
    server = host["fetchmail.server"].with_context(active_test=False).browse(server_id)
    assert (server.state, server.active) == ("draft", False), server.state
    lead = host["crm.lead"].browse(lead_id)
    assert lead.message_ids.mapped("subject") == ["Hello"], lead.message_ids
    lead.message_post(body="Still here", message_type="comment", subtype_xmlid="mail.mt_comment")
    assert host["fetchmail.server"].search([])._fetch_mail() is None
    print("importer: done")
"""


class TestUninstalling(unittest.TestCase):
    def test_the_host_works_on_and_keeps_the_mail_of_its_records(self):
        with copied("uninstalled") as database:
            run(database, UNINSTALLING)
