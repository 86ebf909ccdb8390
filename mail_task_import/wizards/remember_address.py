"""*Remember this address for…*: the contact that somebody's other address belongs to."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.sql import escape_psql

from ..actions import in_dialog

PROPOSALS = 5


class MailImportRememberAddress(models.TransientModel):
    _name = "mail.import.remember.address"
    _inherit = ["mail.import.moved.mixin"]
    _description = "Remember an Address for a Contact"

    email_id = fields.Many2one(
        "mail.import.email", required=True, readonly=True, ondelete="cascade"
    )
    chosen = fields.Char(readonly=True, help="Another address of the e-mail than its sender's.")
    address = fields.Char(compute="_compute_address", compute_sudo=False)
    partner_id = fields.Many2one(
        "res.partner", "Contact", domain=[("partner_share", "=", True)], check_company=False
    )
    known_as_id = fields.Many2one("res.partner", compute="_compute_known_as_id")
    proposal_ids = fields.Many2many("res.partner", compute="_compute_proposal_ids")

    @api.constrains("email_id")
    def _check_email(self):
        """Nobody opens the dialog on an e-mail that they do not read."""
        # constraints run as superuser; the user is meant
        self.email_id.sudo(False).check_access("read")

    @api.constrains("email_id", "chosen")
    def _check_chosen(self):
        for wizard in self.filtered("chosen"):
            if wizard.chosen not in wizard.email_id._named_people():
                raise ValidationError(self.env._("The e-mail names no such address."))

    @api.depends("email_id", "chosen")
    def _compute_address(self):
        for wizard in self:
            wizard.address = wizard.chosen or wizard.email_id.from_email

    @api.model
    def _open(self, email, chosen=None):
        """:param chosen: an address of the e-mail; without, that of its sender"""
        email.ensure_one()
        email.check_access("read")
        if not chosen and (email.direction != "incoming" or not email.from_email):
            raise UserError(
                self.env._("This e-mail has no sender whose address could be remembered.")
            )
        address = chosen or email.from_email
        # sudo: whose address it is; the user learns that it is nobody's to remember
        if self.env["mail.import.target"].sudo()._is_employee_address(address):
            raise UserError(
                self.env._(
                    "“%s” is an address of a colleague, an own company or a mailbox.", address
                )
            )
        wizard = self.create({"email_id": email.id, "chosen": chosen})
        if len(wizard.proposal_ids) == 1:
            wizard.partner_id = wizard.proposal_ids
        return in_dialog(wizard, self.env._("Remember this Address for…"))

    @api.depends("email_id")
    def _compute_known_as_id(self):
        """Whose address it is already, of the contacts that the user sees."""
        for wizard in self:
            address = wizard.address
            main = self.env["res.partner"].search([("email_normalized", "=", address)], limit=1)
            others = self.env["mail.import.address"].search([("address", "=", address)], limit=1)
            wizard.known_as_id = main or others.partner_id

    @api.depends("email_id")
    def _compute_proposal_ids(self):
        for wizard in self:
            wizard.proposal_ids = wizard._of_the_same_name() | wizard._of_the_same_house()

    def _of_the_same_name(self):
        name = self.email_id._named_people().get(self.address, "").strip()
        return self._outsiders(Domain("name", "=ilike", name)) if name else self._no_partner()

    def _of_the_same_house(self):
        """Contacts with addresses of the same domain, unless it is one of mail services."""
        if self.env["mail.import.provider"]._for_address(self.address):
            return self._no_partner()
        house = (self.address or "").rpartition("@")[2]
        if not house:
            return self._no_partner()
        return self._outsiders(Domain("email_normalized", "=like", f"%@{escape_psql(house)}"))

    def _outsiders(self, domain):
        return self.env["res.partner"].search(
            domain
            & Domain("partner_share", "=", True)
            & Domain("email_normalized", "!=", self.address),
            limit=PROPOSALS,
        )

    def _no_partner(self):
        return self.env["res.partner"]

    def action_remember(self):
        self.ensure_one()
        if not self.partner_id:
            raise UserError(self.env._("Choose the contact whose address this is."))
        self.email_id.check_access("read")
        self.env["mail.import.address"]._remember(self.address, self.partner_id)
        return {"type": "ir.actions.act_window_close"}
