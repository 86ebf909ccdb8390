"""Placeholders in what the host renders: subjects and bodies of templates, mailings, letters."""

from odoo import SUPERUSER_ID, api, models

from ..placeholders.filling import prepare
from ..placeholders.syntax import may_hold_some

NO_TEXT = frozenset(
    {"lang", "email_from", "email_to", "email_cc", "reply_to", "partner_to", "scheduled_date"}
)
"""Fields that say who gets it, and when."""


class MailRenderMixin(models.AbstractModel):
    _inherit = "mail.render.mixin"

    def _render_field(self, field, res_ids, *args, **options):
        if field in NO_TEXT:
            self = self.with_context(mail_import_no_placeholders=True)
        return super()._render_field(field, res_ids, *args, **options)

    @api.model
    def _render_template_qweb(self, template_src, model, res_ids, add_context=None, options=None):
        prepared = self._mail_import_prepared(template_src, model, is_html=True)
        source = prepared.source if prepared else template_src
        rendered = super()._render_template_qweb(
            source, model, res_ids, add_context=add_context, options=options
        )
        return self._mail_import_filled(prepared, rendered, model)

    @api.model
    def _render_template_inline_template(
        self, template_txt, model, res_ids, add_context=None, options=None
    ):
        prepared = self._mail_import_prepared(template_txt, model, is_html=False)
        source = prepared.source if prepared else template_txt
        rendered = super()._render_template_inline_template(
            source, model, res_ids, add_context=add_context, options=options
        )
        return self._mail_import_filled(prepared, rendered, model)

    @api.model
    def _mail_import_prepared(self, source, model, is_html):
        """``Prepared``, or None where there is nothing of ours."""
        if not source or not model or self.env.context.get("mail_import_no_placeholders"):
            return None
        text = str(source)
        return prepare(text, is_html) if may_hold_some(text) else None

    @api.model
    def _mail_import_filled(self, prepared, rendered, model):
        if not prepared:
            return rendered
        values = self.env["mail.import.placeholder"]._values(
            prepared.placeholders,
            model,
            list(rendered),
            self._mail_import_sender(),
            self._mail_import_lang(),
        )
        return {id_: prepared.fill(text, values[id_].__getitem__) for id_, text in rendered.items()}

    def _mail_import_sender(self):
        """The user whose letter it is; what that user may not read, it does not tell.

        What a visitor of the website sets off is the system's letter, by a template of ours.
        """
        user = self.env.user
        return user if user._is_internal() else user.browse(SUPERUSER_ID)

    def _mail_import_lang(self):
        """The language that the template itself chooses; None: each contact's own."""
        chosen = len(self) == 1 and "lang" in self._fields and self.lang
        return self.env.lang if chosen else None
