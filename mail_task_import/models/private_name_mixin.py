"""Names that are told to those alone who may read the record.

The host tells the name of any record to whoever reads a field that points there: it asks as
superuser, and a dialog that is just made, or a default value in a form, points wherever its maker
likes.
"""

from odoo import SUPERUSER_ID, api, models

from ..access import as_seen_by


class MailImportPrivateNameMixin(models.AbstractModel):
    """For models whose names are their owner's: subjects, folders, what somebody filters."""

    _name = "mail.import.private.name.mixin"
    _description = "Names for Those Who May Know Them"

    @api.depends_context("uid", "lang")
    def _compute_display_name(self):
        super(MailImportPrivateNameMixin, self._named_to_user())._compute_display_name()

    def _named_to_user(self):
        """Those whose names may be told; the others get a neutral one. To be called by whatever
        computes ``display_name`` anew.
        """
        if self.env.uid == SUPERUSER_ID:
            return self
        # a record in an open form stands for the one that is stored
        stored = self._origin
        hidden = stored - as_seen_by(stored, self.env.user)._known_by_name()
        if not hidden:
            return self
        hidden = self.filtered(lambda one: one._origin in hidden)
        hidden.display_name = self.env._("(not yours to see)")
        return self - hidden

    def _known_by_name(self):
        """Those whose names the user may know."""
        return self._filtered_access("read")

    def _name_to_all(self):
        """The name, where whoever reads it here may know it without reading the record."""
        return self.with_user(SUPERUSER_ID).display_name
