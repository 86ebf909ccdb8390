"""Placeholders that say nothing for a record: told before the letter leaves."""

from odoo import api, models

from ..placeholders.syntax import placeholders


class MailImportPlaceholder(models.AbstractModel):
    _inherit = "mail.import.placeholder"

    @api.model
    def _empty_in_words(self, texts, record, sender, lang=None):
        """What whoever writes a letter is told of one record; "" where nothing is empty.

        Unlike ``_empties`` it also names those with a default, which stands there now.

        :param texts: pairs of a text with placeholders and whether it is HTML
        """
        if not record.has_access("read"):
            return ""
        found = dict.fromkeys(
            one for text, is_html in texts for one in placeholders(str(text or ""), is_html)
        )
        values = self._values(list(found), record._name, record.ids, sender, lang)[record.id]
        return "\n".join(self._one_in_words(one) for one in found if not values[one].strip())

    @api.model
    def _one_in_words(self, placeholder):
        written = "{" + ".".join((placeholder.root, *placeholder.path)) + "}"
        if placeholder.default:
            return self.env._(
                "%(placeholder)s is empty for this record: “%(default)s” stands there.",
                placeholder=written,
                default=placeholder.default,
            )
        return self.env._(
            "%(placeholder)s is empty for this record: nothing stands there.", placeholder=written
        )
