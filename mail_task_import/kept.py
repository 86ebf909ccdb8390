"""How much is kept of records that are only needed for a while."""

from odoo.tools import SQL


def keep_last(model, count):
    """Delete the records of a model, but for the last ``count`` of each mailbox."""
    model.env.cr.execute(
        SQL(
            """DELETE FROM %(table)s WHERE id IN (
                   SELECT id FROM (
                       SELECT id, row_number() OVER (PARTITION BY mailbox_id ORDER BY id DESC) AS n
                         FROM %(table)s) AS numbered
                    WHERE n > %(count)s)""",
            table=SQL.identifier(model._table),
            count=count,
        )
    )


def keep_newer(model, since, age):
    """Delete the records of a model whose ``since``, the name of a date and time, is older than
    ``age``, a timedelta.
    """
    model.env.cr.execute(
        SQL(
            "DELETE FROM %(table)s WHERE %(since)s < now() AT TIME ZONE 'UTC' - %(age)s",
            table=SQL.identifier(model._table),
            since=SQL.identifier(since),
            age=age,
        )
    )
    model.invalidate_model()
