"""What people do to one e-mail or to thousands, each with a way back (``deed.py``)."""

from odoo import fields, models

from .deed import grouped
from .entry_filing import MARKS

TOUCHED = (
    *MARKS,
    "previous_folder_id",
    *(f"{mark}_{what}" for mark in MARKS.values() for what in ("by_id", "on")),
)
"""Fields that a deed may change, those that say who did it included."""


class MailImportEntry(models.Model):
    _inherit = "mail.import.entry"

    def action_archive_entry(self):
        return self._with_way_back("archive", super().action_archive_entry)

    def action_trash(self):
        return self._with_way_back("trash", super().action_trash)

    def action_put_back(self):
        return self._with_way_back("put_back", super().action_put_back)

    def action_mark_selected_read(self):
        return self._with_way_back("read", self.action_mark_read)

    def action_mark_unread(self):
        return self._with_way_back("unread", super().action_mark_unread)

    def action_star(self):
        return self._mark("star", "starred", True)

    def action_unstar(self):
        return self._mark("unstar", "starred", False)

    def action_done(self):
        return self._mark("done", "handled", True)

    def action_not_done(self):
        return self._mark("not_done", "handled", False)

    def _mark(self, kind, name, value):
        others = self.filtered(lambda entry: entry[name] != value)
        return others._with_way_back(kind, lambda: others.write({name: value}))

    def _file_into_with_way_back(self, folder):
        return self._with_way_back("move", lambda: self._file_into(folder))

    # -- what was, and what is ------------------------------------------------------------------

    def _with_way_back(self, kind, do):
        self.check_access("write")
        before = self._as_touched()
        do()
        after = self._as_touched()
        changes = [
            (id_, *_difference(was, after[id_])) for id_, was in before.items() if was != after[id_]
        ]
        deed = self.env["mail.import.deed"]._note(kind, grouped(changes), len(changes))
        return deed._told()

    def _as_touched(self):
        """``{id: {field: value}}``, values as JSON holds them."""
        # sudo: who did it is not for users to write, nor, on its own, to read
        return {
            entry.id: {name: _in_json(entry, name) for name in TOUCHED} for entry in self.sudo()
        }

    def _undo_changes(self, changes):
        """:return: how many e-mails stay as they are"""
        ids = [id_ for change in changes for id_ in change["ids"]]
        mine = self.browse(ids).exists()._filtered_access("write")
        now, left = mine._as_touched(), 0
        for change in changes:
            same = [id_ for id_ in change["ids"] if _is_still(now.get(id_), change["is"])]
            back = self.browse(same)._that_go_back(change["was"])
            back._restore(change["was"])
            left += len(change["ids"]) - len(back)
        return left

    def _that_go_back(self, was):
        """Those whose folder is still there, and still of the same owner."""
        folder = self.env["mail.import.folder"].browse(was.get("folder_id") or [])
        if not folder:
            return self
        if not folder.exists().has_access("read"):
            return self.browse()
        return self.filtered(lambda entry: entry._fits(folder))

    def _restore(self, was):
        """First the marks, which note who did that; then who had done it before."""
        if was.get("previous_folder_id"):
            folder = self.env["mail.import.folder"].browse(was["previous_folder_id"])
            was = {**was, "previous_folder_id": folder.exists().id}
        # sudo: these are the user's to change, as was checked; users do not write who did it
        entries = self.sudo()
        entries.write({name: value for name, value in was.items() if name in MARKS})
        entries.write({name: value for name, value in was.items() if name not in MARKS})


def _in_json(entry, name):
    value = entry[name]
    match entry._fields[name].type:
        case "many2one":
            return value.id
        case "datetime":
            return fields.Datetime.to_string(value)
    return value


def _difference(was, now):
    names = [name for name in was if was[name] != now[name]]
    return {name: was[name] for name in names}, {name: now[name] for name in names}


def _is_still(now, made):
    return now is not None and all(now[name] == value for name, value in made.items())
