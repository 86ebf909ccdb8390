"""Entries and filters: what a filter did, in words, and *Make a filter from this e-mail*."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..mime.automatic import identity_of
from ..mime.trace import fields_of


class MailImportEntry(models.Model):
    _inherit = "mail.import.entry"

    can_filter = fields.Boolean(compute="_compute_can_filter")

    @api.depends("direction", "user_id")
    @api.depends_context("uid")
    def _compute_can_filter(self):
        """Filters of a group mailbox are its administrators'."""
        is_administrator = self.env["mail.import.mailbox"]._is_administrator()
        for entry in self:
            mine = entry.user_id == self.env.user or (not entry.user_id and is_administrator)
            entry.can_filter = mine and entry.direction == "incoming"

    # -- Make a filter from this e-mail ---------------------------------------------------------

    def action_make_filter(self):
        """The form of a new filter, filled with what these e-mails have in common."""
        self.check_access("read")
        incoming = self.filtered(lambda entry: entry.direction == "incoming")
        if not incoming:
            raise UserError(self.env._("Filters are for incoming mail: choose such an e-mail."))
        if not all(incoming.mapped("can_filter")):
            raise UserError(
                self.env._("The filters of a group mailbox are made by its administrators.")
            )
        values = {**incoming._filter_scope(), **incoming._filter_conditions()}
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Filter"),
            "res_model": "mail.import.filter",
            "views": [(False, "form")],
            "context": {f"default_{name}": value for name, value in values.items()},
        }

    def _filter_scope(self):
        mailboxes = self.mailbox_id
        if self.user_id and all(entry.user_id for entry in self):
            return {"scope": "own"}
        if self.user_id or len(mailboxes) > 1:
            raise UserError(self.env._("Choose e-mails of one mailbox."))
        return {"scope": "group", "mailbox_id": mailboxes.id}

    def _filter_conditions(self):
        """A list's mail by its List-Id, which stays whoever writes; other mail by its sender."""
        emails = self.email_id
        lists = {list_id_of(email.headers) for email in emails}
        if len(lists) == 1 and "" not in lists:
            return {"header_name": "List-Id", "header_value": lists.pop()}
        senders = dict.fromkeys(filter(None, emails.mapped("from_email")))
        if not senders:
            raise UserError(self.env._("This e-mail names no sender."))
        return {"sender": ", ".join(senders)}

    # -- Why Here -------------------------------------------------------------------------------

    def _words_of_filter(self, note):
        """In the reader's words; the folder's name only where it is the reader's to see."""
        done = [self._filed_in_words(note)]
        if "is_read" in note.get("marks", ()):
            done.append(self.env._("marked as read"))
        if "starred" in note.get("marks", ()):
            done.append(self.env._("starred"))
        if note.get("silent"):
            done.append(self.env._("nobody was notified"))
        return self.env._(
            "The filter “%(name)s” caught it: %(what)s.",
            name=note.get("name") or "",
            what=", ".join(done),
        )

    def _filed_in_words(self, note):
        words = {
            "skip": self.env._("skipped, it is not imported"),
            "archive": self.env._("archived"),
            "trash": self.env._("put in the trash"),
            "keep": self.env._("left where it came in"),
        }
        if note["result"] in words:
            return words[note["result"]]
        folder = self.env["mail.import.folder"].search([("id", "=", note.get("folder"))])
        if not folder:
            return self.env._("put in a folder")
        return self.env._("put in “%s”", folder.display_name)


def list_id_of(headers):
    """The List-Id (RFC 2919) among stored headers, "" where there is none."""
    for name, value in fields_of(headers or ""):
        if name.lower() == "list-id":
            return identity_of(value)
    return ""
