"""The owner's rights: a rule makes what its owner could make, and stops when that ends."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class MailImportRule(models.Model):
    _inherit = "mail.import.rule"

    is_mine = fields.Boolean(compute="_compute_is_mine")

    @api.depends("owner_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for rule in self:
            rule.is_mine = rule.owner_id == self.env.user

    def _owner_in(self, batch):
        return batch.lookups["owners"].setdefault(self.id, self.owner_id)

    def _has_stopped(self, batch):
        """Whether the owner lacks a right; asked once a batch, and then the rule is stopped."""
        known = batch.lookups["stopped"]
        if self.id not in known:
            trouble = self._owner_trouble()
            known[self.id] = bool(trouble)
            if trouble:
                self._stop(trouble)
        return known[self.id]

    def _owner_trouble(self):
        """Why the owner's rights are not enough, in the owner's words; "" where they are."""
        self.ensure_one()
        # sudo: the rule is judged, whoever asks
        rule = self.sudo()
        owner = rule.owner_id
        rule = rule.with_context(lang=owner.lang)
        if not owner.active or owner.share:
            return rule.env._("%s is no longer an employee here.", owner.name)
        if rule.company_id not in owner.company_ids:
            return rule.env._("%s no longer belongs to the company.", owner.name)
        unread = rule.mailbox_ids.filtered(lambda mailbox: owner not in mailbox.reader_ids)
        if unread and rule.chosen_by_manager:
            return rule.env._(
                "%(owner)s no longer reads the mailbox “%(mailbox)s”.",
                owner=owner.name,
                mailbox=unread[0].name,
            )
        if rule.mailbox_ids.owner_id - owner:
            return rule.env._("It asks a personal mailbox that is not of %s.", owner.name)
        if rule.target_id and not rule._owner_could_make():
            return rule.env._(
                "%(owner)s may not make “%(target)s” records here.",
                owner=owner.name,
                target=rule.target_id.name,
            )
        return ""

    def _owner_could_make(self):
        place = {"project_id": self.project_id.id, "team_id": self.team_id.id}
        Model = self.env[self.target_id.model]
        # a place of other records is refused by a check of its own
        values = {name: id_ for name, id_ in place.items() if id_ and name in Model._fields}
        return self._could_make(Model, self.owner_id, values)

    def _stop(self, reason):
        """Told once; the mail goes on to the next rule."""
        self.write({"stopped": True, "stopped_reason": reason})
        people = self._told_of_a_stop()
        body = self.env._(
            "The import rule “%(rule)s” has stopped: %(reason)s Mail goes on to the next rule "
            "meanwhile. Give the rights back, or let the rule act as somebody else, then press "
            "“Start Again” on the rule.",
            rule=self.name,
            reason=reason,
        )
        self.env["mail.thread"].with_context(mail_notify_force_send=False).message_notify(
            partner_ids=people.partner_id.ids,
            subject=self.env._("Import rule stopped: %s", self.name),
            body=body,
        )
        self.env["mail.import.link"]._send_soon()

    def _told_of_a_stop(self):
        """The owner, and the administrators of the company."""
        administrators = self.env.ref("mail_task_import.group_administrator").all_user_ids
        people = (administrators | self.owner_id).filtered(
            lambda user: user.active and not user.share
        )
        return people.filtered(lambda user: self.company_id in user.company_ids)

    def action_resume(self):
        self.check_access("write")
        for rule in self:
            if trouble := rule._owner_trouble():
                raise UserError(trouble)
        self.write({"stopped": False, "stopped_reason": False})

    @api.constrains("owner_id", "target_id", "project_id", "team_id", "active", "mailbox_ids")
    def _check_owner_may(self):
        """What the owner may not, is said when the rule is saved."""
        for rule in self.filtered("active"):
            if not rule.stopped and (trouble := rule._owner_trouble()):
                raise UserError(trouble)
