"""Filters in words: for the list, for a filter without a name, and for *Why Here*."""

from odoo import api, fields, models

from .filter import CONDITIONS
from .filter_facts import BODY, FILES

NAMED = 60
"""Characters of a name that is made of conditions."""


class MailImportFilter(models.Model):
    _inherit = "mail.import.filter"

    conditions_text = fields.Char("Looks For", compute="_compute_conditions_text")
    actions_text = fields.Char("What It Does", compute="_compute_actions_text")

    @api.depends("name", *CONDITIONS)
    @api.depends_context("lang")
    def _compute_display_name(self):
        for one in self._named_to_user():
            words = one.name or one.conditions_text or self.env._("New filter")
            one.display_name = words if len(words) <= NAMED or one.name else f"{words[:NAMED]}…"

    @api.depends(*CONDITIONS)
    @api.depends_context("lang")
    def _compute_conditions_text(self):
        for one in self:
            one.conditions_text = "; ".join(words for _kind, words in one._conditions_in_words())

    def _conditions_in_words(self):
        """``(kind, words)``; the kinds are those of ``Condition``, in its order within each."""
        yield from self._texts_in_words()
        yield from self._marks_in_words()

    def _texts_in_words(self):
        for name in ("sender", "recipients", "subject"):
            if self[name]:
                yield name, f"{self._label(name)}: {_alternatives(self[name])}"
        if self.header_name:
            says = f": {_alternatives(self.header_value)}" if self.header_value else ""
            yield "header", f"{self._label('header_name')} {self.header_name.strip(' :')}{says}"
        for name in ("body_all", "body_any"):
            if self[name]:
                yield BODY, f"{self._label(name)}: {_alternatives(self[name])}"

    def _marks_in_words(self):
        if self.has_attachments:
            yield FILES, self._label("has_attachments")
        for name in ("is_list", "is_automatic", "is_unverified"):
            if self[name]:
                yield name, self._label(name)
        if self.larger_than:
            yield "size", self.env._("Larger than %s kB", self.larger_than)
        if self.sender_is:
            who = self._label_of("sender_is", self.sender_is)
            yield "sender_is", f"{self._label('sender_is')}: {who}"

    @api.model
    def _label(self, name):
        return self._fields[name].get_description(self.env, ["string"])["string"]

    @api.model
    def _label_of(self, name, value):
        options = self._fields[name].get_description(self.env, ["selection"])["selection"]
        return dict(options).get(value, "")

    @api.depends("destination", "folder_id", "mark_read", "star", "silent")
    @api.depends_context("lang")
    def _compute_actions_text(self):
        for one in self:
            marks = [one._label(name) for name in ("mark_read", "star", "silent") if one[name]]
            if one.destination != "keep" or not marks:
                marks.insert(0, one._destination_in_words())
            one.actions_text = "; ".join(marks)

    def _destination_in_words(self):
        if self.destination != "folder":
            return self._label_of("destination", self.destination)
        return self.env._("Put it in “%s”", self.folder_id.display_name or self.env._("no folder"))


def _alternatives(text):
    return ", ".join(" ".join(line.split()) for line in text.splitlines() if line.strip())
