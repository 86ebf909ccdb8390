"""Rehearsals of mailboxes: what the next fetches would make of the mail, in numbers and examples.

How one is made is in ``mailbox_rehearsing.py``. The numbers are seen by whoever sets the mailbox up
or reads it, the examples (``mail.import.rehearsal.example``) by its readers only.
"""

from odoo import api, fields, models
from odoo.tools.misc import formatLang

KEPT = 5
"""Rehearsals of one mailbox."""


class MailImportRehearsal(models.Model):
    _name = "mail.import.rehearsal"
    _inherit = ["mail.import.private.name.mixin"]
    _description = "Rehearsal of a Mailbox"
    _order = "id desc"
    _rec_name = "create_date"

    mailbox_id = fields.Many2one(
        "mail.import.mailbox", required=True, index=True, ondelete="cascade", readonly=True
    )
    rule_id = fields.Many2one(
        "mail.import.rule",
        "As If Switched On",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
        groups=fields.NO_ACCESS,
        help="A rule that is asked too, though it is not switched on.",
    )
    taken = fields.Integer("New Mails Tried", readonly=True)
    total = fields.Integer("New Mails", readonly=True)
    known_taken = fields.Integer("Known Mails Tried", readonly=True)
    known_total = fields.Integer("Known Mails", readonly=True)
    again = fields.Boolean("Known Mail Only", compute="_compute_again")
    ending = fields.Selection(
        [
            ("complete", "Everything was tried"),
            ("time", "The time was over"),
            ("waiting", "Other work was waiting"),
            ("conflict", "Other work changed the same records"),
            ("server", "The mail server broke off"),
        ],
        "How It Ended",
        required=True,
        readonly=True,
    )
    error = fields.Char("The Server Said", readonly=True)
    refused = fields.Char("Folders Not Read", readonly=True)
    kind_ids = fields.One2many("mail.import.rehearsal.kind", "rehearsal_id", readonly=True)
    example_ids = fields.One2many("mail.import.rehearsal.example", "rehearsal_id", readonly=True)
    summary = fields.Char(compute="_compute_summary")
    reach = fields.Char(compute="_compute_summary")
    may_read = fields.Boolean(related="mailbox_id.may_read", related_sudo=False)
    assigns = fields.Boolean("Somebody Is Assigned", compute="_compute_assigns")

    @api.depends("example_ids.user_ids")
    def _compute_assigns(self):
        for rehearsal in self:
            rehearsal.assigns = bool(rehearsal.example_ids.user_ids)

    @api.depends("total", "known_total")
    def _compute_again(self):
        for rehearsal in self:
            rehearsal.again = bool(rehearsal.known_total) and not rehearsal.total

    @api.depends("kind_ids.count", "taken", "total", "known_taken", "known_total", "ending")
    @api.depends_context("lang", "uid")
    def _compute_summary(self):
        for rehearsal in self:
            rehearsal.summary = rehearsal._summary()
            rehearsal.reach = rehearsal._reach()

    def _summary(self):
        """New and known mail apart, where both were tried."""
        known = self.kind_ids.filtered("again")
        new = self.kind_ids - known
        if not (new and known):
            return self.kind_ids._all_in_words() or self.env._("There is no mail to fetch.")
        return self.env._(
            "%(new)s new: %(becomes)s; %(known)s known: %(would_become)s",
            new=self._number(self.taken),
            becomes=new._all_in_words(),
            known=self._number(self.known_taken),
            would_become=known._all_in_words(),
        )

    def _reach(self):
        """How much of the mail was tried, and why not more."""
        if self.ending == "complete" and self.again:
            return self.env._(
                "Nothing is to be fetched. The newest mail that is in the folders was tried, as if "
                "it came in now: %s.",
                self._number(self.known_taken),
            )
        if self.ending == "complete" and self.known_total:
            return self.env._(
                "All mail that the next fetches take was tried: %(new)s. It is little, so the "
                "newest mail that is in the folders was tried too, as if it came in now: "
                "%(known)s.",
                new=self._number(self.taken),
                known=self._number(self.known_taken),
            )
        if self.ending == "complete":
            return self.env._(
                "All mail that the next fetches take was tried: %s.", self._number(self.taken)
            )
        first = {
            "taken": self._number(self.taken + self.known_taken),
            "total": self._number(max(self.total, self.taken) + self.known_total),
        }
        reasons = {
            "time": self.env._(
                "The first %(taken)s of %(total)s mails were tried: then the time was over.",
                **first,
            ),
            "waiting": self.env._(
                "The first %(taken)s of %(total)s mails were tried: then other work had to go on. "
                "Rehearse once more.",
                **first,
            ),
            "conflict": self.env._(
                "The first %(taken)s of %(total)s mails were tried: then somebody changed the same "
                "records. Rehearse once more.",
                **first,
            ),
            "server": self.env._(
                "The first %(taken)s of %(total)s mails were tried: then the mail server broke "
                "off. %(error)s",
                **first,
                error=self.error or "",
            ),
        }
        return reasons[self.ending]

    def _number(self, number):
        return formatLang(self.env, number, digits=0)

    @api.depends("create_date")
    def _compute_display_name(self):
        for rehearsal in self._named_to_user():
            rehearsal.display_name = self.env._("Rehearsal of “%s”", rehearsal.mailbox_id.name)

    @api.model
    def _write_down(self, mailbox, rule, notes):
        """As superuser: what a rehearsal remembers, with its examples."""
        rehearsal = self.create(
            {
                "mailbox_id": mailbox.id,
                "rule_id": rule.id,
                "taken": notes.taken(),
                "total": notes.total,
                "known_taken": notes.taken(again=True),
                "known_total": notes.known_total,
                "ending": notes.ending,
                "error": notes.error,
                "refused": "\n".join(notes.closed.values()),
            }
        )
        Kind = self.env["mail.import.rehearsal.kind"]
        kinds, examples = [], []
        for key, count in notes.counts.items():
            names = ("kind", "target_id", "rule_id", "filter_id", "step", "again")
            shared = {name: value or False for name, value in zip(names, key, strict=True)}
            shared |= {"rehearsal_id": rehearsal.id, "place": Kind._place(key[0])}
            kinds.append({**shared, "count": count})
            examples += [{**shared, **example} for example in notes.examples.get(key, ())]
        Kind.create(kinds)
        self.env["mail.import.rehearsal.example"].create(examples)
        self.search([("mailbox_id", "=", mailbox.id)], offset=KEPT).unlink()
        return rehearsal

    def action_again(self):
        """With the rules as they are now."""
        self.ensure_one()
        # sudo: which rule it was; only whoever reads that rule rehearses it
        rule = self.sudo().rule_id.sudo(False)._filtered_access("read")
        return self.mailbox_id._action_rehearse(rule)
