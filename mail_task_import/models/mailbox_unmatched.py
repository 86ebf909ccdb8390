"""What becomes of mail that nothing matched, and who is told that a mail has come: a mailbox's
settings. What they do is in ``unmatched.py`` and ``confirmation.py``.
"""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize

from .mailbox_lookups import addresses_in

PLAIN = "mail.import.email"
"""The model of templates that need no record."""


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    confirmation_template_id = fields.Many2one(
        "mail.template",
        "When a Record Is Made",
        domain=lambda self: [("model", "in", self._confirmable_models())],
        ondelete="set null",
        copy=False,
        help="Sent to whoever wrote a mail that became a record, with the record's number in the "
        "subject. Empty: nothing is sent.",
    )
    confirmation_plain_template_id = fields.Many2one(
        "mail.template",
        "When None Is Made",
        domain=[("model", "=", PLAIN)],
        ondelete="set null",
        copy=False,
        help="Sent to whoever wrote a new mail that became no record. Empty: nothing is sent.",
    )
    unmatched = fields.Selection(
        [
            ("keep", "Keep in the inbox"),
            ("move", "Move on the mail server"),
            ("forward", "Forward to an address"),
            ("delete", "Delete on the mail server"),
        ],
        "Mail That Nothing Matched",
        default="keep",
        required=True,
        tracking=True,
        help="New mail that belongs to no record: it answers none, nothing made one of it, and "
        "its sender is no known contact. It is in the inbox here whatever you choose. Moving and "
        "deleting take the place of “After Import” for such mail.",
    )
    unmatched_folder = fields.Char(
        "Move Unmatched To", help="Folder on the mail server; it is made where there is none."
    )
    forward_to = fields.Char(
        help="Gets such mail as it came, with the reason. No mailbox that is watched here."
    )

    @api.model
    def _confirmable_models(self):
        # sudo: settings, for the list of templates
        targets = self.env["mail.import.target"].sudo().search([("can_create", "=", True)])
        return [PLAIN, *targets.mapped("model")]

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_plain_forward(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._with_plain_forward(vals))

    @api.model
    def _with_plain_forward(self, vals):
        """A name that was pasted with the address is left away."""
        found = email_normalize(vals.get("forward_to") or "")
        return {**vals, "forward_to": found} if found else vals

    @api.constrains(
        "unmatched", "unmatched_folder", "forward_to", "smtp_host", "letters_outside", "address",
        "other_addresses",
    )  # fmt: skip
    def _check_unmatched(self):
        for mailbox in self:
            if mailbox.unmatched == "move" and not (mailbox.unmatched_folder or "").strip():
                raise ValidationError(
                    self.env._("Name the folder on the server that unmatched mail moves to.")
                )
            if mailbox.unmatched == "forward":
                mailbox._check_forward()

    @api.constrains("confirmation_template_id", "confirmation_plain_template_id")
    def _check_confirmations(self):
        for mailbox in self:
            templates = mailbox.confirmation_template_id | mailbox.confirmation_plain_template_id
            templates._check_answers_automatically(mailbox.owner_id)

    def _check_forward(self):
        if not self.smtp_host:
            raise ValidationError(
                self.env._("To forward mail, “%s” needs an SMTP server: see Sending.", self.name)
            )
        if not email_normalize(self.forward_to or ""):
            raise ValidationError(self.env._("Name the one address that unmatched mail goes to."))
        if self._is_watched(self.forward_to):
            raise ValidationError(
                self.env._(
                    "“%s” is a mailbox that is watched here, or an alias: forwarded mail would "
                    "come back.",
                    self.forward_to,
                )
            )
        if outside := self._outside([self.forward_to]):
            raise ValidationError(self._outside_words(outside))

    def _is_watched(self, address):
        """Whether mail to this address comes in here again."""
        addresses = addresses_in(address)
        # sudo: whether there is a mailbox, an alias or one of the host's own addresses
        mailboxes = self.sudo()
        known = mailboxes._known_addresses().values()
        watched = {one for _fetched, theirs, _certain in known for one in theirs}
        watched |= mailboxes._read_addresses() | mailboxes._of_house(addresses)
        aliases = mailboxes.env["mail.alias"].search([("alias_full_name", "in", list(addresses))])
        return bool(addresses & (watched | set(aliases.mapped("alias_full_name"))))

    def _confirms(self):
        """Whether it confirms anything."""
        return bool(self.confirmation_template_id or self.confirmation_plain_template_id)
