"""Known mail that is rehearsed is judged as if nothing that came after it were there.

Our answers and confirmations name it, and so do later mails, those of other mailboxes too; and of
later records its sender has some. What other mail of the rehearsal made stays, as in a fetch.
"""

from contextlib import contextmanager

from odoo import api, models

from ..rehearsing import notes_of


class MailImportTarget(models.Model):
    _inherit = "mail.import.target"

    @api.model
    def _first_answer(self, batch, mail):
        came = getattr(notes_of(self.env), "came", None)
        then = came and batch.remote_folder and came.get((batch.remote_folder.id, mail.raw.uid))
        if not then:
            return super()._first_answer(batch, mail)
        with self._as_of(batch, then):
            return super()._first_answer(batch, mail)

    @api.model
    @contextmanager
    def _as_of(self, batch, then):
        """While it lasts, the batch knows of nothing later.

        :param then: ``(e-mail id, moment)``
        """
        # what is looked up late is looked up whole, once for all mails
        self._open_in(batch)
        self._siblings_in(batch)
        self.env["mail.import.rule"]._subjects(batch)
        whole = {name: batch.lookups[name] for name in ("open", "siblings", "threads")}
        try:
            batch.lookups.update(self._until(then, whole))
            yield
        finally:
            batch.lookups.update(whole)

    @api.model
    def _until(self, then, whole):
        notes = notes_of(self.env)

        def earlier(found):
            return {
                key: some.filtered(lambda one: notes.before(one, then))
                for key, some in found.items()
            }

        def earlier_mails(found):
            return {
                key: [one for one in some if notes.before(one, then)] for key, some in found.items()
            }

        return {
            "open": {target_id: earlier(found) for target_id, found in whole["open"].items()},
            "siblings": earlier(whole["siblings"]),
            "threads": {way: earlier_mails(found) for way, found in whole["threads"].items()},
        }
