"""From the rules' forms to plain objects (``rule_matching.py``), kept until a rule changes."""

from odoo import api, models, tools
from odoo.fields import Domain
from odoo.tools import email_normalize

from ..access import in_own_context
from .rule_filling import Filling
from .rule_matching import (
    AnyOf,
    CompiledRule,
    LooksAt,
    NotAutomatic,
    RuleBook,
    SenderDomain,
    SenderIs,
    SentTo,
    Text,
    pattern_of,
)
from .rule_words import words_of


class MailImportRule(models.Model):
    _inherit = "mail.import.rule"

    @api.model
    @tools.ormcache("mailbox_id", "company_id", "kind")
    def _book(self, mailbox_id, company_id, kind):
        """The ``RuleBook`` of a mailbox; ``kind`` is the mailbox's.

        Whose personal mailbox it is, says its owner; so only rules that name it ask it.
        """
        named = Domain("mailbox_ids", "in", [mailbox_id])
        if kind == "group":
            named |= Domain("mailbox_ids", "=", False)
        # sudo: rules are the importer's, whoever asks first
        rules = in_own_context(self.sudo()).search(
            Domain("company_id", "=", company_id) & Domain("stopped", "=", False) & named
        )
        return RuleBook(rule._compiled() for rule in rules)

    def _compiled(self):
        """This rule as a plain object; a pattern that is no longer taken holds for nothing."""
        self.ensure_one()
        return CompiledRule(
            id=self.id,
            name=self.name,
            conditions=tuple(self._conditions()),
            continues=self.continues,
            automatic=self.automatic,
            target_id=self.target_id.id,
            distribution_id=self.distribution_id.id,
            unknown_sender=self.unknown_sender,
            values=(*self._places(), *(value._filling() for value in self.value_ids)),
            title_empty=self.title_empty or self.name,
        )

    def _places(self):
        """The project or team as a value."""
        for name in ("project_id", "team_id"):
            if self[name]:
                yield Filling(
                    name, "many2one", self._fields[name].comodel_name, value=self[name].id
                )

    def _conditions(self):
        """Cheap ones first."""
        yield LooksAt("applies_to", self.applies_to)
        if not self.automatic:
            yield NotAutomatic("automatic")
        if kinds := self._sender_kinds():
            yield SenderIs("sender", ", ".join(sorted(kinds)), kinds)
        if domains := words_of(self.sender_domains):
            cut = frozenset(domain.lstrip("@").lower() for domain in domains)
            yield SenderDomain("domain", self.sender_domains, cut, self.subdomains)
        if addresses := words_of(self.recipients):
            cut = frozenset(email_normalize(one) or one.lower() for one in addresses)
            yield SentTo("recipients", self.recipients, cut)
        if keyword := (self.keyword or "").strip():
            pattern = pattern_of(keyword, self.keyword_kind == "regex", self.match_case)
            yield Text("keyword", keyword, self.keyword_in, "", pattern)
        lines = [line._condition() for line in self.line_ids]
        if lines and self.line_join == "any":
            yield AnyOf("lines", "any", tuple(lines))
        else:
            yield from lines

    def _sender_kinds(self):
        """Which senders are meant; empty where all are."""
        kinds = {
            "employee": self.from_employees,
            "contact": self.from_contacts,
            "unknown": self.from_unknown,
        }
        wanted = frozenset(kind for kind, meant in kinds.items() if meant)
        return wanted if len(wanted) < len(kinds) else frozenset()
