"""Numbers of IMAP: UIDs and UIDVALIDITY are unsigned 32-bit, the host's integers signed."""

from odoo import fields


class BigInteger(fields.Integer):
    """An integer of 64 bits."""

    _column_type = ("int8", "int8")
