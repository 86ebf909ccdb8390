"""*Convert…*: what e-mails become by hand, in the host's own form of a new record.

A conversion is what somebody has begun: the dialog, and then the form that it opens, which may stay
open for days. Nothing is made before that form is saved (``models/mail_thread_converting.py``).
Several e-mails that become a record each are in ``convert_many.py``, what is shown in
``convert_shown.py``.

Another add-on that makes something else of a mail adds it to ``_kinds``, and says its model and the
values of its form in ``_model`` and ``_values_of``.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..actions import in_dialog
from ..answering import picture_ids
from ..models.ir_attachment import AS_IT_CAME
from ..models.mail_thread_converting import CONVERSION

CONTACT = "contact"
MOST = 100
"""E-mails that are converted at once."""
KEPT = 24 * 7
"""Hours that a form may stay open."""


class MailImportConversion(models.TransientModel):
    _name = "mail.import.conversion"
    _inherit = ["mail.import.moved.mixin"]
    _description = "Make a Record of an E-mail"
    _transient_max_hours = KEPT

    email_ids = fields.Many2many("mail.import.email", required=True, readonly=True)
    kind = fields.Selection(selection="_kinds", string="Becomes")
    project_id = fields.Many2one("project.project", check_company=False)
    team_id = fields.Many2one("crm.team", "Sales Team", check_company=False)
    together = fields.Selection(
        [("each", "A record of each e-mail"), ("one", "One record of all of them")],
        "How",
        default="each",
        required=True,
    )
    publish = fields.Boolean(
        "Show in the chatter",
        help="As an internal note, without a notification. Otherwise the e-mail is found under "
        "the record's E-mails button only.",
    )
    copy_files = fields.Boolean(
        "Copy its files to the record", help="Whoever reads the record opens them."
    )
    known_ids = fields.Json(readonly=True, help="Links of records that were made of it before.")

    # -- beginning ------------------------------------------------------------------------------

    @api.model
    def _kinds(self):
        """What there is to choose: targets that make records, as far as the user may make them."""
        found = [
            (target.code, target.name)
            for target in self._targets()
            if self.env[target.model].has_access("create")
        ]
        if self.env["res.partner"].has_access("create"):
            found.append((CONTACT, self.env._("Contact")))
        return found

    @api.model
    def _targets(self):
        # sudo: targets are settings
        targets = self.env["mail.import.target"].sudo().search([("can_create", "=", True)])
        return targets._installed().sudo(False)

    @api.model
    def _open(self, emails):
        emails.check_access("read")
        if len(emails) > MOST:
            raise UserError(self.env._("At most %s e-mails are converted at once.", MOST))
        if "draft" in emails.mapped("state"):
            raise UserError(self.env._("A draft becomes nothing: send it first."))
        kinds = self._kinds()
        if not kinds:
            raise UserError(self.env._("You may not make any of the records that mail becomes."))
        values = {"email_ids": [fields.Command.set(emails.ids)], "kind": kinds[0][0]}
        conversion = self.create({**values, **self._usual_for(emails, dict(kinds))})
        conversion.known_ids = conversion._made_links().ids
        return in_dialog(conversion, self.env._("Convert…"))

    @api.model
    def _usual_for(self, emails, kinds):
        """What the mailbox makes of its mail is proposed."""
        found = {"publish": all(email.visibility == "linked" for email in emails)}
        mailbox = self._mailbox(emails)
        if (code := mailbox.default_target_id.code) in kinds:
            found["kind"] = code
        for mine, its in (("project_id", "default_project_id"), ("team_id", "default_team_id")):
            if mailbox[its].sudo(False).has_access("read"):
                found[mine] = mailbox[its].id
        return found

    @api.model
    def _mailbox(self, emails):
        """The mailbox that says what its mail becomes: a group's first. As superuser."""
        entries = self.env["mail.import.entry"].search([("email_id", "in", emails.ids)])
        # sudo: settings of a mailbox that the user reads
        return entries.sudo().mailbox_id.sorted(lambda box: (box.kind != "group", box.id))[:1]

    @api.constrains("email_ids", "project_id", "team_id")
    def _check_reach(self):
        """Nobody opens the dialog on what they do not read: its names are told here."""
        # constraints run as superuser; the user is meant
        for record in (self.email_ids, self.project_id, self.team_id):
            record.sudo(False).check_access("read")

    # -- the form of the new record -------------------------------------------------------------

    def _target(self):
        return self._targets().filtered(lambda target: target.code == self.kind)[:1]

    def _model(self):
        """Name of the model that is made."""
        return "res.partner" if self.kind == CONTACT else self._target().model

    def _first(self):
        """The e-mail that the form is filled from: the oldest that came in."""
        ordered = self.email_ids.sorted(lambda email: (email.direction != "incoming", email.date))
        return ordered[:1]

    def _emails(self):
        """The e-mails, or a refusal where one of them is not the user's to read any more."""
        # sudo: else those would be left out, and nobody told
        emails = self.sudo().email_ids.sudo(False)
        emails.check_access("read")
        if not emails:
            raise UserError(self.env._("The e-mail is gone."))
        return emails

    def _values(self):
        """What the form starts with."""
        self._emails()
        return self._values_of(self._first())

    def _values_of(self, email):
        Target = self.env["mail.import.target"]
        facts = Target._facts_of(email, with_text=self.publish or email.visibility == "linked")
        if self.kind == CONTACT:
            return Target._values_of_contact(facts)
        values = self._target()._values_by_hand(facts, self._mailbox(email))
        chosen = {"project.task": "project_id", "crm.lead": "team_id"}.get(self._model())
        if chosen and self[chosen]:
            values[chosen] = self[chosen].id
        return values

    def _check_chosen(self):
        self.ensure_one()
        self._emails()
        if self.kind not in dict(self._kinds()):
            raise UserError(self.env._("Choose what the e-mail becomes."))
        if self._model() == "project.task" and not self.project_id:
            raise UserError(self.env._("Choose the project of the task."))
        self.env[self._model()].check_access("create")

    def action_continue(self):
        """Open the host's own form, filled in; nothing is made before it is saved."""
        self._check_chosen()
        short = {
            f"default_{name}": value
            for name, value in self._values().items()
            if name.endswith("_id") or name == "type"
        }
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New: %s", dict(self._kinds())[self.kind]),
            "res_model": self._model(),
            "views": [(False, "form")],
            "context": {**short, CONVERSION: self.id},
        }

    # -- what is saved --------------------------------------------------------------------------

    def _made_links(self):
        """Links of records that were made of these e-mails. As superuser."""
        # sudo: whether there are any; of records that the user may not read no name is told
        links = self.env["mail.import.link"].sudo()
        return links.search([("email_id", "in", self.email_ids.ids), ("made_record", "=", True)])

    def _claim(self):
        """Of two people who convert one mail at the same moment, the second waits for the first,
        begins anew, and is told of what the first has made.
        """
        self._lock(self._emails())
        made = self._made_links().filtered(lambda link: link.id not in (self.known_ids or ()))
        if made:
            raise UserError(made[0].with_env(self.env)._made_words())

    @api.model
    def _lock(self, emails):
        emails.check_access("read")
        emails.flush_model()
        # a lock alone would let the second see what was there before the first
        self.env.cr.execute(
            SQL("UPDATE mail_import_email SET write_uid = write_uid WHERE id = ANY(%s)", emails.ids)
        )

    def _take_over(self, record, emails=None):
        """The e-mails hang on the new record, with what of their threads belongs to nothing yet."""
        links = self.env["mail.import.link"]
        for email in (emails or self.email_ids).sorted("date"):
            links._link_by_hand(email, record, self.publish, made_record=True)
            if self.copy_files and not self.publish:
                self._copy_files_of(email, record)

    def _copy_files_of(self, email, record):
        """As files of the record's own. What is shown in its chatter has them there already."""
        shown = picture_ids(email.body)
        self.env["ir.attachment"].with_context(**AS_IT_CAME).create(
            [
                {
                    "name": file.name,
                    "raw": file.raw,
                    "res_model": record._name,
                    "res_id": record.id,
                }
                for file in email.attachment_ids
                if file.id not in shown
            ]
        )

    # -- instead of a double --------------------------------------------------------------------

    def action_link_to_contact(self):
        """The contact who has this address already, instead of another one."""
        self.ensure_one()
        contact = self.contact_id
        if not contact:
            raise AccessError(self.env._("There is no contact with this address any more."))
        for email in self._emails():
            self.env["mail.import.link"]._link_by_hand(email, contact, self.publish)
        return {"type": "ir.actions.act_window_close"}
