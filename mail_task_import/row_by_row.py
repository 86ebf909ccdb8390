"""Conditions of searches that the database asks of each row which it looks at, by an index."""

from odoo.fields import Domain
from odoo.tools import SQL


def one_of(found, name, its="id"):
    """A domain: whether the field names one of ``found``, a query.

    Of "IN" and "EXISTS" PostgreSQL likes to gather all that there is first, be it a million; a
    value that is selected it looks up for the rows that it needs.

    :param its: the column of what is found that the field names
    """

    def to_sql(model, alias, _query):
        return SQL(
            "(SELECT TRUE FROM %s WHERE %s AND %s = %s LIMIT 1) IS TRUE",
            found.from_clause,
            found.where_clause or SQL("TRUE"),
            SQL.identifier(found.table, its),
            model._field_to_sql(alias, name),
        )

    return Domain.custom(to_sql=to_sql)
