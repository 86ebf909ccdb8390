"""Who may make and change import rules, and whose rights a rule has.

Administrators change all. Who manages a project or leads a sales team makes rules of that project
or team (record rules), for mailboxes that they read: what a rule makes is read by the people of its
project, so nobody opens mail by it that is not theirs already.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

PLACE_IN_LIST = {"active", "sequence"}
"""What an administrator changes without saying anew what a rule does."""


class MailImportRule(models.Model):
    _inherit = "mail.import.rule"

    chosen_by_manager = fields.Boolean(
        readonly=True,
        copy=False,
        help="Whoever chose the mailboxes is no administrator: they count while the owner reads "
        "them.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create([self._with_who_chose(vals) for vals in vals_list])
        rules._check_may_change()
        return rules

    def write(self, vals):
        if vals.keys() <= PLACE_IN_LIST and self._is_administrator():
            return super().write(vals)
        if not self._takes_over(vals):
            self._check_may_change()
        if vals.keys() & {"mailbox_ids", "owner_id", "chosen_by_manager"}:
            vals = self._with_who_chose(vals)
        result = super().write(vals)
        self._check_may_change()
        return result

    @api.model
    def _is_administrator(self):
        return self.env["mail.import.mailbox"]._is_administrator()

    @api.model
    def _with_who_chose(self, vals):
        """For a new rule, or one that asks other mailboxes or acts as another."""
        administrator = self._is_administrator()
        if not administrator and vals.get("owner_id", self.env.uid) != self.env.uid:
            raise AccessError(self.env._("Only an administrator lets a rule act as somebody else."))
        return {**vals, "chosen_by_manager": not administrator}

    def unlink(self):
        self._check_acts_as_me()
        return super().unlink()

    def copy_data(self, default=None):
        """A copy is somebody's new rule; what its reader does not see is not copied."""
        return [
            {**values, "name": self.env._("%s (copy)", rule.name)}
            for rule, values in zip(self, super().copy_data(default), strict=True)
        ]

    def action_take_over(self):
        """From now on it acts as whoever presses the button."""
        self.owner_id = self.env.user

    def _takes_over(self, vals):
        return vals.keys() == {"owner_id"} and vals["owner_id"] == self.env.uid

    def _check_may_change(self):
        """Raises AccessError. Called before a change and after it, of rules and their parts."""
        if self.env.su:
            return
        self._check_acts_as_me()
        self._check_mailboxes_are_mine()

    def _check_acts_as_me(self):
        """Whoever changes a rule says what its owner's rights are used for."""
        if self.env.su or self._is_administrator():
            return
        foreign = self.filtered(lambda rule: rule.owner_id != self.env.user)[:1]
        if foreign:
            raise AccessError(
                self.env._(
                    "“%(rule)s” acts as %(owner)s. Only an administrator lets a rule act as "
                    "somebody else; take it over before you change it.",
                    rule=foreign.name,
                    # sudo: a colleague's name
                    owner=foreign.sudo().owner_id.name,
                )
            )

    def _check_mailboxes_are_mine(self):
        administrator = self._is_administrator()
        for rule in self:
            # sudo: which mailboxes a rule asks counts also where they cannot be seen
            mailboxes = rule.sudo().mailbox_ids
            for mailbox in mailboxes:
                reads = self.env.user in mailbox.reader_ids
                if not reads and not (administrator and mailbox.kind == "group"):
                    raise AccessError(self.env._("Choose mailboxes whose mail you read yourself."))
            if not mailboxes and not administrator:
                raise AccessError(self.env._("Choose the mailboxes whose mail the rule is for."))

    @api.constrains("mailbox_ids", "company_id")
    def _check_mailboxes(self):
        for rule in self:
            # sudo: as above
            for mailbox in rule.sudo().mailbox_ids:
                if mailbox.company_id != rule.company_id:
                    raise ValidationError(
                        self.env._("“%s” is a mailbox of another company.", mailbox.name)
                    )

    @api.constrains("owner_id", "company_id")
    def _check_owner(self):
        for rule in self:
            owner = rule.owner_id
            if owner.share or not owner.active:
                raise ValidationError(self.env._("A rule acts as an employee."))
            if rule.company_id not in owner.company_ids:
                raise ValidationError(
                    self.env._(
                        "%(owner)s does not belong to %(company)s.",
                        owner=owner.name,
                        company=rule.company_id.name,
                    )
                )
