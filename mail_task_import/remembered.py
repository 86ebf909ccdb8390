"""Answers that are kept in memory (``ormcache``), and how they are forgotten.

What extends the host's own ways asks first whether a mailbox is concerned at all. Where the answer
is no, the host goes its way without a single query of ours.
"""


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
