"""Replies: which rule says what a reply does to the record that it goes to, and what that is.

A reply goes to its record whatever rules say: they only add to it. By sequence, the first rule
says it whose conditions hold for the reply, or that made the record (unless *replies must match
too*). Of a record that no rule made, it is else the first in whose target, project and team the
record lies.
What the rule says is decided here, and carried out in ``link_replying.py``.
"""

from copy import copy

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..access import as_seen_by
from ..mime.patterns import PatternError
from .rule_replies import Replies, number_pattern
from .rule_words import pattern_error_words

REPLYING = frozenset(("reply", "token", "weak"))
"""Steps that take a mail to a record as an answer; an address alone makes no answer of it."""
WEAK = [("subject_sender", "Same subject and sender"), ("sender", "Same sender")]


class MailImportRule(models.Model):
    _inherit = "mail.import.rule"

    reply_operation = fields.Selection(
        [("comment", "Comment"), ("note", "Internal note")],
        "A Reply Is",
        default="comment",
        required=True,
        help="A comment is as public as what it answers. An internal note is for employees only.",
    )
    reply_task_stage_id = fields.Many2one(
        "project.task.type",
        "A Reply Moves It To",
        ondelete="set null",
        domain="[('user_id', '=', False), ('project_ids', '=?', project_id)]",
        help="Only while it is open, or as it is reopened.",
    )
    reply_lead_stage_id = fields.Many2one(
        "crm.stage",
        "A Reply Moves the Lead To",
        ondelete="set null",
        domain="['|', ('team_ids', '=', False), ('team_ids', '=?', team_id)]",
    )
    closed_way = fields.Selection(
        [
            ("comment", "Comment all the same"),
            ("reopen", "Reopen it"),
            ("new", "Make a new record, linked to the old one"),
        ],
        "If It Is Closed",
        default="comment",
        required=True,
    )
    replies_must_match = fields.Boolean(
        "Replies Must Match Too",
        help="Otherwise all answers to what this rule made are meant, whatever they hold.",
    )
    number_pattern = fields.Char(
        "Number in the Subject",
        help="For example #{number} or [CASE-{number}], or a regular expression with a group "
        "(?P<number>…). Only from people who take part in the record, or have access to it.",
    )
    number_field = fields.Char(
        "It Is in the Field", help="Empty: the record's own number, as in its address."
    )
    weak_first = fields.Selection(WEAK, "Take the One With")
    weak_second = fields.Selection(WEAK, "Else the One With")

    # -- what may not be ------------------------------------------------------------------------

    @api.constrains("number_pattern", "number_field", "target_id")
    def _check_number(self):
        for rule in self.filtered("number_pattern"):
            if not rule.target_id:
                raise ValidationError(self.env._("Say of which records the number is."))
            try:
                rule._number_pattern()
            except PatternError as error:
                raise ValidationError(rule._number_error_words(error)) from error

    def _number_error_words(self, error):
        if error.why == "field":
            return self.env._(
                "“%(field)s” is no field that numbers of records are found by.", field=error.detail
            )
        if error.why == "number":
            return self.env._(
                "Say where the number is: #{number}, say, or a regular expression with a group "
                "(?P<number>…)."
            )
        return pattern_error_words(self.env, error)

    @api.constrains("weak_first", "weak_second", "target_id")
    def _check_weak(self):
        for rule in self:
            if (rule.weak_first or rule.weak_second) and not rule.target_id:
                raise ValidationError(self.env._("Say which records are meant."))

    @api.constrains("closed_way", "target_id")
    def _check_closed_way(self):
        for rule in self.filtered(lambda rule: rule.closed_way == "new"):
            if not rule.target_id.can_create:
                raise ValidationError(self.env._("Say what the new record is."))

    @api.constrains("reply_task_stage_id", "reply_lead_stage_id", "project_id", "team_id")
    def _check_reply_stage(self):
        for rule in self:
            # sudo: whether the stage fits, whoever may see it
            stage = rule.sudo()._reply_stage()
            if stage and not rule.sudo()._is_stage_here(stage):
                raise ValidationError(
                    self.env._("“%s” is no stage of these records.", stage.display_name)
                )

    def _is_stage_here(self, stage):
        """Whether records of this rule may be in that stage."""
        name, place = self._place_of_stages(stage)
        if stage._name == "project.task.type":
            return not stage.user_id and (not place or place in stage[name])
        return not stage[name] or not place or place in stage[name]

    def _place_of_stages(self, stage):
        """The stage's field that names where it is used, and where this rule's records are."""
        if stage._name == "project.task.type":
            return "project_ids", self.project_id
        return "team_ids", self.team_id

    @api.onchange("target_id", "project_id", "team_id")
    def _onchange_target_of_replies(self):
        for name in self._reply_stage_fields().values():
            if self[name] and self[name] != self._reply_stage():
                self[name] = False
        stage = self._reply_stage()
        if stage and not self._is_stage_here(stage):
            self[self._reply_stage_fields()[self.target_model]] = False

    # -- as plain objects -----------------------------------------------------------------------

    @api.model
    def _reply_stage_fields(self):
        """``{model: field of the rule}``; bridges add theirs."""
        return {"project.task": "reply_task_stage_id", "crm.lead": "reply_lead_stage_id"}

    def _reply_stage(self):
        """The stage that a reply moves records to; empty where it moves none."""
        name = self._reply_stage_fields().get(self.target_model)
        return self[name] if name else self.env["mail.import.target"]

    def _number_pattern(self):
        """Raises ``PatternError``."""
        name = (self.number_field or "").strip() or "id"
        Model = self.env.get(self.target_model or "")
        field = Model._fields.get(name) if Model is not None else None
        fits = field is not None and field.store and field.type in ("integer", "char")
        if name != "id" and not fits:
            raise PatternError("field", 0, name)
        return number_pattern(self.number_pattern, name, name == "id" or field.type != "char")

    def _compiled(self):
        compiled = super()._compiled()
        if self.applies_to != "new":
            compiled.replies = self._replies()
        return compiled

    def _replies(self):
        """What this rule says of replies, as a plain object."""
        weak = (self.weak_first, self.weak_second) if self.target_id else ()
        return Replies(
            # a rule for replies alone is about what they hold
            must_match=self.replies_must_match or self.applies_to == "reply",
            operation=self.reply_operation,
            stage_id=self._reply_stage().id or 0,
            closed_way=self.closed_way,
            model=self.target_model or "",
            spot=frozenset(self._spot_pairs()),
            number=self._number_pattern_or_none(),
            weak=tuple(dict.fromkeys(filter(None, weak))),
        )

    def _spot_pairs(self):
        if self.target_id:
            yield "model", self.target_model
            yield from ((filling.name, filling.value) for filling in self._places())

    def _number_pattern_or_none(self):
        try:
            return self._number_pattern() if self.number_pattern and self.target_id else None
        except PatternError:
            # accepted once: the field is gone with its add-on, say
            return None

    # -- which rule ------------------------------------------------------------------------------

    @api.model
    def _govern(self, batch, mail, may_begin=True):
        """Let rules say what a reply does; its ``decisions`` are changed where they stand.

        :param may_begin: whether a new record may take the place of a closed one
        """
        book = self._book_for(mail.owner_mailbox) if mail.decisions else None
        if not book or not book.replying or not self._may_govern(batch, mail):
            return
        for place, decision in enumerate(mail.decisions):
            if decision.step not in REPLYING or decision.suggested or not decision.record:
                continue
            if rule := self._governing(batch, mail, decision, book):
                mail.decisions[place] = self._replied(batch, mail, decision, rule, may_begin)

    @api.model
    def _may_govern(self, batch, mail):
        return mail.decides and not (mail.outgoing or batch.history or mail.twin_of)

    @api.model
    def _governing(self, batch, mail, decision, book):
        """The compiled rule that says what this reply does, or None."""
        facts = self._facts_of_reply(batch, mail)
        if decision.rule:
            return next((rule for rule in book.replying if rule.id == decision.rule.id), None)
        made_by = self._maker(batch, decision.record)
        if not any(rule.id == made_by for rule in book.rules):
            made_by = 0  # archived, stopped, or of another mailbox: nobody's, as if made by hand
        near = self._near(batch, book, decision.record, made_by)
        for rule in near:
            mine = rule.id == made_by and not rule.replies.must_match
            if (mine or rule.holds(facts)) and self._still_goes(batch, rule):
                return rule
        loose = [rule for rule in near if rule.target_id and not rule.replies.must_match]
        goes = (rule for rule in loose if self._still_goes(batch, rule))
        return next(goes, None) if not made_by else None

    @api.model
    def _still_goes(self, batch, rule):
        """Asked of a rule that would say something only: its owner's rights are looked up."""
        return not self.browse(rule.id)._has_stopped(batch)

    @api.model
    def _facts_of_reply(self, batch, mail):
        """The mail's facts, where it goes to a record, also where it names no other mail."""
        facts = copy(self._facts(batch, mail))
        facts.is_reply = True
        return facts

    @api.model
    def _maker(self, batch, record):
        """Id of the rule that made the record, or 0; of a batch's known threads asked at once."""
        known = batch.lookups["makers"]
        if (record._name, record.id) not in known:
            ids = {record.id} | set(batch.lookups["existing"].get(record._name, ()))
            links = self.env["mail.import.link"].search_fetch(
                [
                    ("res_model", "=", record._name),
                    ("res_id", "in", list(ids)),
                    ("made_record", "=", True),
                    ("rule_id", "!=", False),
                ],
                ["res_id", "rule_id"],
            )
            known.update(dict.fromkeys(((record._name, id_) for id_ in ids), 0))
            known.update({(record._name, link.res_id): link.rule_id.id for link in links})
        return known[record._name, record.id]

    @api.model
    def _near(self, batch, book, record, made_by):
        """Rules in whose target, project and team the record lies, in their order.

        What a rule made may have become a deal since, and is its own still; moved out of its
        project, it no longer is. Found once for all records of one place.
        """
        Target = self.env["mail.import.target"]
        targets = Target.browse(Target._ids_of_model(record._name))
        fit = tuple(t.id for t in targets if record.filtered_domain(t._records()))
        spot = self._spot(batch, book, record)
        key = id(book), spot, fit, made_by
        known = batch.lookups["near"]
        if key not in known:
            known[key] = [
                rule
                for rule in book.replying
                if rule.replies.spot <= spot
                and (not rule.target_id or rule.target_id in fit or rule.id == made_by)
            ]
        return known[key]

    @api.model
    def _spot(self, batch, book, record):
        """Where a record is, as rules name it (``Replies.spot``); two hundred may ask."""
        known = batch.lookups["spots"]
        key = book.places, record._name, record.id
        if key not in known:
            names = [name for name in book.places if name in record._fields]
            known[key] = frozenset(
                [("model", record._name), *((name, record[name].id) for name in names)]
            )
        return known[key]

    # -- what it says ----------------------------------------------------------------------------

    @api.model
    def _replied(self, batch, mail, decision, rule, may_begin):
        """The decision, with what the rule says of it."""
        decision.rule = self.browse(rule.id)
        said = rule.replies
        if not said.says_something:
            return decision
        acts = said.stage_id or said.closed_way != "comment"
        acts = acts and self._may_act(mail, decision, rule)
        decision.operation = said.operation
        decision.public = decision.public and said.operation != "note"
        if said.operation == "note":
            self._note_reply(mail, rule, "note")
        return self._acted(batch, mail, decision, rule, may_begin) if acts else decision

    @api.model
    def _may_act(self, mail, decision, rule):
        """Not automatic mail, nor mail of an unverified sender, nor what employees tell in notes.

        Whether the sender takes part is asked where something would change (``_is_heard``).
        """
        if mail.parsed.automatic:
            return False
        if mail.unverified or mail.is_forged:
            self._note_reply(mail, rule, "unverified")
            return False
        return decision.public or not mail.employee

    @api.model
    def _is_heard(self, batch, mail, record, rule):
        """Whether the sender takes part: not whoever has got the number of one of its mails."""
        if self._is_of_record(batch, mail, record):
            return True
        self._note_reply(mail, rule, "stranger")
        return False

    @api.model
    def _acted(self, batch, mail, decision, rule, may_begin):
        """The decision with the stage, the reopening, or a new record in its place."""
        if not self.env["mail.import.target"]._is_closed(decision.record):
            return self._changed(batch, mail, decision, rule, {})
        if rule.replies.closed_way == "new" and may_begin:
            heard = self._is_heard(batch, mail, decision.record, rule)
            return self._begun_anew(batch, mail, decision, rule) if heard else decision
        if rule.replies.closed_way == "reopen":
            values = self.env["mail.import.target"]._reopening_values(decision.record)
            return self._changed(batch, mail, decision, rule, values)
        return decision

    @api.model
    def _changed(self, batch, mail, decision, rule, values):
        """The decision with ``changes``: only what differs, and only what the owner may write."""
        changes = {**values, **self._stage_values(rule, decision.record)}
        if not changes or not self._is_heard(batch, mail, decision.record, rule):
            return decision
        if not self._owner_may_write(batch, rule, decision.record):
            self._note_reply(mail, rule, "no_right")
            return decision
        decision.changes = changes
        self._note_reply(mail, rule, "reopened" if values else "moved")
        return decision

    @api.model
    def _stage_values(self, rule, record):
        """The stage, where the record is not in it, and it still fits."""
        name = self._reply_stage_fields().get(record._name)
        if not rule.replies.stage_id or not name or record.stage_id.id == rule.replies.stage_id:
            return {}
        stage = self.browse(rule.id)[name]
        return {"stage_id": stage.id} if stage and self._is_stage_of(stage, record) else {}

    @api.model
    def _is_stage_of(self, stage, record):
        """A stage of another project would hide the task from its own."""
        if stage._name == "project.task.type":
            return record.project_id in stage.project_ids
        return not stage.team_ids or record.team_id in stage.team_ids

    @api.model
    def _owner_may_write(self, batch, rule, record):
        owner = self.browse(rule.id)._owner_in(batch)
        return bool(as_seen_by(record, owner)._filtered_access("write"))

    @api.model
    def _note_reply(self, mail, rule, result, **more):
        mail.note("operation", result, rule=rule.id, name=rule.name, **more)

    # -- a new record instead of the closed one ---------------------------------------------------

    @api.model
    def _begun_anew(self, batch, mail, decision, rule):
        """The record that took the closed one's place already, or one that this mail makes."""
        latest = self.env["mail.import.link"]._latest_after(decision.record)
        if latest != decision.record:
            decision.record = latest
            self._note_reply(mail, rule, "went_on")
            if not self.env["mail.import.target"]._is_closed(latest):
                return self._changed(batch, mail, decision, rule, {})
        if first := batch.lookups["anew"].get((latest._name, latest.id)):
            self._note_reply(mail, rule, "went_on")
            mail.follows = first
            return decision
        if made := self._made_anew(batch, mail, rule):
            made.after = latest
            batch.lookups["anew"][latest._name, latest.id] = mail
            return made
        return decision

    @api.model
    def _made_anew(self, batch, mail, rule):
        """The decision that makes a record as the rule makes any; None where it makes none."""
        if not rule.target_id or mail.makes_none or not self._may_decide(batch, mail):
            return None
        facts = self._facts(batch, mail)
        made = self._taken(batch, mail, rule._match(facts), None)
        if made:
            self._note_reply(mail, rule, "anew")
        return made
