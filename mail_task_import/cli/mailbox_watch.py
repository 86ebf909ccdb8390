"""The command ``odoo mailbox_watch``. Odoo loads it by itself, without the add-on around it."""

import logging
import resource
import signal
import sys
from contextlib import suppress

from odoo.cli import Command
from odoo.tools import config

_logger = logging.getLogger(__name__)


class MailboxWatch(Command):
    """Watches all mailboxes: mail is on screen a moment after it has come.

    Keeps a connection for each folder on which the mail server tells of new mail (IMAP IDLE), and
    wakes Odoo's scheduler, which fetches it. Runs until it is stopped; one is enough for all hosts.
    Without it each mailbox is looked at when its interval is over. Further options are Odoo's own.
    """

    name = "mailbox_watch"

    def run(self, args):
        self.parser.add_argument("-c", "--config", help="Odoo's configuration file")
        self.parser.add_argument(
            "-d", "--database", help="one or several, with commas; otherwise as Odoo has it"
        )
        options, others = self.parser.parse_known_args(args)
        words = ["--no-http"]
        for option, value in (("-c", options.config), ("-d", options.database)):
            words += [option, value] if value else []
        config.parse_config([*words, *others], setup_logging=True)
        _allow_many_connections()
        # only now: with the configuration Odoo knows where add-ons are, and this file is in none
        # pylint: disable-next=odoo-addons-relative-import
        from odoo.addons.mail_task_import.watcher import Watcher

        watcher = Watcher()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_signal: watcher.stop())
        _logger.info("Watching mailboxes")
        try:
            watcher.run()
        except RuntimeError as error:
            sys.exit(str(error))
        _logger.info("Watching no longer")


def _allow_many_connections():
    """Each is a file; the usual 1,024 are there for programs that use ``select``."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
