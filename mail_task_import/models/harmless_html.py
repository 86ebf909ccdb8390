"""HTML that ``mime.harmless`` has cleaned: the host need not clean it a second time."""

from odoo import fields


class Harmless(str):
    """Harmless HTML. Nothing that comes by form or RPC is of this class."""

    __slots__ = ()


class HarmlessHtml(fields.Html):
    """An HTML field that takes ``Harmless`` as it is, and sanitises all else as the host does."""

    def _convert(self, value, record, validate):
        if isinstance(value, Harmless):
            return str(value)
        return super()._convert(value, record, validate)
