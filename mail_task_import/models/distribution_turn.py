"""Turns: whom a distribution has given what, also while other importers run.

A turn counts from the moment it is taken, in a short transaction of its own: else two importers,
each in its own snapshot, would give the same person theirs. It bears the key of its mail and the
number of the transaction that makes the record. So a mail that is tried again, or comes to two
importers at once, stays with the same person, and nobody has to give a turn back: PostgreSQL knows
which transactions were rolled back, or lost with their worker.
"""

from contextlib import contextmanager
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

TURN_LOCK = 0x7475726E
"""Namespace of the advisory locks: one distribution gives turns to one importer at a time."""


TRIED_AGAIN = timedelta(hours=1)
"""For so long a mail whose import failed is expected back; then its turn is another's."""


class MailImportDistributionTurn(models.Model):
    """One row a person that sums up, and one for each mail until its record is there for good."""

    _name = "mail.import.distribution.turn"
    _description = "Turn of a Distribution"
    _log_access = False

    distribution_id = fields.Many2one(
        "mail.import.distribution", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    key = fields.Char(help="Of the mail. Empty: this row sums up.")
    transaction = fields.Char(help="The number of the one that makes the record.")
    taken_at = fields.Datetime()
    settled = fields.Integer(help="Sum: records that are there for good.")
    latest = fields.Integer(help="Sum: grows with each turn; the least has waited longest.")
    was_there = fields.Boolean(
        help="Sum: at the last distribution. Who was not catches nothing up."
    )

    # -- taking turns ---------------------------------------------------------------------------

    @api.model
    @contextmanager
    def _at_the_table(self, distribution):
        """The distribution, in a transaction that sees all that is committed, alone.

        One that is not committed yet is nobody else's: its turns stay in this transaction.
        """
        with self.env.registry.cursor() as cr:
            cr.execute("SELECT pg_advisory_lock(%s, %s)", [TURN_LOCK, distribution.id])
            try:
                # the snapshot is from before the wait
                cr.commit()  # pylint: disable=invalid-commit
                there = distribution.with_env(self.env(cr=cr))
                if there.exists():
                    yield there
                    cr.commit()  # pylint: disable=invalid-commit
                    return
            except BaseException:
                cr.rollback()
                raise
            finally:
                cr.execute("SELECT pg_advisory_unlock(%s, %s)", [TURN_LOCK, distribution.id])
                cr.commit()  # pylint: disable=invalid-commit
        yield distribution

    @api.model
    def _transaction(self):
        """The number of this transaction, that of the whole of it in a savepoint, too."""
        [[number]] = self.env.execute_query(SQL("SELECT pg_current_xact_id()::text"))
        return number

    @api.model
    def _read_table(self, distribution):
        """``Table`` of a distribution, whose turn is nobody's meanwhile."""
        rows = self.env.execute_query(
            SQL(
                """SELECT id, user_id, key, taken_at, settled, latest, was_there, transaction, CASE
                   -- seen here all the same
                   WHEN transaction::xid8 = pg_current_xact_id_if_assigned() THEN 'committed'
                   -- of the cluster that this database was restored from
                   WHEN transaction::xid8 >= pg_snapshot_xmax(pg_current_snapshot())
                   THEN 'committed'
                   WHEN NOT pg_visible_in_snapshot(transaction::xid8, pg_current_snapshot())
                   THEN 'in progress'
                   WHEN pg_xact_status(transaction::xid8) = 'committed'
                   AND pg_snapshot_xmax(pg_current_snapshot())::text::bigint
                       - transaction::bigint <= %s
                   THEN 'unseen'
                   ELSE pg_xact_status(transaction::xid8) END
                   FROM mail_import_distribution_turn WHERE distribution_id = %s ORDER BY id""",
                self._oldest_look(),
                distribution.id,
            )
        )
        table = Table()
        by_mail = {}
        for id_, user, key, taken_at, settled, latest, was_there, transaction, status in rows:
            if key:
                by_mail.setdefault(key, []).append((id_, user, taken_at, transaction, status))
            else:
                table.people[user] = Sum(id_, settled, latest, was_there)
        for key, some in by_mail.items():
            table.seat(key, some, self.env.cr.now() - TRIED_AGAIN)
        return table

    @api.model
    def _oldest_look(self):
        """How many transactions ago the oldest snapshot was taken that somebody still looks at.

        Who looks at it may import a mail that is here already, and ask for its turn once more.
        """
        [[age]] = self.env.execute_query(
            SQL("SELECT COALESCE(max(age(backend_xmin)), 0) FROM pg_stat_activity")
        )
        return age

    @api.model
    def _write_table(self, distribution, table):
        # sudo: bookkeeping, nobody has access to it
        rows = self.sudo().with_context(prefetch_fields=False)
        rows.browse(table.gone).unlink()
        now = self.env.cr.now()
        made = [
            {"user_id": user, "key": key, "transaction": transaction, "taken_at": now}
            for user, key, transaction in table.taken
        ]
        for user, one in table.people.items():
            values = {"settled": one.settled, "latest": one.latest, "was_there": one.was_there}
            if not one.id:
                made.append({"user_id": user, **values})
            elif one.changed():
                rows.browse(one.id).write(values)
        rows.create([{"distribution_id": distribution.id, **values} for values in made])


class Sum:
    """What one person was given by one distribution."""

    __slots__ = ("_before", "id", "latest", "settled", "unseen", "waiting", "was_there")

    def __init__(self, id_=0, settled=0, latest=0, was_there=False):
        self.id, self.settled, self.latest, self.was_there = id_, settled, latest, was_there
        self._before = settled, latest, was_there
        self.waiting = 0
        """Mails whose records are not there yet."""
        self.unseen = 0
        """Mails whose records are there for good, though not all importers see them yet."""

    @property
    def total(self):
        return self.settled + self.unseen + self.waiting

    def changed(self):
        return (self.settled, self.latest, self.was_there) != self._before


class Table:
    """Everybody's turns, read when no other importer takes one."""

    def __init__(self):
        self.people = {}
        """``{user id: Sum}``"""
        self.mails = {}
        """``{key: (user id, transactions, ids of the rows)}`` of records that are not there yet"""
        self.unseen = {}
        """``{key: user id}`` of records that not all importers see yet"""
        self.gone = []
        self.taken = []

    def of(self, user):
        return self.people.setdefault(user, Sum())

    def seat(self, key, rows, forgotten_before):
        """Read what was taken for one mail, by one importer or by several."""
        states = {status for *_rest, status in rows}
        ids = [id_ for id_, *_rest in rows]
        user = rows[-1][1]
        # so old that PostgreSQL has forgotten it
        if states & {"committed", None}:
            self.of(user).settled += 1
            self.gone += ids
        elif "unseen" in states:
            # the turns that others have taken for it count for nothing: their imports conflict
            user = next(row[1] for row in rows if row[-1] == "unseen")
            self.of(user).unseen += 1
            self.unseen[key] = user
        elif states == {"aborted"} and max(row[2] for row in rows) < forgotten_before:
            self.gone += ids
        else:
            self.of(user).waiting += 1
            self.mails[key] = user, {transaction for *_rest, transaction, _state in rows}, ids

    def again(self, key, transaction, allowed):
        """Whom a mail that is tried again was given to, as long as that one is ``allowed``."""
        if key in self.unseen:
            return self.unseen[key]
        if key not in self.mails:
            return None
        user, transactions, ids = self.mails[key]
        if user in allowed:
            if transaction not in transactions:
                self.taken.append((user, key, transaction))
            return user
        del self.mails[key]
        self.of(user).waiting -= 1
        self.gone += ids
        return None

    def take(self, user, key, transaction):
        mine = self.of(user)
        mine.waiting += 1
        mine.latest = 1 + max(one.latest for one in self.people.values())
        self.mails[key] = user, {transaction}, []
        self.taken.append((user, key, transaction))

    def settle(self):
        """What was taken here is seen here, and nowhere else."""
        for user, key, _transaction in self.taken:
            if self.mails.pop(key, None):
                self.of(user).waiting -= 1
                self.of(user).settled += 1
        self.taken = []
