"""Records as somebody else sees them, to find out whether that somebody may."""


def as_seen_by(records, user):
    """The records in the environment of ``user``, in all companies of that user.

    The importer works in the mailbox's company; a user who is not of it must neither be refused
    everything nor make the look-up fail.
    """
    companies = user.sudo().company_ids.ids
    return records.with_user(user).with_context(allowed_company_ids=companies)
