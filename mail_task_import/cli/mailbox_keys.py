"""The command ``odoo mailbox_keys``. Odoo loads it by itself, without the add-on around it."""

import sys

from cryptography.fernet import Fernet

from odoo import SUPERUSER_ID, api
from odoo.cli import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import config

WORDS = {
    "sealed": "encrypted under the first key",
    "older": "encrypted under an older key",
    "plain": "not encrypted",
    "lost": "encrypted under a key that is not here",
}


class MailboxKeys(Command):
    """Keys for the passwords of mailboxes.

    new      prints a key. Put it first into mail_import_key of odoo.conf, or into the environment
             variable MAIL_IMPORT_KEY, before the older ones, and restart Odoo
    encrypt  encrypts all passwords under the first key; then older keys can go
    status   counts them; passwords themselves are never shown
    """

    name = "mailbox_keys"

    def run(self, args):
        self.parser.add_argument("action", choices=("new", "encrypt", "status"))
        self.parser.add_argument("-c", "--config", help="Odoo's configuration file")
        self.parser.add_argument("-d", "--database", help="otherwise that of the configuration")
        options = self.parser.parse_args(args)
        getattr(self, f"_{options.action}")(options)

    def _new(self, _options):
        self._say(Fernet.generate_key().decode())

    def _encrypt(self, options):
        with self._mailboxes(options) as mailboxes:
            keyring = mailboxes._keyring__()
            if not keyring.is_valid:
                sys.exit("One of the keys is none; nothing was changed.")
            if not len(keyring):
                sys.exit("There is no key: make one with “odoo mailbox_keys new”.")
            # commits; begins again where a mailbox was written meanwhile
            counts = retrying(mailboxes._seal_all__, mailboxes.env)
        self._say(
            f"Newly encrypted: {counts['plain']}, encrypted again: {counts['older']}, "
            f"as they were: {counts['sealed']}, not readable: {counts['lost']}."
        )
        if counts["lost"]:
            sys.exit("What cannot be read needs the key that it had, or its password again.")

    def _status(self, options):
        with self._mailboxes(options) as mailboxes:
            counts = mailboxes._count_secrets__()
            valid = mailboxes._keyring__().is_valid
        for state, words in WORDS.items():
            self._say(f"{counts[state]:6} {words}")
        if not valid:
            sys.exit("One of the keys is none.")

    @staticmethod
    def _say(words):
        sys.stdout.write(f"{words}\n")

    def _mailboxes(self, options):
        words = ["--no-http", "--log-level=warn"]
        for option, value in (("-c", options.config), ("-d", options.database)):
            words += [option, value] if value else []
        config.parse_config(words, setup_logging=True)
        databases = config["db_name"]
        if len(databases) != 1:
            self.parser.error("name one database with -d")
        return _Mailboxes(databases[0])


class _Mailboxes:
    """All mailboxes of a database, in a transaction that is thrown away unless committed."""

    def __init__(self, database):
        self._database = database

    def __enter__(self):
        registry = Registry(self._database)
        self._cursor = registry.cursor()
        env = api.Environment(self._cursor, SUPERUSER_ID, {})
        if "mail.import.mailbox" not in env:
            sys.exit("The add-on mail_task_import is not installed in this database.")
        return env["mail.import.mailbox"]

    def __exit__(self, *_error):
        self._cursor.close()
