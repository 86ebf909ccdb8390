"""Group and personal mailboxes, watched over IMAP, linked to the host's records."""

from . import models
from .hooks import post_init_hook, uninstall_hook
