"""The journal of an entry: why the mail went where it went, in words for its owner.

Each step writes codes (``IncomingMail.note``), and has a method here, or where the step lives, that
turns them into a sentence: ``_words_of_<step>(note)``.
"""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_datetime
from odoo.tools.misc import babel_locale_parse, get_lang

LINE = Markup(
    '<tr><td class="text-muted text-nowrap pe-3 align-top" style="width:1%%">%s</td>'
    '<td class="pe-2 text-center align-top" style="width:1%%"><i class="fa %s text-muted"></i></td>'
    "<td>%s</td></tr>"
)
SIGNS = {
    "filter": "fa-filter",
    "rule": "fa-magic",
    "confirm": "fa-reply",
    "assign": "fa-user",
    "unmatched": "fa-share",
    "again": "fa-refresh",
    "hand": "fa-hand-o-up",
    "undone": "fa-undo",
    "unlinked": "fa-question",
    "none": "fa-ban",
    "mate": "fa-comments-o",
    "known": "fa-files-o",
    "link": "fa-link",
    "early": "fa-link",
}


class MailImportEntry(models.Model):
    _inherit = "mail.import.entry"

    journal = fields.Json("Notes of the Import", readonly=True)
    why_here = fields.Text("Why Here", compute="_compute_why_here")
    why_shown = fields.Html("How It Came Here", compute="_compute_why_shown", sanitize=False)

    @api.depends("journal")
    @api.depends_context("lang", "uid")
    def _compute_why_here(self):
        for entry in self:
            sentences = map(entry._journal_words, entry.journal or ())
            entry.why_here = "\n".join(filter(None, sentences))

    @api.depends("journal", "link_ids.suggested")
    @api.depends_context("lang", "uid", "tz")
    def _compute_why_shown(self):
        for entry in self:
            lines = sorted(entry._journal_lines(), key=lambda line: line[0])
            shown, latest = Markup(), None
            for moment, sign, words in lines:
                clock = "" if moment == latest else entry._clock(moment)
                shown += LINE % (clock, SIGNS.get(sign, "fa-angle-right"), words)
                latest = moment
            entry.why_shown = Markup('<table class="w-100">%s</table>') % shown

    @api.model
    def _clock(self, moment):
        """A moment as forms show it: no seconds, and a year only where it is not this one."""
        locale = babel_locale_parse(get_lang(self.env).code)
        this_year = moment.year == fields.Date.context_today(self).year
        day = locale.datetime_skeletons["MMMd" if this_year else "yMMMd"]
        pattern = f"{day.pattern}, {locale.time_formats['short'].pattern}"
        return format_datetime(self.env, moment, dt_format=pattern)

    def _journal_lines(self):
        """``(moment, sign, words)`` of each step, and of what the mail was linked to."""
        moment = came_at = self.create_date.replace(microsecond=0)
        # sudo: the mailbox of what one reads, also after it was archived
        mailbox = self.mailbox_id.sudo()
        came = self.env._("It came into “%s”.", mailbox.name)
        if not mailbox:
            came = self.env._("It was written here, to leave by the company's mail server.")
        yield moment, "came", came
        for note in self.journal or ():
            if note.get("at"):
                moment = fields.Datetime.to_datetime(note["at"])
            if words := self._journal_words(note):
                yield moment, note["step"], words
        for link in self.link_ids.filtered(lambda link: not (link.suggested or link.user_id)):
            name = link.record_name or self.env._("a record that you may not read")
            words = self.env._("It was linked to “%s”.", name)
            if link.made_record:
                words = self.env._("It became “%s”.", name)
            # a copy comes in when the e-mail is linked already, and tells of itself first
            yield max(link.create_date.replace(microsecond=0), came_at), "link", words

    def _note_late(self, step, result, **more):
        """What was found out when the entry was stored already; see ``IncomingMail.note``."""
        for entry in self:
            entry.journal = [*(entry.journal or ()), {"step": step, "result": result, **more}]

    def _journal_words(self, note):
        """One sentence of the journal, "" for a step that nobody knows any more."""
        words = getattr(self, f"_words_of_{note['step']}", None)
        return words(note) if words else ""

    def _note_by(self, step, result, **more):
        """What somebody did with the mail later, and when."""
        now = fields.Datetime.to_string(fields.Datetime.now())
        # sudo: the journal is the importer's, and that of others' copies too
        self.sudo()._note_late(step, result, by=self.env.uid, at=now, **more)

    def _who(self, note):
        # sudo: a colleague's name
        return self.env["res.users"].browse(note.get("by")).sudo().exists().name or "–"

    def _which(self, note):
        """The name of the record that a note speaks of, where the reader may know it."""
        model = note.get("model")
        record = self.env[model].browse(note.get("id")).exists() if model in self.env else None
        if record and record.has_access("read"):
            return record.display_name
        return self.env._("a record")

    def _words_of_again(self, note):
        words = self.env._("%s had it processed again.", self._who(note))
        if note.get("made_before"):
            return f"{words} {self.env._('Its thread made a record once, so it makes no other.')}"
        return words

    def _words_of_hand(self, note):
        if note["result"] == "archived":
            return self.env._("%s archived it by hand.", self._who(note))
        if note["result"] == "linked":
            return self.env._(
                "%(who)s linked it to “%(record)s”.", who=self._who(note), record=self._which(note)
            )
        return self.env._(
            "%(who)s unlinked it from “%(record)s”.", who=self._who(note), record=self._which(note)
        )

    def _words_of_undone(self, note):
        return self.env._(
            "%(who)s took back what the import rule “%(rule)s” had made of it.",
            who=self._who(note),
            rule=note.get("name") or "",
        )

    def _words_of_reply(self, note):
        return self.env._("It answers a known e-mail or message, and is linked where that is.")

    def _words_of_early(self, note):
        return self.env._(
            "An answer to it came earlier and became “%s”: that is proposed, too.",
            self._which(note),
        )

    def _words_of_mate(self, _note):
        if self.link_ids.filtered(lambda link: not link.suggested):
            return self.env._(
                "It goes on with an e-mail that came in with it, and is linked there."
            )
        return self.env._(
            "It goes on with an e-mail that came in with it, and that is linked to nothing."
        )

    def _words_of_alias(self, note):
        return self.env._("It was sent to the address of an alias.")

    def _words_of_token(self, note):
        return self.env._("It names the number of a record in which its sender takes part.")

    def _words_of_default(self, note):
        return self.env._("Nothing else claimed it; the mailbox says what such mail becomes.")

    def _words_of_address(self, note):
        return self.env._("It was linked by the address of its correspondent.")

    def _words_of_unlinked(self, note):
        return self.env._("Nothing says where it belongs.")
