"""The errors that this add-on tells apart. Receivers have theirs in ``receivers/exceptions.py``."""

import psycopg2.errors

from odoo.exceptions import UserError


class MailImportError(UserError):
    """Something that a user can mend, said in the user's words."""


CONFLICTS = (
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.DeadlockDetected,
    psycopg2.errors.LockNotAvailable,
    psycopg2.errors.UniqueViolation,
)
"""Two workers met: the whole transaction is retried, the mail is not to blame."""
