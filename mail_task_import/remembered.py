"""Answers that are kept in memory (``ormcache``), and how they are forgotten.

What extends the host's own ways asks first whether a mailbox is concerned at all. Where the answer
is no, the host goes its way without a single query of ours.

Who is out of mailings is no such answer: another worker would hear of it with its next request, and
send until then. That is kept for a transaction (``models/opt_out_left_out.py``).
"""

OUT = "mail_import_out"
"""In the cursor's cache, which ends with each commit and each savepoint that is given up:
``{address: whether it is out of mailings}``."""


def forget(env):
    """Have everything asked anew, here and in other workers.

    Again after the commit: until then another thread finds the old state, and remembers it.
    """
    registry = env.registry

    def after_commit():
        registry.clear_cache()
        registry.signal_changes()

    registry.clear_cache()
    env.cr.postcommit.add(after_commit)


def forget_out(env):
    """This transaction changes who is out of mailings."""
    env.cr.cache.pop(OUT, None)
