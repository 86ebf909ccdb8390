"""Drafts that save themselves: which state of them was saved last, and those nobody wrote in.

The form saves a draft every few seconds, and says on which ``version`` its text builds. Who comes
with an older one is refused: the text of another window, or of a colleague, is not overwritten.
"""

from odoo import api, fields, models

from ..exceptions import DraftChangedError
from .email_drafts import WRITTEN_IN_DRAFTS

UNWRITTEN_DAYS = 2
"""A tab may be left open over night before somebody begins to write."""


class MailImportEmail(models.Model):
    _inherit = "mail.import.email"

    version = fields.Integer(readonly=True, copy=False, help="How often the draft was changed.")
    unwritten = fields.Boolean(
        readonly=True, copy=False, help="A draft that nobody has written anything in yet."
    )

    # -- saving ---------------------------------------------------------------------------------

    def write(self, vals):
        """:raises DraftChangedError: where ``version`` is given, and it is not the newest"""
        seen = vals.get("version")
        if self.env.su or seen is None:
            result = super().write(vals)
        else:
            self._check_is_newest(seen)
            result = super().write({name: vals[name] for name in vals if name != "version"})
        self._count_version(set(vals) & WRITTEN_IN_DRAFTS)
        return result

    def _check_is_newest(self, seen):
        self.check_access("write")
        if any(email.version != seen for email in self):
            raise DraftChangedError(
                self.env._(
                    "This draft was changed in another window, or by somebody else, since you "
                    "opened it."
                )
            )

    def _count_version(self, written):
        """What is done with more rights than the writer's is no writing: signing, quoting."""
        for email in self if written else ():
            if email.state != "draft":
                continue
            # sudo: the counter is nobody's to write
            email.sudo().write(
                {
                    "version": email.version + 1,
                    "unwritten": bool(self.env.su and email.unwritten),
                }
            )

    # -- what nobody wrote in -------------------------------------------------------------------

    @api.model
    def _new_draft(self, mailbox, values, quoted=None):
        return super()._new_draft(mailbox, {"unwritten": True, **values}, quoted=quoted)

    def use_template(self, template_id):
        words = super().use_template(template_id)
        self._is_written_in()
        return words

    def _finish(self, links):
        self._is_written_in()
        return super()._finish(links)

    def _is_written_in(self):
        # sudo: not the user's to write
        self.sudo().filtered("unwritten").unwritten = False

    def drop_unwritten(self):
        """Throw away one's own drafts that nobody wrote in; others are left alone."""
        drafts = self.exists()
        drafts.check_access("write")
        drafts = drafts.filtered(
            lambda email: (
                email.state == "draft" and email.unwritten and email.create_uid == self.env.user
            )
        )
        # sudo: e-mails are not deleted by RPC, but these are the user's, and empty
        drafts.sudo().unlink()

    @api.autovacuum
    def _gc_unwritten(self):
        """Those that a closed tab, or a crash, has left behind."""
        before = fields.Datetime.subtract(fields.Datetime.now(), days=UNWRITTEN_DAYS)
        drafts = self.search(
            [("state", "=", "draft"), ("unwritten", "=", True), ("write_date", "<", before)],
            limit=1000,
        )
        drafts.unlink()
