"""Who is out of mailings, for whatever reason: on the host's blacklist, or an address that fails.

A transaction sees the same from its beginning to its end (REPEATABLE READ), so that asking twice in
it tells nothing: what was asked is kept until it ends, or changes one of the two itself. What is
sent later, by whichever worker, is asked about anew. Nothing is kept for longer: other workers hear
of a change only with their next request (``ormcache``), and would send until then.
"""

from odoo import api, models
from odoo.tools import SQL

from ..remembered import OUT


class MailImportOptOut(models.AbstractModel):
    _inherit = "mail.import.opt.out"

    @api.model
    def _left_out(self, addresses):
        """Which of these no mailing goes to.

        :param addresses: normalized
        """
        addresses = frozenset(filter(None, addresses))
        known = self.env.cr.cache.setdefault(OUT, {})
        if new := sorted(addresses - known.keys()):
            out = self._asked_who_is_out(new)
            known.update((address, address in out) for address in new)
        return frozenset(address for address in addresses if known[address])

    @api.model
    def _asked_who_is_out(self, addresses):
        self.env["mail.blacklist"].flush_model(["email", "active"])
        self.env["mail.import.address.state"].flush_model(["address", "is_left_out"])
        rows = self.env.execute_query(
            SQL(
                """SELECT email FROM mail_blacklist WHERE active AND email = ANY(%(these)s)
                   UNION
                   SELECT address FROM mail_import_address_state
                    WHERE is_left_out AND address = ANY(%(these)s)""",
                these=addresses,
            )
        )
        return {address for (address,) in rows}
