"""Filing and marking: where an entry lies, and who of a group mailbox has done what to it.

An owner's own entry is marked by nobody else. A group mailbox has one entry for all its readers:
who reads, stars, files or finishes it does so for all, and is named on its form.
"""

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_datetime

MARKS = {"is_read": "read", "starred": "starred", "handled": "handled", "folder_id": "filed"}
"""Field that people write -> beginning of the fields that say by whom and when."""
FLAGS = {mark: name for name, mark in MARKS.items()}


class MailImportEntry(models.Model):
    _inherit = "mail.import.entry"

    read_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    read_on = fields.Datetime(readonly=True)
    starred_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    starred_on = fields.Datetime(readonly=True)
    handled_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    handled_on = fields.Datetime(readonly=True)
    filed_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    filed_on = fields.Datetime(
        readonly=True, help="Empty: it lies where it came in. The Trash is emptied by it."
    )
    who_did_it = fields.Text("Done by", compute="_compute_who_did_it")

    # -- who did it -----------------------------------------------------------------------------

    def write(self, vals):
        changed = {
            name: self.filtered(lambda entry, name=name: _value(entry, name) != vals[name])
            for name in MARKS.keys() & vals.keys()
        }
        result = super().write(vals)
        for name, entries in changed.items():
            entries._note_who(MARKS[name])
        return result

    def _note_who(self, mark):
        """One UPDATE each for group mail and for people's own, of which only the day is asked."""
        shared = self.filtered(lambda entry: not entry.user_id)
        # what the importer or the scheduler does is done by nobody
        user_id = self.env.uid != SUPERUSER_ID and self.env.uid
        now = fields.Datetime.now()
        # sudo: users do not write who did it
        if shared:
            shared.sudo().write({f"{mark}_by_id": user_id, f"{mark}_on": now})
        if mark == "filed":
            (self - shared).sudo().write({"filed_on": now})

    @api.depends(*(f"{mark}_{what}" for mark in MARKS.values() for what in ("by_id", "on")))
    @api.depends_context("lang", "tz", "uid")
    def _compute_who_did_it(self):
        for entry in self:
            lines = () if entry.user_id else (entry._words_of_mark(mark) for mark in MARKS.values())
            entry.who_did_it = "\n".join(filter(None, lines))

    def _words_of_mark(self, mark):
        """One line: "Read by Ann Agent, 21 Nov 2026, 10:15", "" where nobody has done it."""
        who, when = self[f"{mark}_by_id"], self[f"{mark}_on"]
        # what was written here came to Drafts and Sent by itself
        by_itself = mark == "filed" and self.folder_id.kind in ("drafts", "sent")
        if not who or not when or by_itself:
            return ""
        words = {
            # sudo: colleagues' names; also of who has left
            "who": who.sudo().name,
            "when": format_datetime(self.env, when, dt_format="short"),
            "folder": self.folder_id.display_name,
        }
        return self._sentence_of_mark(mark) % words

    def _sentence_of_mark(self, mark):
        done = self.folder_id.kind if mark == "filed" else bool(self[FLAGS[mark]])
        match mark, done:
            case "read", True:
                return self.env._("Read by %(who)s, %(when)s")
            case "read", False:
                return self.env._("Marked as unread by %(who)s, %(when)s")
            case "starred", True:
                return self.env._("Starred by %(who)s, %(when)s")
            case "starred", False:
                return self.env._("Star taken off by %(who)s, %(when)s")
            case "handled", True:
                return self.env._("Done by %(who)s, %(when)s")
            case "handled", False:
                return self.env._("Reopened by %(who)s, %(when)s")
            case "filed", "archive":
                return self.env._("Archived by %(who)s, %(when)s")
            case "filed", "trash":
                return self.env._("Put in the Trash by %(who)s, %(when)s")
        return self.env._("Moved to “%(folder)s” by %(who)s, %(when)s")

    # -- which folder ---------------------------------------------------------------------------

    def _check_folder(self, folder):
        """A folder is the system's, or belongs to the owner of the entry."""
        folder.check_access("read")
        for entry in self:
            if not entry._fits(folder):
                raise ValidationError(
                    self.env._(
                        "“%(folder)s” belongs to another owner than “%(subject)s”.",
                        folder=folder.name,
                        subject=entry.display_name,
                    )
                )
            entry._check_kind(folder)

    def _fits(self, folder):
        if folder.kind != "own":
            return True
        if self.user_id:
            return folder.user_id == self.user_id
        return folder.mailbox_id == self.mailbox_id

    def _check_kind(self, folder):
        """Drafts holds what is being written, Sent what was: mail that came in is not hidden there.

        What was in such a folder stays and comes back there.
        """
        wrong = (
            (folder.kind == "drafts" and self.state == "received")
            or (folder.kind == "sent" and self.direction == "incoming")
        ) and self.previous_folder_id != folder
        if wrong and self.folder_id != folder:
            raise ValidationError(
                self.env._("“%(folder)s” is for your own e-mails.", folder=folder.name)
            )

    def _usual_folder(self):
        """Where an entry lies that nobody filed."""
        self.ensure_one()
        kind = "sent" if self.direction == "outgoing" else "inbox"
        if self.state == "draft":
            kind = "drafts"
        return self.env["mail.import.folder"]._system(kind)

    def _file_into(self, folder):
        """Move to a folder; where it came from is kept for "Put Back"."""
        self.check_access("write")
        moved = self.filtered(lambda entry: entry.folder_id != folder)
        moved._check_folder(folder)
        for before, entries in moved.grouped("folder_id").items():
            # sudo: users do not write it
            entries.sudo().previous_folder_id = before
        moved.folder_id = folder

    def _move_to(self, kind):
        self._file_into(self.env["mail.import.folder"]._system(kind))

    def action_put_back(self):
        """Out of Archive or Trash, to where the e-mail was."""
        for folder, entries in self.grouped(lambda entry: entry._folder_before()).items():
            entries.folder_id = folder

    def _folder_before(self):
        back = self.previous_folder_id
        return back if back and self._fits(back) else self._usual_folder()

    def action_move_to(self):
        """*Move to folder…*, on a list or a form."""
        return self.env["mail.import.move.to"]._open(self)


def _value(entry, name):
    return entry.folder_id.id if name == "folder_id" else entry[name]
