"""Records as somebody else sees them: as a user who may less, or as the superuser."""

from odoo import SUPERUSER_ID

KEPT_CONTEXT = frozenset(
    {
        "lang",
        "tz",
        "allowed_company_ids",
        "fetchmail_cron_running",
        "attachments_mime_plainxml",
        "image_no_postprocess",
    }
)
"""Besides what begins with ``mail_import_``."""


def as_seen_by(records, user):
    """The records in the environment of ``user``, in all companies of that user.

    The importer works in the mailbox's company; a user who is not of it must neither be refused
    everything nor make the look-up fail.
    """
    companies = user.sudo().company_ids.ids
    return records.with_user(user).with_context(allowed_company_ids=companies)


def in_own_context(records):
    """The records without what a caller of RPC may have put into the context.

    Default values, ``active_test`` and the host's many switches would else hold for what is done
    with more rights than that caller's, and for what is remembered for everybody.
    """
    return _with_those(records, lambda key: key in KEPT_CONTEXT or key.startswith("mail_import_"))


def without_defaults(records):
    """For ``create`` of what is checked by the values that it is given.

    The form sends all that it shows; what else stands in a caller's context would get past.
    """
    return _with_those(records, lambda key: not key.startswith("default_"))


def as_superuser(records, **context):
    """The records as the superuser sees them, in a context of our own.

    Not ``sudo()``: what the superuser makes has no author or creator among the users.
    """
    return in_own_context(records.with_user(SUPERUSER_ID)).with_context(**context)


def _with_those(records, is_kept):
    """The records with those keys of their context alone."""
    context = records.env.context
    kept = {key: context[key] for key in context if is_kept(key)}
    if len(kept) == len(context):
        return records
    # pylint: disable-next=context-overridden  # which is what it is for
    return records.with_context(kept)
