"""Of records that are only looked at for a while, the last ones of each mailbox."""

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
