"""What an update does for a database that an older version has made."""

from odoo.modules.module import load_script
from odoo.tests import tagged

from .common import MailImportCase


@tagged("post_install", "-at_install")
class TestProvidersOfAnOlderDatabase(MailImportCase):
    def test_their_pop3_servers_are_filled_in_and_an_administrators_own_stay(self):
        path = "mail_task_import/migrations/19.0.1.1.0/post-migration.py"
        migration = load_script(path, "post_migration")
        name = "mail_task_import.provider_{}".format
        gmail, gmx, icloud = (self.env.ref(name(of)) for of in ("gmail", "gmx", "icloud"))
        known = {
            provider: provider.pop_host
            for provider in self.env["mail.import.provider"].search([("pop_host", "!=", False)])
        }
        for provider in known:
            provider.pop_host = False
        gmx.pop_host = "pop.our.example"
        self.env.flush_all()
        migration.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertEqual(gmail.pop_host, "pop.gmail.com")
        self.assertEqual(gmx.pop_host, "pop.our.example")
        self.assertFalse(icloud.pop_host, "it has none")
        for provider in set(known) - {gmx}:
            self.assertEqual(provider.pop_host, known[provider])
