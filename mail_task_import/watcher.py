"""The watcher: a process that keeps the lines of all mailboxes and wakes the scheduler.

It imports nothing. Whatever happens to it, each mailbox is looked at when its interval is over.

======= ===========================================================================
thread  does
======= ===========================================================================
main    asks each database, every few seconds, which folders are to be watched
lines   keeps the connections (``receivers/watching.py``); connecting has more threads
bell    tells the databases which mailboxes have mail
======= ===========================================================================
"""

import logging
import threading
import time
from collections import deque
from contextlib import contextmanager

import psycopg2

from odoo import SUPERUSER_ID, api, sql_db
from odoo.modules.registry import Registry
from odoo.service.db import list_dbs
from odoo.tools import config

from .exceptions import CONFLICTS
from .receivers.idling import begin_idle
from .receivers.watching import Watch

_logger = logging.getLogger(__name__)

REFRESH_SECONDS = 3
FIND_SECONDS = 60
"""How often one looks for databases that were made, or in which the add-on was installed."""
GAP_SECONDS = 0.5
"""Between two wake-ups for one mailbox."""
CALM_SECONDS = 5
"""The same where more than ``MANY`` came within a minute: its server may do it on purpose."""
MANY = 30
AGAIN_SECONDS = 0.2
TROUBLE_SECONDS = 1
NOTE_SECONDS = 45
"""How often a database is told which mailboxes are watched, where nothing has changed."""


class Bell:
    """Which mailboxes have mail, until their database knows.

    :param ring: is given a database and ids; returns those that it could not tell yet
    """

    def __init__(self, ring):
        self._ring = ring
        self._due = {}
        self._rung = {}
        self._trouble = set()
        self._changed = threading.Condition()
        self._stopping = False

    def ask(self, mailbox):
        """Mail has come. Never waits.

        :param mailbox: database and id
        """
        with self._changed:
            if mailbox not in self._due:
                self._due[mailbox] = self._moment(mailbox)
                self._changed.notify()

    def stop(self):
        with self._changed:
            self._stopping = True
            self._changed.notify()

    def run(self):
        while True:
            with self._changed:
                while not self._stopping and self._wait_seconds() != 0:
                    self._changed.wait(self._wait_seconds())
                if self._stopping:
                    return
                due = self._take_due()
            for database, ids in due.items():
                self._tell(database, ids)

    def _moment(self, mailbox):
        """At once, unless it was told of a moment ago."""
        now = time.monotonic()
        times = self._rung.setdefault(mailbox, deque(maxlen=MANY))
        if not times:
            return now
        many = len(times) == MANY and times[0] > now - 60
        return max(now, times[-1] + (CALM_SECONDS if many else GAP_SECONDS))

    def _wait_seconds(self):
        """None: until somebody asks."""
        if not self._due:
            return None
        return max(0, min(self._due.values()) - time.monotonic())

    def _take_due(self):
        now, due = time.monotonic(), {}
        for mailbox in [each for each, moment in self._due.items() if moment <= now]:
            del self._due[mailbox]
            self._rung.setdefault(mailbox, deque(maxlen=MANY)).append(now)
            due.setdefault(mailbox[0], set()).add(mailbox[1])
        return due

    def _tell(self, database, ids):
        try:
            left, wait = self._ring(database, ids), AGAIN_SECONDS
            self._trouble.discard(database)
        except CONFLICTS:
            left, wait = ids, AGAIN_SECONDS
        except Exception as error:
            if database not in self._trouble:
                _logger.warning("%s cannot be told of new mail: %s", database, type(error).__name__)
            self._trouble.add(database)
            left, wait = ids, TROUBLE_SECONDS
        with self._changed:
            for mailbox_id in left:
                self._due.setdefault((database, mailbox_id), time.monotonic() + wait)

    def forget(self, databases):
        """Keep nothing for databases other than these."""
        with self._changed:
            for memory in (self._due, self._rung):
                for mailbox in [each for each in memory if each[0] not in databases]:
                    del memory[mailbox]


