"""Link targets: models that mail is linked to or becomes, and how their records are found and made.

The order in which a mail's record is looked for is in ``target_decide.py``, how one is made in
``target_making.py``.
"""

import re
from ast import literal_eval

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..access import as_superuser

TOKEN = re.compile(r"\[([A-Z]{2,12})-(\d{1,12})\]")
RECORD_ADDRESS = re.compile(r"^([a-z]{2,12})\+(\d{1,12})@")


class MailImportTarget(models.Model):
    _name = "mail.import.target"
    _inherit = ["mail.import.text.mixin", "mail.import.remembered.mixin"]
    _description = "Link Target"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    model = fields.Char(required=True, help="Technical name of a model that takes mail.")
    code = fields.Char(
        required=True, help="Names a record in a subject, [CODE-12], and in an address, code+12@."
    )
    domain = fields.Char(default="[]", required=True, help="Which records of the model are meant.")
    open_domain = fields.Char(default="[]", required=True, help="Which of them are still open.")
    address_field = fields.Char(
        help="Path to the normalised address of a record's customer, for example "
        "partner_id.email_normalized."
    )
    partner_field = fields.Char(default="partner_id", help="Path to a record's customer.")
    assignee_field = fields.Char(
        help="Field of a record's assignee, for example user_id; distributions fill it."
    )
    is_account = fields.Boolean(
        "Account or Contact", help="Taken when no open record, or several, are found."
    )
    can_create = fields.Boolean("Makes Records")
    creates_contact = fields.Boolean(
        "Unknown Senders Become Contacts",
        help="Otherwise a record of an unknown sender keeps the address only.",
    )
    create_values = fields.Char("Values of New Records", default="{}", required=True)
    token_in_subject = fields.Boolean("Number in the Subject of Answers", default=True)

    _code_once = models.Constraint("UNIQUE(code)", "Another target has this code.")

    @api.constrains("domain", "open_domain", "create_values", "code", "model", "assignee_field")
    def _check_settings(self):
        for target in self:
            if not re.fullmatch(r"[A-Z]{2,12}", target.code or ""):
                raise ValidationError(self.env._("A code is made of 2 to 12 capital letters."))
            model = self.env.get(target.model)
            if model is None or not hasattr(model, "message_post"):
                raise ValidationError(
                    self.env._("“%s” is not a model that takes mail.", target.model)
                )
            try:
                # sudo: the domain is tried, nothing of what it finds is shown
                model.sudo().search_count(target._records() & target._open(), limit=1)
                dict(literal_eval(target.create_values))
                target._check_assignee_field()
            except Exception as error:
                raise ValidationError(
                    self.env._(
                        "The settings of “%(target)s” do not fit its model: %(error)s",
                        target=target.name,
                        error=error,
                    )
                ) from error

    def _check_assignee_field(self):
        name = self.assignee_field
        field = self.env[self.model]._fields.get(name) if name else None
        if name and (field is None or field.comodel_name != "res.users"):
            raise ValueError(self.env._("“%s” is no field that holds users.", name))

    # -- finding --------------------------------------------------------------------------------

    def _records(self):
        return Domain(literal_eval(self.domain or "[]"))

    def _open(self):
        return Domain(literal_eval(self.open_domain or "[]"))

    def _installed(self):
        return self.filtered(lambda target: target.model in self.env)

    @api.model
    @tools.ormcache("model")
    def _ids_of_model(self, model):
        # sudo: settings, whoever asks first
        return self.sudo().with_context(active_test=True).search([("model", "=", model)])._ids

    @api.model
    def _of_record(self, record):
        """The target that a record belongs to, or none."""
        for target in self.browse(self._ids_of_model(record._name)):
            if record.sudo().filtered_domain(target._records()):
                return target
        return self.browse()

    def _open_records(self, addresses, linked):
        """``{address: open records}`` of these senders, by their address and by earlier mail.

        :param linked: the answer of ``_linked_by_sender``
        """
        self.ensure_one()
        Model = as_superuser(self.env[self.model])
        found = {}
        if not addresses:
            return found
        open_domain = self._records() & self._open()
        if self.address_field:
            path = self.address_field.split(".")
            for record in Model.search(
                open_domain & Domain(self.address_field, "in", list(addresses)),
                limit=500,
            ):
                address = record.mapped(".".join(path))[:1]
                if address:
                    found[address[0]] = found.get(address[0], Model) | record
        linked = linked.get(self.model)
        if not linked:
            return found
        ids = set().union(*linked.values())
        still_open = set(Model.search(open_domain & Domain("id", "in", list(ids)))._ids)
        for address, ids in linked.items():
            if records := Model.browse(sorted(ids & still_open)):
                found[address] = found.get(address, Model) | records
        return found

    @api.model
    def _linked_by_sender(self, addresses, models):
        """``{model: {address: ids}}`` of records that earlier mail of senders is linked to."""
        found = {}
        links = self.env["mail.import.link"].search_fetch(
            [
                ("res_model", "in", list(models)),
                ("suggested", "=", False),
                ("email_id.from_email", "in", list(addresses)),
                ("email_id.direction", "=", "incoming"),
            ],
            ["res_model", "res_id", "email_id"],
            limit=5000,
        )
        for link in links:
            senders = found.setdefault(link.res_model, {})
            senders.setdefault(link.email_id.from_email, set()).add(link.res_id)
        return found
