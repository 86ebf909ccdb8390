"""Which step of the way of a mail takes how much of the time, from a profile of our side."""

import pstats

MODELS = "mail_task_import/models/"
# What people call it, and the function that does it: (file, name).
STEPS = {
    "read: bytes to a mail": ("mail_task_import/mime/outside.py", "parse_bounded"),
    "known?": (f"{MODELS}email_store.py", "_recognise"),
    "link: who is it from, what is it about": (f"{MODELS}target_decide.py", "_decide_links"),
    "store: e-mails and their files": (f"{MODELS}email_store.py", "_store"),
    "store: entries and originals": (f"{MODELS}entry.py", "_store"),
    "link: records": (f"{MODELS}link_store.py", "_make_records"),
    "link: messages in chatters": (f"{MODELS}link_posting.py", "_post_all"),
    "store: locations": (f"{MODELS}location.py", "_store"),
    "deliver": (f"{MODELS}entry.py", "_deliver"),
    "settle on the server": (f"{MODELS}mailbox_fetch.py", "_settle"),
}
# Parts of the above.
WITHIN = {
    "waiting for PostgreSQL": ("odoo/sql_db.py", "execute"),
    "writing files": ("base/models/ir_attachment.py", "_file_write"),
    "sending notifications": ("mail/models/mail_thread.py", "_notify_thread"),
}


def shares(profile: pstats.Stats) -> list[str]:
    """A line a step: its part of the whole in percent, what it calls included."""
    lines = [_line(profile, name, place) for name, place in STEPS.items()]
    return [*lines, "of which", *(_line(profile, name, place) for name, place in WITHIN.items())]


def _line(profile, name, place):
    return f"{100 * _cumulative(profile, *place) / profile.total_tt:5.1f} %  {name}"


def _cumulative(profile, file, function):
    """Seconds within a function of a file, 0 where it was not called."""
    return max(
        (
            times[3]
            for (path, _line, name), times in profile.stats.items()
            if name == function and path.endswith(file)
        ),
        default=0.0,
    )
