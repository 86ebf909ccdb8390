"""Records stay where their writer may make them: the host's rules look at a record before a write
only, not at where it is afterwards.
"""

from odoo import Command, api, models

GUARDED = ("mail.import.", "ir.attachment")
"""How the names of models begin whose records a form may not name to who does not read them."""


class MailImportMovedMixin(models.AbstractModel):
    """For models whose owner, mailbox or parent people may name, dialogs included."""

    _name = "mail.import.moved.mixin"
    _description = "Records That Stay Within Reach"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if not self.env.su:
            records._check_access_to_what_it_is_about()
        return records

    def write(self, vals):
        result = super().write(vals)
        if not self.env.su:
            self._check_access_where_it_is_now()
            self._check_access_to_what_it_is_about()
        return result

    def onchange(self, values, field_names, fields_spec):
        """A form is computed with more rights than its user's: of whatever mail it names."""
        if not self.env.su:
            _check_named(self, values)
        return super().onchange(values, field_names, fields_spec)

    def _check_access_where_it_is_now(self):
        for operation in ("write", "create"):
            if self.browse().has_access(operation):
                self.check_access(operation)

    def _check_access_to_what_it_is_about(self):
        """Nobody opens a dialog on what they do not read: it may tell of it, or change it."""
        if not self._transient:
            return
        for name, field in self._fields.items():
            ours = field.relational and field.comodel_name.startswith("mail.import.")
            if ours and field.store and field.type != "one2many":
                self[name].check_access("read")


def _check_named(records, values):
    """Whether the user reads all mail and files that the values of a form name."""
    for name, value in values.items():
        field = records._fields.get(name)
        if not (field and field.relational):
            continue
        named = records.env[field.comodel_name]
        ids, nested = _named_in(value)
        if field.comodel_name.startswith(GUARDED):
            named.browse(ids).exists().check_access("read")
        for more in nested:
            _check_named(named, more)


def _named_in(value):
    """``(ids, values of records that are named within)`` of a relational field in a form."""
    ids, nested = [], []
    if isinstance(value, dict):
        nested.append(value)
        ids.append(value.get("id"))
    elif isinstance(value, (list, tuple)):
        for each in value:
            more = _in_command(each) if isinstance(each, (list, tuple)) else _named_in(each)
            ids += more[0]
            nested += more[1]
    else:
        ids.append(value)
    return [id_ for id_ in ids if type(id_) is int and id_ > 0], nested


def _in_command(command):
    kind, *rest = command
    ids = list(rest[1]) if kind == Command.SET and len(rest) > 1 else rest[:1]
    return ids, [part for part in rest[1:] if isinstance(part, dict)]
