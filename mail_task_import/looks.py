"""Looks: conversations with mail servers, many at once, and one thread that knows the database.

A look is a generator of its mailbox: it yields what it wants to know from its server, and goes on
when the answer is there. Meanwhile the others go on. Whoever yields has nothing left to commit: the
transaction ends there, since the next step may be another mailbox's.
"""

import time
from contextlib import ExitStack

from .receivers.exceptions import ConnectionLost
from .receivers.reading_ahead import ReadersAtWork, Reading, Request, given_up

LOOKS_AT_ONCE = 32
"""A thread each; one costs some 100 KB, and the mail has its own bounds."""
RUN_SECONDS = 100
"""For all together: the host kills a scheduler that takes 120 for one job."""
ADMITTING_SECONDS = 3
"""How often one looks whether another mailbox is due, while others are under way."""
ASKED_SECONDS = 0.25
"""The same for one that somebody waits for."""


class Look:
    """One mailbox's conversation with its server."""

    def __init__(self, mailbox, reader, room, budget_seconds, patience_seconds):
        self.mailbox = mailbox
        self.reader = reader
        self.asked_at = mailbox.asked_at
        """When somebody asked for a look; whoever asks from now on asks for another one."""
        self.deadline = time.monotonic() + budget_seconds
        self.awaited = None
        self.has_stored = False
        """Whether anything came in that is committed."""
        self.refused = {}
        """Folders that the server keeps closed, with the error of each."""
        self._room = room
        self._patience = patience_seconds
        self._asked_at = 0.0

    # -- for the conversation: what it yields -----------------------------------------------------

    def ask(self, do):
        """``do`` is called with the receiver, in the thread of this server."""
        return self.reader.ask(Request(do))

    def select(self, name, readonly=True):
        return self.ask(lambda receiver: receiver.select(name, readonly))

    def read_ahead(self, uids, size_limit):
        """A ``Reading`` of the open folder; yield it once for each answer."""
        return self.reader.ask(Reading(uids, size_limit, self._room))

    def time_is_over(self):
        return time.monotonic() > self.deadline

    def not_longer_than(self, seconds):
        self.deadline = min(self.deadline, time.monotonic() + seconds)

    def hurry(self):
        """The host wants its scheduler back: end with what is done."""
        self.deadline = 0.0

    # -- for who serves it ------------------------------------------------------------------------

    def begin(self, conversation):
        self._conversation = conversation
        self._await(next, conversation)

    @property
    def is_ready(self):
        return self.awaited.is_answered

    @property
    def is_late(self):
        """It is the server that is waited for, not we who are busy or have no room for its mail."""
        since = max(self._asked_at, self.awaited.held_up_until)
        return not self.is_ready and time.monotonic() > since + self._patience

    def go_on(self):
        """:raises StopIteration: it has come to its end"""
        value, error = self.awaited.take_answer()
        if error:
            self._await(self._conversation.throw, error)
        else:
            self._await(self._conversation.send, value)

    def give_up(self):
        """The server does not answer: the conversation is told so, and ends by it.

        :raises ConnectionLost: that it does not
        """
        error = given_up(self._patience)
        self.awaited.in_flight = self.reader.receiver.in_flight
        self._conversation.throw(error)
        raise error

    def _await(self, step, argument):
        self.awaited = step(argument)
        self._asked_at = time.monotonic()

    def close(self):
        """The conversation will not go on."""
        self._conversation.close()
        self.awaited = None


class Run:
    """All looks of one run of the scheduler.

    :param due: a function that returns mailboxes that are to be looked at, as of now
    """

    def __init__(self, env, due):
        self._mailboxes = env["mail.import.mailbox"]
        self._due = due
        self._looks = {}
        self._ends = time.monotonic() + RUN_SECONDS
        self._admitted_at = 0.0
        self._listened_at = 0.0
        self.errors = []

    def carry_out(self):
        """Until every look has ended. Returns the exceptions that stopped looks."""
        with ReadersAtWork() as self._readers:
            try:
                self._admit()
                while self._looks and time.monotonic() < self._ends:
                    self._serve_next()
                    self._admit_more()
                    self._give_up_late_ones()
            finally:
                self._end_all()
        return self.errors

    # -- beginning ------------------------------------------------------------------------------

    def _admit(self):
        self._admitted_at = time.monotonic()
        for mailbox in self._due():
            if len(self._looks) >= LOOKS_AT_ONCE:
                break
            if mailbox.id not in self._looks and mailbox._claim_reading():
                self._begin(mailbox)
        self._mailboxes._commit()

    def _admit_more(self):
        if self._looks and (self._is_time_to_admit() or self._somebody_asks()):
            self._admit()

    def _is_time_to_admit(self):
        return time.monotonic() > self._admitted_at + ADMITTING_SECONDS

    def _somebody_asks(self):
        """For a mailbox that nobody looks at yet, and there is room for it."""
        now = time.monotonic()
        if len(self._looks) >= LOOKS_AT_ONCE or now < self._listened_at + ASKED_SECONDS:
            return False
        self._listened_at = now
        asked = self._mailboxes._asked_ids()
        self._mailboxes._commit()
        return not asked <= set(self._looks)

    def _begin(self, mailbox):
        try:
            look = mailbox._new_look(self._readers)
        except Exception as error:
            # a lock that is given back in a failed transaction stays with the session
            mailbox.env.cr.rollback()
            mailbox._release_reading()
            self._note_end(mailbox, error=error)
            return
        self._looks[mailbox.id] = look
        self._step(look, lambda: look.begin(mailbox._converse(look)))

    # -- going on -------------------------------------------------------------------------------

    def _serve_next(self):
        """Whoever's answer is there; nobody is waited for while another one's is."""
        look = self._looks.get(self._readers.next_ready(seconds=ASKED_SECONDS))
        # the answer may be one that nobody waits for any more
        if look and look.is_ready:
            self._step(look, look.go_on)

    def _step(self, look, step):
        mailbox = look.mailbox
        try:
            ended, more = self._ended(step)
            mailbox._commit()
        except Exception as error:
            self._end(look, at_once=isinstance(error, ConnectionLost))
            self._note_end(mailbox, error=error, has_stored=look.has_stored, look=look)
            return
        if ended:
            self._end(look)
            self._note_end(mailbox, more, look=look)

    @staticmethod
    def _ended(step):
        """Whether this was the conversation's last step, and what it returned."""
        try:
            step()
        except StopIteration as end:
            return True, end.value
        return False, None

    def _give_up_late_ones(self):
        for look in tuple(self._looks.values()):
            if look.is_late:
                self._step(look, look.give_up)

    # -- ending ---------------------------------------------------------------------------------

    def _end_all(self):
        """Each of them, though one raise because the database is gone."""
        with ExitStack() as ending:
            for look in tuple(self._looks.values()):
                ending.callback(self._end, look, at_once=True)

    def _end(self, look, at_once=False):
        del self._looks[look.mailbox.id]
        look.close()
        self._readers.dismiss(look.mailbox.id, at_once)
        look.mailbox.env.cr.rollback()
        look.mailbox._release_reading()

    def _note_end(self, mailbox, more=False, error=None, has_stored=False, look=None):
        if error:
            self.errors.append(error)
        mailbox._note_look(more, error, has_stored, look)
