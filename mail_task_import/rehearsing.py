"""Rehearsals: the real steps, in a transaction of its own that is rolled back whatever happens.

Nothing leaves it: what waits for a commit (mail, notifications, the bus) is dropped, and what the
host would send at once is not sent (``models/*_rehearsed.py``). What a rollback would not undo does
not happen: files of attachments are put into the database, and sequences give numbers that they
keep.
"""

from contextlib import closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field

from odoo import api
from odoo.http import borrow_request, request

from .undoing import undone_on_failure

REHEARSAL = "mail_task_import_rehearsal"
"""Attribute of the cursor: the host clears ``cr.cache`` within a transaction, too."""
LOCK_SECONDS = 2
STATEMENT_SECONDS = 30
"""Other transactions come first: a rehearsal that has to wait for one ends instead."""


@dataclass
class Notes:
    """What a rehearsal remembers: the ORM forgets with each batch, as after a commit."""

    rule_ids: list = field(default_factory=list)
    """Rules that are asked though they are not switched on."""
    books: dict = field(default_factory=dict)
    """What the mailboxes ask of rules, with these among them."""
    turns: dict = field(default_factory=dict)
    """Who was given how much by which distribution."""
    numbers: dict = field(default_factory=dict)
    """``{(model, id of a sequence): the number that it gives next}``."""

    def number(self, sequence, increment):
        """The next number, as the sequence would give it."""
        key = sequence._name, sequence.id
        number = self.numbers.get(key) or sequence.number_next_actual or 1
        self.numbers[key] = number + (increment or 1)
        return number


@contextmanager
def rehearsing(env, notes):
    """An environment like ``env`` in which everything may be done, and nothing stays.

    :param notes: ``Notes``, what the rehearsal is to remember
    """
    registry = env.registry
    # the host's editor tells other editors by the cursor of the request, which is committed
    no_request = borrow_request() if request else nullcontext()
    with no_request, closing(registry.cursor()) as cr:
        cr.commit = lambda: _as_if_committed(cr)
        setattr(cr, REHEARSAL, notes)
        begin_anew(cr)
        try:
            yield api.Environment(cr, env.uid, {**env.context}, su=env.su)
        finally:
            cr.rollback()
            # what was remembered of records that never were
            registry.reset_changes()


class _Undone(Exception):
    """Ends what is undone without an error of its own."""


@contextmanager
def undone(env):
    """A rehearsal of one step within this transaction: nothing of it stays, and errors go on."""
    attributes = vars(env.cr)
    before = attributes.get(REHEARSAL)
    setattr(env.cr, REHEARSAL, before or Notes())
    try:
        with suppress(_Undone), undone_on_failure(env.cr):
            yield
            env.flush_all()
            raise _Undone
    finally:
        if before is None:
            del attributes[REHEARSAL]
        else:
            setattr(env.cr, REHEARSAL, before)


def begin_anew(cr):
    """Another transaction, which sees what others have committed meanwhile."""
    cr.rollback()
    cr.execute("SET LOCAL lock_timeout = %s", [f"{LOCK_SECONDS}s"])
    cr.execute("SET LOCAL statement_timeout = %s", [f"{STATEMENT_SECONDS}s"])


def notes_of(env):
    """What this transaction's rehearsal remembers; None where it is real."""
    # not getattr: a cursor asks those below it
    return vars(env.cr).get(REHEARSAL)


def _as_if_committed(cr):
    """Write everything, and forget what waits for the commit, which never comes."""
    cr.flush()
    cr.clear()
    cr.postcommit.clear()
