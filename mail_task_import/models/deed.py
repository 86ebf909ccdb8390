"""Deeds: what somebody did to e-mails of the list a moment ago, so that it can be undone.

A deed knows what was before, and what it made of it. What is as the deed left it goes back; what
somebody has changed since stays, and so does what this user may no longer change. Undoing links is
in ``deed_links.py``.
"""

from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..actions import notice
from ..kept import keep_newer

KEPT_HOURS = 24
SECONDS_TO_GO_ON = 600
"""For what is done in several parts, one call each."""


class MailImportDeed(models.Model):
    _name = "mail.import.deed"
    _inherit = ["mail.import.own.defaults.mixin"]
    _description = "What Was Done to E-mails, and Can Be Undone"
    _order = "id desc"

    user_id = fields.Many2one("res.users", required=True, index=True, ondelete="cascade")
    kind = fields.Selection(
        [
            ("read", "Marked as read"),
            ("unread", "Marked as unread"),
            ("star", "Starred"),
            ("unstar", "Star taken off"),
            ("done", "Done"),
            ("not_done", "Reopened"),
            ("archive", "Archived"),
            ("trash", "Put in the Trash"),
            ("put_back", "Put back"),
            ("move", "Moved"),
            ("link", "Linked"),
            ("unlink", "Unlinked"),
        ],
        required=True,
    )
    count = fields.Integer(help="E-mails.")
    undone = fields.Boolean()
    changes = fields.Json(
        groups=fields.NO_ACCESS, help="See ``grouped``, and for links ``link_deeds.py``."
    )

    # -- noting ---------------------------------------------------------------------------------

    @api.model
    def _note(self, kind, changes, count):
        """A deed, or a further part of the one that the caller goes on with; none of nothing."""
        if not changes:
            return self.browse()
        # sudo: deeds are written by us alone
        deeds = self.sudo()
        deed = deeds._gone_on_with(kind)
        if deed:
            deed.write({"changes": deed.changes + changes, "count": deed.count + count})
        else:
            values = {"user_id": self.env.uid, "kind": kind, "changes": changes, "count": count}
            deed = deeds.create(values)
        return deed.sudo(False)

    @api.model
    def _gone_on_with(self, kind):
        """A caller names it in the context: it has to be the user's own, fresh, and of one kind."""
        id_ = self.env.context.get("mail_import_deed_id")
        since = self.env.cr.now() - timedelta(seconds=SECONDS_TO_GO_ON)
        return self.search(
            [
                ("id", "=", id_ if isinstance(id_, int) else 0),
                ("user_id", "=", self.env.uid),
                ("kind", "=", kind),
                ("undone", "=", False),
                ("create_date", ">", since),
            ]
        )

    def _told(self, **params):
        """For the web client: what was done, and a button to undo it."""
        return {
            "type": "ir.actions.client",
            "tag": "mail_import_deed",
            "params": {"deed_id": self.id, "message": self._words(), **params},
        }

    def _words(self):
        _t, count = self.env._, self.count
        if not self:
            return _t("Nothing had to be changed.")
        one, many = {
            "read": (_t("Marked as read."), _t("%s e-mails marked as read.", count)),
            "unread": (_t("Marked as unread."), _t("%s e-mails marked as unread.", count)),
            "star": (_t("Starred."), _t("%s e-mails starred.", count)),
            "unstar": (_t("Star taken off."), _t("Star taken off %s e-mails.", count)),
            "done": (_t("Done."), _t("%s e-mails are done.", count)),
            "not_done": (_t("Reopened."), _t("%s e-mails reopened.", count)),
            "archive": (_t("Archived."), _t("%s e-mails archived.", count)),
            "trash": (_t("Put in the Trash."), _t("%s e-mails put in the Trash.", count)),
            "put_back": (_t("Put back."), _t("%s e-mails put back.", count)),
            "move": (_t("Moved."), _t("%s e-mails moved.", count)),
            "link": (_t("Linked."), _t("%s e-mails linked.", count)),
            "unlink": (_t("Unlinked."), _t("%s e-mails unlinked.", count)),
        }[self.kind]
        return one if count == 1 else many

    # -- undoing --------------------------------------------------------------------------------

    def action_undo(self):
        self._check_may_undo()
        # sudo: deeds are written by us alone; what is undone is done with the user's own rights
        deed = self.sudo()
        if deed.undone:
            return notice(self.env._("This is undone already."), "info")
        deed.undone = True
        left = deed._do_undo(deed.changes or [])
        if not left:
            return notice(self.env._("Undone."), reload=True)
        return notice(
            self.env._(
                "%(done)s of %(all)s e-mails are as they were. The others have been changed since, "
                "are deleted, or are no longer yours to change.",
                done=deed.count - left,
                all=deed.count,
            ),
            "warning",
            reload=True,
        )

    def _check_may_undo(self):
        if not self.exists():
            raise UserError(self.env._("This was too long ago to be undone."))
        self.ensure_one()
        self.check_access("read")

    def _do_undo(self, changes):
        """:return: how many e-mails stay as they are"""
        return self.env["mail.import.entry"].sudo(False)._undo_changes(changes)

    @api.autovacuum
    def _gc_old(self):
        keep_newer(self, "create_date", timedelta(hours=KEPT_HOURS))


def grouped(changes):
    """As they are stored: what is alike in many e-mails once.

    :param changes: ``[(id, what was, what is)]``, dicts of JSON's kinds
    :return: ``[{"ids", "was", "is"}]``
    """
    alike = defaultdict(list)
    for id_, was, now in changes:
        alike[tuple(was.items()), tuple(now.items())].append(id_)
    return [{"ids": ids, "was": dict(was), "is": dict(now)} for (was, now), ids in alike.items()]
