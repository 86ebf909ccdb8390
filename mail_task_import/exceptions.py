"""The errors that this add-on tells apart. Receivers have theirs in ``receivers/exceptions.py``."""

import errno

import psycopg2.errors

from odoo.exceptions import UserError


class MailImportError(UserError):
    """Something that a user can mend, said in the user's words."""


class DraftChangedError(MailImportError):
    """What is saved builds on a state of the draft that is not the newest."""


CONFLICTS = (
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.DeadlockDetected,
    psycopg2.errors.LockNotAvailable,
    psycopg2.errors.UniqueViolation,
)
"""Two workers met: the whole transaction is retried, the mail is not to blame."""

HOST_ERRNOS = frozenset(
    {
        errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS, errno.EACCES, errno.EPERM,
        errno.EMFILE, errno.ENFILE, errno.ENOMEM,
    }
)  # fmt: skip
HOST_DATABASE_ERRORS = (
    psycopg2.InterfaceError,
    psycopg2.errors.AdminShutdown,
    psycopg2.errors.CrashShutdown,
    psycopg2.errors.CannotConnectNow,
    psycopg2.errors.TooManyConnections,
    psycopg2.errors.DiskFull,
    psycopg2.errors.OutOfMemory,
    psycopg2.errors.IoError,
    psycopg2.errors.ReadOnlySqlTransaction,
)


def is_no_mails_fault(error):
    """Whether two workers met, or the host fails: to be raised, and all of it tried again."""
    return isinstance(error, CONFLICTS) or is_host_trouble(error)


def is_host_trouble(error):
    """Whether Odoo's own disk or database fails: no mail is to blame, and none is put aside."""
    if isinstance(error, OSError):
        return error.errno in HOST_ERRNOS
    if isinstance(error, psycopg2.OperationalError) and not error.pgcode:
        return True  # the connection is gone
    return isinstance(error, HOST_DATABASE_ERRORS)
