"""The host's own forms, opened to make a record of a mail: they start filled in, and what is saved
takes the mail along.

The form bears the number of its ``mail.import.conversion`` as a default value, which the web client
hands to nothing that is made from within the form. Where there is none, all is the host's.
"""

from odoo import api, models
from odoo.exceptions import UserError

from ..access import without_defaults

CONVERSION = "default_mail_import_conversion"


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _mail_import_conversion(self):
        """The conversion that this form belongs to, or none."""
        number = self.env.context.get(CONVERSION)
        conversions = self.env["mail.import.conversion"].sudo(False)
        if type(number) is not int:
            return conversions
        conversion = conversions.browse(number).exists()
        if not conversion:
            raise UserError(
                self.env._(
                    "This form was begun too long ago: its e-mail is no longer known. Begin again "
                    "from the e-mail."
                )
            )
        conversion.check_access("read")
        # what is made along the way is of another model mostly, and is not the mail's
        return conversion if conversion._model() == self._name else conversions

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if conversion := self._mail_import_conversion():
            given = conversion._values()
            values.update((name, given[name]) for name in fields if name in given)
        return values

    def web_save(self, vals, specification, next_id=None):
        """The form's own save, not what the host creates within it."""
        conversion = self._mail_import_conversion() if not self else None
        if not conversion:
            return super().web_save(vals, specification, next_id=next_id)
        conversion = without_defaults(conversion)
        conversion._claim()
        # what the host creates along with it, below it in its own model too, is not the mail's
        plain = without_defaults(self)
        (made,) = super(MailThread, plain).web_save({**conversion._values(), **vals}, {})
        record = plain.browse(made["id"])
        conversion._take_over(record)
        # after the mail is there: its button and its files are shown
        return record.with_context(bin_size=True).web_read(specification)
