"""What a test of rules found out, in words, with the names that the user may read."""

from collections import defaultdict

from markupsafe import Markup

from odoo import api, models

from ..models.rehearsal_words import KINDS

HELD = Markup('<i class="fa fa-fw fa-check text-success" title="%s"></i> %s')
FAILED = Markup('<i class="fa fa-fw fa-times text-danger" title="%s"></i> %s')
STEPS_BEFORE = ("reply", "alias", "token")


class MailImportRuleTest(models.TransientModel):
    _inherit = "mail.import.rule.test"

    def _in_words(self, report):
        parts = [self._outcome(report)]
        if report.get("bare"):
            parts.insert(0, self._bare_line())
        if report["filters"]:
            lines = [self._filter_line(*one) for one in report["filters"]]
            parts.append(_section(self.env._("Filters, in Their Order"), _table(lines)))
        lines = [self._rule_line(report, *one) for one in report["rules"]]
        none = self.env._("No rule is for this mailbox.")
        parts.append(
            _section(self.env._("Rules, in Their Order"), _table(lines) if lines else none)
        )
        Entry = self.env["mail.import.entry"]
        said = [words for note in report["journal"] if (words := Entry._journal_words(note))]
        if said:
            parts.append(_section(self.env._("Step by Step"), _lines(said)))
        return Markup("").join(parts)

    def _bare_line(self):
        words = self.env._(
            "This text does not begin with headers (From, To, Subject): it was read as a mail "
            "without sender and subject. Paste the whole mail, with its headers."
        )
        return Markup('<div class="alert alert-warning">%s</div>') % words

    # -- what comes of it -----------------------------------------------------------------------

    def _outcome(self, report):
        kind = dict(self._kinds())[report["kind"]]
        lines = [Markup("<b>%s</b>") % kind]
        if report["error"]:
            lines.append(report["error"])
        lines += [self._record_name(*record) for record in report.get("records", ())]
        if made := report.get("made"):
            lines += self._made_lines(made)
        color = "success" if report["kind"] in ("made", "linked") else "info"
        return Markup('<div class="alert alert-%s">%s</div>') % (color, _lines(lines))

    @api.model
    def _kinds(self):
        Kind = self.env["mail.import.rehearsal.kind"]
        labels = dict(Kind._fields["kind"]._description_selection(self.env))
        return [(kind, labels[kind]) for kind, _label in KINDS]

    def _made_lines(self, made):
        Model = self.env[made["model"]]
        name = self.env["ir.model"]._get(made["model"]).name
        if "title" not in made:
            hidden = self.env._("not yours to see, so nothing else is told.")
            yield Markup("%s: %s") % (name, hidden)
            return
        yield Markup("%s: <b>%s</b>") % (name, made["title"])
        for field, value in made["values"].items():
            label = Model._fields[field]._description_string(self.env)
            yield Markup("%s: %s") % (label, value or self.env._("(not yours to see)"))
        if made["followers"]:
            yield self.env._("Followers: %s", ", ".join(made["followers"]))
        if made["actor"]:
            yield self.env._("With the rights of: %s", made["actor"])

    def _record_name(self, model, id_):
        record = self.env[model].browse(id_).exists()
        if record and record.has_access("read"):
            return record.display_name
        return self.env._("A record that you may not read")

    # -- what was asked -------------------------------------------------------------------------

    def _filter_line(self, id_, conditions, caught):
        one = self.env["mail.import.filter"].browse(id_)
        if not one.has_access("read"):
            return self.env._("A filter"), caught, ()
        words = defaultdict(list)
        for kind, said in one._conditions_in_words():
            words[kind].append(said)
        return one.display_name, caught, [(words[kind].pop(0), held) for kind, held in conditions]

    def _rule_line(self, report, id_, conditions):
        rule = self.env["mail.import.rule"].browse(id_)
        held = all(held for _name, _of, held in conditions)
        if not rule.has_access("read"):
            return self.env._("An import rule"), held, ()
        said = [(self._condition(rule, name, of, report), held) for name, of, held in conditions]
        return rule.display_name, held, said

    def _condition(self, rule, name, of, report):
        labels = {
            "applies_to": lambda: self._selected(rule, "applies_to"),
            "automatic": lambda: self.env._("No automatic mail, no list"),
            "sender": lambda: self.env._(
                "From: %(meant)s (it is: %(found)s)",
                meant=", ".join(self._sender_kind(kind) for kind in of.split(", ")),
                found=self._sender_kind(report["sender"]),
            ),
            "domain": lambda: self.env._("Sender's domain: %s", of),
            "recipients": lambda: self.env._("Sent to: %s", of),
            "keyword": lambda: self.env._(
                "“%(keyword)s” in: %(place)s", keyword=of, place=self._selected(rule, "keyword_in")
            ),
            "line": lambda: self._line_in_words(int(of)),
            "lines": lambda: self.env._("Any of the further conditions"),
        }
        return labels[name]() if name in labels else f"{name} {of}"

    def _sender_kind(self, code):
        kinds = {
            "employee": self.env._("an employee"),
            "contact": self.env._("a known contact"),
            "unknown": self.env._("an unknown sender"),
        }
        return kinds.get(code, code)

    def _line_in_words(self, id_):
        line = self.env["mail.import.rule.line"].browse(id_)
        place = line.header or self._selected(line, "place")
        return f"{place} {self._selected(line, 'operator')} “{line.value}”"

    @api.model
    def _selected(self, record, name):
        options = record._fields[name]._description_selection(self.env)
        return dict(options).get(record[name], "")


def _lines(lines):
    return Markup("").join(Markup("<div>%s</div>") % line for line in lines)


def _section(title, content):
    return Markup('<h4 class="mt-3">%s</h4>%s') % (title, content)


def _table(lines):
    """``(name, held, [(condition, held)])`` each."""
    rows = Markup("").join(
        Markup('<tr><td class="align-top pe-3">%s</td><td>%s</td></tr>')
        % (
            (HELD if held else FAILED) % ("", name),
            _lines((HELD if is_so else FAILED) % ("", words) for words, is_so in said),
        )
        for name, held, said in lines
    )
    return Markup('<table class="table table-sm"><tbody>%s</tbody></table>') % rows
