"""Group and personal mailboxes, watched over IMAP or POP3, linked to the host's records."""

from . import controllers, models, wizards
from .hooks import post_init_hook, uninstall_hook
