"""Import rules: which mail becomes which record, with which values, and who it is from.

Conditions are matched in ``rule_matching.py`` and ``rule_deciding.py``, records made in
``rule_making.py``; who may make and change rules is in ``rule_access.py``.
"""

import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize

from ..mime.patterns import LONGEST_PATTERN, PatternError, compile_pattern
from .rule_words import PLACES, pattern_error_words, words_of

DOMAIN = re.compile(r"@?[^\s@.]+(\.[^\s@.]+)*")


class MailImportRule(models.Model):
    """By sequence the first rule whose conditions hold wins. One that ``continues`` only begins:
    later ones that hold put their values over its own, until one of them does not continue.
    """

    _name = "mail.import.rule"
    _inherit = [
        "mail.import.given.values.mixin",
        "mail.import.text.mixin",
        "mail.import.private.name.mixin",
        "mail.import.moved.mixin",
        "mail.import.remembered.mixin",
    ]
    _description = "Import Rule"
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer("Place in the Order", default=10)
    active = fields.Boolean(
        "Switched On", default=True, help="Switched off it does nothing, and can be rehearsed."
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    owner_id = fields.Many2one(
        "res.users",
        "Acts As",
        required=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        ondelete="restrict",
        copy=False,
        help="The rule makes nothing that this person could not make.",
    )
    stopped = fields.Boolean("Has Stopped", readonly=True, copy=False)
    stopped_reason = fields.Char("Why It Stopped", readonly=True, copy=False)
    mailbox_ids = fields.Many2many(
        "mail.import.mailbox",
        "mail_import_rule_mailbox_rel",
        string="Mailboxes",
        domain="[('visibility', '=', 'linked'), ('company_id', '=', company_id)]",
        help="Empty: all group mailboxes of the company whose mail may be read where it is linked.",
    )
    applies_to = fields.Selection(
        [("both", "New mail and replies"), ("new", "New mail"), ("reply", "Replies")],
        "Looks At",
        default="both",
        required=True,
    )

    # -- when a mail … --------------------------------------------------------------------------

    keyword = fields.Char(help="A word or text that the mail contains.")
    keyword_kind = fields.Selection(
        [("plain", "Text"), ("regex", "Regular expression")],
        "Keyword Is",
        default="plain",
        required=True,
    )
    keyword_in = fields.Selection(PLACES, "Searched In", default="subject_body", required=True)
    match_case = fields.Boolean(
        "Match Capitals",
        help="Of the keyword and of further conditions. Off: Order and order are the same.",
    )
    line_ids = fields.One2many("mail.import.rule.line", "rule_id", "Further Conditions", copy=True)
    line_join = fields.Selection(
        [("all", "All of them hold"), ("any", "Any of them holds")],
        "It Is Enough If",
        default="all",
        required=True,
    )
    recipients = fields.Char(
        "Sent To",
        help="Addresses in To, Cc or Delivered-To, separated by commas: any of them. A queue of "
        "its own gets an address of its own this way.",
    )
    sender_domains = fields.Char(
        "Sender's Domains", help="For example firm.com, firm.org: any of them."
    )
    subdomains = fields.Boolean("And Their Subdomains")
    from_employees = fields.Boolean("Employees", default=True)
    from_contacts = fields.Boolean("Known contacts", default=True)
    from_unknown = fields.Boolean("Unknown senders", default=True)
    automatic = fields.Boolean("Automatic Mail and Lists Too")
    continues = fields.Boolean(
        "Later Rules May Add",
        help="For new records: rules further down that hold too put their values over those of "
        "this one. What a reply does is said by one rule.",
    )

    # -- it becomes … ---------------------------------------------------------------------------

    target_id = fields.Many2one(
        "mail.import.target", "Becomes", domain=[("can_create", "=", True)], ondelete="restrict"
    )
    target_model = fields.Char(related="target_id.model")
    project_id = fields.Many2one("project.project", ondelete="restrict")
    team_id = fields.Many2one("crm.team", "Sales Team", ondelete="restrict")
    value_ids = fields.One2many("mail.import.rule.value", "rule_id", "Values", copy=True)
    distribution_id = fields.Many2one(
        "mail.import.distribution",
        "Assigned By",
        ondelete="restrict",
        domain="[('company_id', '=', company_id)]",
        help="Who gets the records. Empty: as the mailbox has it.",
    )
    title_empty = fields.Char(
        "Title Without Subject", help="Of records of mails without one. Empty: the rule's name."
    )

    # -- who it is from -------------------------------------------------------------------------

    unknown_sender = fields.Selection(
        [
            ("refuse", "Make nothing, try the next rule"),
            ("owner", "Make the record, keep the address as its sender"),
            ("contact", "Make a contact of the sender"),
            ("portal", "Make a contact and invite it to the portal"),
        ],
        "Of an Unknown Sender",
        default="owner",
        required=True,
    )
    follow_cc = fields.Boolean(
        "People in Cc Follow", help="Known contacts in Cc get what is answered."
    )

    # -- answers --------------------------------------------------------------------------------

    confirmation_template_id = fields.Many2one(
        "mail.template",
        "Confirmation",
        ondelete="set null",
        domain="[('model', 'in', (target_model, 'mail.import.email'))]",
        help="Sent to whoever wrote, with the number of the record, in place of the mailbox's own.",
    )

    # -- counts ---------------------------------------------------------------------------------

    hits = fields.Integer("Records Made", compute="_compute_hits", compute_sudo=True)
    last_hit = fields.Datetime("Last One", compute="_compute_hits", compute_sudo=True)

    def _compute_hits(self):
        """Numbers only: the mail itself is its readers'."""
        rows = self.env["mail.import.link"]._read_group(
            [("rule_id", "in", self.ids), ("made_record", "=", True)],
            ["rule_id"],
            ["__count", "create_date:max"],
        )
        found = {rule.id: (count, last) for rule, count, last in rows}
        for rule in self:
            rule.hits, rule.last_hit = found.get(rule.id, (0, False))

    # -- what may not be ------------------------------------------------------------------------

    @api.onchange("target_id")
    def _onchange_target_id(self):
        if self.target_model != "project.task":
            self.project_id = False
        if self.target_model != "crm.lead":
            self.team_id = False

    @api.constrains("keyword", "keyword_kind")
    def _check_keyword(self):
        for rule in self.filtered(lambda rule: rule.keyword and rule.keyword_kind == "regex"):
            try:
                compile_pattern(rule.keyword, rule.match_case)
            except PatternError as error:
                raise ValidationError(pattern_error_words(self.env, error)) from error

    @api.constrains("keyword")
    def _check_length(self):
        if any(len(rule.keyword or "") > LONGEST_PATTERN for rule in self):
            raise ValidationError(
                self.env._("%s characters of a keyword are the most.", LONGEST_PATTERN)
            )

    @api.constrains("recipients", "sender_domains")
    def _check_addresses(self):
        for rule in self:
            for word in words_of(rule.recipients):
                if not email_normalize(word):
                    raise ValidationError(self.env._("“%s” is no address.", word))
            for word in words_of(rule.sender_domains):
                if not DOMAIN.fullmatch(word):
                    raise ValidationError(self.env._("“%s” is no domain.", word))

    @api.constrains("confirmation_template_id", "target_id")
    def _check_template(self):
        for rule in self:
            # sudo: what it is about, whoever may read it
            template = rule.sudo().confirmation_template_id
            if template and template.model not in (rule.target_model, "mail.import.email"):
                raise ValidationError(
                    self.env._("The template “%s” is of other records.", template.display_name)
                )
            template._check_answers_automatically()

    @api.constrains("target_id", "project_id", "team_id", "applies_to")
    def _check_target(self):
        for rule in self:
            if not rule.target_id and rule.applies_to != "reply":
                raise ValidationError(self.env._("Say what the mail becomes."))
            if rule.target_id and not rule.target_id.can_create and rule.applies_to != "reply":
                raise ValidationError(
                    self.env._("Mail does not become “%s”.", rule.target_id.display_name)
                )
            if rule.project_id and rule.target_model != "project.task":
                raise ValidationError(self.env._("Only tasks have a project."))
            if rule.team_id and rule.target_model != "crm.lead":
                raise ValidationError(self.env._("Only leads and deals have a sales team."))

    @api.constrains("distribution_id", "company_id")
    def _check_distribution(self):
        self.env["mail.import.distribution"]._check_company_of(self)

    @api.constrains(
        "keyword", "line_ids", "recipients", "sender_domains", "from_employees", "from_contacts",
        "from_unknown", "mailbox_ids",
    )  # fmt: skip
    def _check_conditions(self):
        for rule in self:
            if not (rule.from_employees or rule.from_contacts or rule.from_unknown):
                raise ValidationError(
                    self.env._("Say whose mail is meant: employees, known contacts or others.")
                )
            if not rule._has_conditions():
                raise ValidationError(
                    self.env._("Name at least one condition, or the mailboxes that are meant.")
                )

    @api.constrains("value_ids", "target_id", "project_id", "team_id", "company_id", "owner_id")
    def _check_values(self):
        self.value_ids._check_fits()

    @api.constrains("value_ids", "keyword", "keyword_kind", "line_ids")
    def _check_groups(self):
        """A value comes from a group that one of the patterns has."""
        for rule in self:
            known = rule._compiled().groups()
            for value in rule.value_ids.filtered(lambda value: value.kind == "group"):
                if value.group not in known:
                    raise ValidationError(
                        self.env._(
                            "No pattern of the rule has a group “%(group)s”, which “%(field)s” is "
                            "to be filled from.",
                            group=value.group or "",
                            field=value.field_label,
                        )
                    )

    def _has_conditions(self):
        return bool(
            (self.keyword or "").strip()
            or self.line_ids
            or self.recipients
            or self.sender_domains
            or self.mailbox_ids
            or not (self.from_employees and self.from_contacts and self.from_unknown)
        )
