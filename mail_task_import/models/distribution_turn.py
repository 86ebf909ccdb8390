"""Turns: who was given how many records by a distribution, also while other importers run.

A turn counts from the moment it is taken, in a short transaction of its own: else two importers,
each in its own snapshot, would give the same person theirs. It bears the number of the transaction
that makes the record. PostgreSQL knows what became of that one: where it was rolled back, or its
worker killed, the turn was never taken; nothing has to be given back.
"""

from contextlib import contextmanager

from odoo import api, fields, models
from odoo.tools import SQL

TURN_LOCK = 0x7475726E
"""Namespace of the advisory locks: one distribution gives turns to one importer at a time."""


class MailImportDistributionTurn(models.Model):
    """One row a person that sums up what is settled, and one for each transaction under way."""

    _name = "mail.import.distribution.turn"
    _description = "Turn of a Distribution"
    _log_access = False

    distribution_id = fields.Many2one(
        "mail.import.distribution", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    transaction = fields.Char(help="Its number; empty where what it did is settled.")
    taken = fields.Integer(help="Records that were assigned.")
    latest = fields.Integer(help="Grows with each turn: who has the least has waited longest.")
    was_there = fields.Boolean(help="At the last distribution. Who was not catches nothing up.")

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
    def _settled(self, distribution):
        """``{user: Turns}``: sums of what was committed, with what is under way.

        What was rolled back is forgotten here.
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT user_id, transaction, taken, latest, was_there, CASE
                   WHEN transaction IS NULL THEN 'committed'
                   -- seen here all the same
                   WHEN transaction::xid8 = pg_current_xact_id_if_assigned() THEN 'committed'
                   -- of the cluster that this database was restored from
                   WHEN transaction::xid8 >= pg_snapshot_xmax(pg_current_snapshot())
                   THEN 'committed'
                   WHEN NOT pg_visible_in_snapshot(transaction::xid8, pg_current_snapshot())
                   THEN 'in progress'
                   ELSE pg_xact_status(transaction::xid8) END
                   FROM mail_import_distribution_turn WHERE distribution_id = %s ORDER BY id""",
                distribution.id,
            )
        )
        turns = {}
        for user, transaction, taken, latest, was_there, status in rows:
            mine = turns.setdefault(user, Turns())
            if status == "in progress":
                mine.under_way[transaction] = taken
            elif status != "aborted":
                mine.settled += taken
            mine.latest = max(mine.latest, latest)
            mine.was_there = was_there
        return turns

    @api.model
    def _keep(self, distribution, turns):
        """Write ``Turns`` back: one row for what is settled, one a transaction under way."""
        # sudo: bookkeeping, nobody has access to it
        rows = self.sudo()
        rows.search([("distribution_id", "=", distribution.id)]).unlink()
        rows.create(
            [
                {"distribution_id": distribution.id, "user_id": user, **values}
                for user, mine in turns.items()
                for values in mine.rows()
            ]
        )


class Turns:
    """What one person was given by one distribution."""

    __slots__ = ("latest", "settled", "under_way", "was_there")

    def __init__(self):
        self.settled = 0
        self.under_way = {}
        """``{transaction: records}``: others cannot see them yet."""
        self.latest = 0
        self.was_there = False

    @property
    def waiting(self):
        return sum(self.under_way.values())

    @property
    def total(self):
        return self.settled + self.waiting

    def take(self, transaction, latest):
        self.under_way[transaction] = self.under_way.get(transaction, 0) + 1
        self.latest = latest

    def rows(self):
        """Values of its rows."""
        common = {"latest": self.latest, "was_there": self.was_there}
        yield {"taken": self.settled, "transaction": False, **common}
        for transaction, taken in self.under_way.items():
            yield {"taken": taken, "transaction": transaction, **common}
