"""The dialog of *Make a Rule*: one sentence, filled in from a mailbox or a mail; then the trial.

What it makes is an ordinary import rule; everything else that one can say is on the rule's form.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..actions import form_of, in_dialog
from ..mime.addresses import domain_of
from ..mime.free_mail import is_free_mail
from ..mime.subjects import FIRST, bare, kind_of

ASSIGNEES = {"project.task": "user_ids", "crm.lead": "user_id"}
"""The field of whoever a new record is for."""


class MailImportRuleMaker(models.TransientModel):
    _name = "mail.import.rule.maker"
    _inherit = ["mail.import.text.mixin", "mail.import.moved.mixin"]
    _description = "Make a Rule"

    mailbox_id = fields.Many2one(
        "mail.import.mailbox",
        "Mail To",
        required=True,
        ondelete="cascade",
        domain="[('visibility', '=', 'linked')]",
    )
    entry_id = fields.Many2one("mail.import.entry", readonly=True, ondelete="cascade")
    sender_kind = fields.Selection(
        [
            ("anyone", "from anybody"),
            ("domain", "from anybody at the domain"),
            ("address", "from the address"),
        ],
        "Sender",
        required=True,
        default="anyone",
    )
    sender = fields.Char("Address or Domain")
    words = fields.Char(
        "With the Words", help="Anywhere in the subject or the text. Empty: whatever it says."
    )
    target_id = fields.Many2one(
        "mail.import.target",
        "Becomes",
        required=True,
        default=lambda self: self._usual_target(),
        domain=[("can_create", "=", True)],
        ondelete="cascade",
    )
    target_model = fields.Char(related="target_id.model")
    project_id = fields.Many2one("project.project", ondelete="cascade")
    team_id = fields.Many2one("crm.team", "Sales Team", ondelete="cascade")
    user_id = fields.Many2one(
        "res.users", "For", domain=[("share", "=", False)], ondelete="cascade"
    )

    @api.constrains("mailbox_id", "entry_id")
    def _check_what_it_is_about(self):
        """Nobody makes rules from mailboxes or e-mails that are not theirs to read."""
        # constraints run as superuser; the user is meant
        for maker in self.sudo(False):
            maker.mailbox_id.check_access("read")
            maker.entry_id.check_access("read")

    # -- opening it -----------------------------------------------------------------------------

    @api.model
    def _for_mailbox(self, mailbox):
        return self._show_for(
            {
                "mailbox_id": mailbox.id,
                "target_id": mailbox.default_target_id.id or self._usual_target().id,
                "project_id": mailbox.default_project_id.id,
                "team_id": mailbox.default_team_id.id,
            }
        )

    @api.model
    def _for_entry(self, entry):
        """Mail like this one: from the firm, or the person where many share the domain."""
        domain = domain_of(entry.from_email or "")
        of_person = is_free_mail(domain)
        return self._show_for(
            {
                "mailbox_id": entry.mailbox_id.id,
                "entry_id": entry.id,
                "sender_kind": "address" if of_person else "domain",
                "sender": entry.from_email if of_person else domain,
                "words": _words_of(entry.subject or ""),
                "target_id": self._usual_target().id,
            }
        )

    @api.model
    def _usual_target(self):
        return self.env.ref("mail_task_import.target_task", raise_if_not_found=False) or self.env[
            "mail.import.target"
        ].search([("can_create", "=", True)], limit=1)

    @api.model
    def _show_for(self, values):
        if not self.env["mail.import.rule"].has_access("create"):
            raise UserError(self.env._("Import rules are made by administrators and managers."))
        return in_dialog(self.create(values), self.env._("Make a Rule"))

    # -- making it ------------------------------------------------------------------------------

    def action_make(self):
        """The rule, in force from now on; then what it does to the mail it was made from."""
        self.ensure_one()
        rule = self.env["mail.import.rule"].create(self._values())
        test = self.env["mail.import.rule.test"].create(
            {
                "mailbox_id": self.mailbox_id.id,
                "rule_id": rule.id,
                "source": "stored" if self.entry_id else "pasted",
                "entry_id": self.entry_id.id,
            }
        )
        return test._try_later() if self.entry_id else test._show()

    def action_open_form(self):
        """The same, on the form with all that rules can do."""
        self.ensure_one()
        rule = self.env["mail.import.rule"].create(self._values())
        return form_of(rule, rule.name)

    def _values(self):
        return {
            "name": self._rule_name(),
            "company_id": self.mailbox_id.company_id.id,
            "mailbox_ids": [Command.set(self.mailbox_id.ids)],
            "applies_to": "new",
            "keyword": (self.words or "").strip() or False,
            "sender_domains": self._sender() if self.sender_kind == "domain" else False,
            "line_ids": self._lines(),
            "target_id": self.target_id.id,
            "project_id": self.target_model == "project.task" and self.project_id.id,
            "team_id": self.target_model == "crm.lead" and self.team_id.id,
            "value_ids": self._assignee(),
        }

    def _sender(self):
        sender = (self.sender or "").strip().lower()
        if not sender:
            raise UserError(self.env._("Say from whom: an address, or a domain."))
        return sender

    def _lines(self):
        if self.sender_kind != "address":
            return []
        return [Command.create({"place": "from", "operator": "contains", "value": self._sender()})]

    def _assignee(self):
        name = ASSIGNEES.get(self.target_model)
        if not self.user_id or not name:
            return []
        return [Command.create({"field_name": name, "kind": "fixed", "res_id": self.user_id.id})]

    def _rule_name(self):
        about = (self.words or "").strip() or (
            self._sender() if self.sender_kind != "anyone" else self.mailbox_id.name
        )
        return self.env._(
            "%(mail)s becomes %(record)s", mail=about[:60], record=self.target_id.name
        )


def _words_of(subject):
    """Of an answer, what it answers; keywords are found whatever their capitals."""
    return subject.strip() if kind_of(subject, False) == FIRST else bare(subject)