class Watcher:
    """``run`` until ``stop``, which may be called by a signal."""

    def __init__(self):
        self._stopping = False
        self._watch = Watch(self._connect, lambda spot: self._bell.ask(spot.mailbox))
        self._bell = Bell(self._ring)
        self._spots = {}
        self._noted = {}
        self._trouble = set()
        self._databases = None
        self._found_at = None

    def stop(self):
        """An assignment and no more: a signal may come while a lock is held."""
        self._stopping = True

    def run(self):
        """:raises RuntimeError: one of its threads has died; it is to be started anew"""
        threads = [
            threading.Thread(target=self._watch.run, name="mail watch: lines", daemon=True),
            threading.Thread(target=self._bell.run, name="mail watch: bell", daemon=True),
        ]
        for thread in threads:
            thread.start()
        try:
            while not self._stopping:
                self._refresh_all()
                self._note_all(self._watch.held())
                self._pause()
                if not all(thread.is_alive() for thread in threads):
                    raise RuntimeError("A thread of the watcher has ended")
        finally:
            self._watch.stop()
            self._bell.stop()
            for thread in threads:
                thread.join(5)
            self._note_all({})

    def _pause(self):
        until = time.monotonic() + REFRESH_SECONDS
        while not self._stopping and time.monotonic() < until:
            time.sleep(0.1)

    # -- what is to be watched --------------------------------------------------------------------

    def _refresh_all(self):
        self._find_databases()
        for database in self._databases or ():
            try:
                self._spots[database] = self._spots_of(database)
                self._trouble.discard(database)
            except Exception as error:
                # what is watched stays so: PostgreSQL comes back
                if database not in self._trouble:
                    _logger.warning("%s cannot be asked: %s", database, type(error).__name__)
                self._trouble.add(database)
        self._watch.watch(spot for spots in self._spots.values() for spot in spots)

    def _note_all(self, held):
        """For people to see; nothing depends on it."""
        now = time.monotonic()
        for database in self._databases or ():
            lines = {id_: since for (name, id_), since in held.items() if name == database}
            noted, moment = self._noted.get(database, ({}, now))
            if lines == noted and (not lines or now < moment + NOTE_SECONDS):
                continue
            try:
                self._note(database, {id_: now - since for id_, since in lines.items()})
                self._noted[database] = lines, now
            except Exception as error:
                _logger.info("%s was not told what is watched: %s", database, type(error).__name__)

    @staticmethod
    def _note(database, seconds):
        with environment(database) as env:
            if "mail.import.watched" in env:
                env["mail.import.watched"]._say(seconds)
                env.cr.commit()  # pylint: disable=invalid-commit

    def _spots_of(self, database):
        Registry(database).check_signaling()
        with environment(database) as env:
            if "mail.import.mailbox" not in env:
                return []
            return env["mail.import.mailbox"]._to_watch()

    def _find_databases(self):
        now = time.monotonic()
        if self._found_at and now < self._found_at + FIND_SECONDS:
            return
        try:
            names = config["db_name"] or list_dbs(True)
            found = [name for name in names if self._has_add_on(name)]
        except psycopg2.Error as error:
            _logger.warning("No database can be asked: %s", type(error).__name__)
            return
        if not found and self._found_at is None and self._databases is None:
            _logger.warning("No database has the add-on mail_task_import; waiting for one")
        self._found_at = now if found else None
        self._databases = found
        self._spots = {name: spots for name, spots in self._spots.items() if name in found}
        self._bell.forget(found)

    def _has_add_on(self, database):
        """Without loading it. One that cannot be asked now is what it was."""
        statement = "SELECT state FROM ir_module_module WHERE name = 'mail_task_import'"
        try:
            with sql_db.db_connect(database).cursor() as cr:
                cr.execute(statement, log_exceptions=False)
                row = cr.fetchone()
        except psycopg2.errors.UndefinedTable:
            return False
        except psycopg2.Error:
            return database in (self._databases or ())
        return bool(row) and row[0] in ("installed", "to upgrade")

    # -- for its threads --------------------------------------------------------------------------

    def _connect(self, spot):
        """The line of a spot. Nothing waits for a server while it holds a database connection,

        but a sign-in that talks with the server in its own way, by models.
        """
        database, mailbox_id = spot.mailbox
        with environment(database) as env:
            mailbox = env["mail.import.mailbox"].browse(mailbox_id)
            receiver, is_noted = mailbox._watching_receiver__()
            # a token that was renewed
            env.cr.commit()  # pylint: disable=invalid-commit
            if not is_noted:
                receiver.open()
        try:
            if is_noted:
                receiver.open()
            return begin_idle(receiver, spot.folder, time.monotonic())
        except BaseException:
            receiver.drop()
            raise

    @staticmethod
    def _ring(database, ids):
        with environment(database) as env:
            left = env["mail.import.mailbox"]._mail_arrived(ids)
            env.cr.commit()  # pylint: disable=invalid-commit
        return left


@contextmanager
def environment(database):
    """The superuser's, in a transaction that is thrown away unless committed."""
    cr = Registry(database).cursor()
    try:
        yield api.Environment(cr, SUPERUSER_ID, {})
    finally:
        cr.close()
