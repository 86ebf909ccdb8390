"""Templates: whose they are, how often they serve, and what their placeholders say."""

from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..placeholders.syntax import placeholders
from ..remembered import forget
from .mail_render_mixin import NO_TEXT

SPECIAL = frozenset(
    {"mail_import_personal", "mail_import_one_off", "mail_import_marketing", "user_id"}
)
"""Fields by which a template is for one person, for one letter, or for mailings."""


class Special(NamedTuple):
    """Templates that are not for everybody and everything."""

    owners: dict[int, int]
    """Of those for one person, whose they are."""
    once: frozenset[int]
    """Those that serve once."""
    marketing: frozenset[int]
    """Those for mailings."""


class MailTemplate(models.Model):
    _inherit = "mail.template"

    mail_import_personal = fields.Boolean(
        "Only for Me", help="Nobody but its owner sees it or sends by it."
    )
    mail_import_one_off = fields.Boolean(
        "Use Once",
        help="It is archived when it has been used, and is not among those that are offered.",
    )

    @api.constrains("subject", "body_html", "model_id")
    def _check_mail_import_placeholders(self):
        # constraints run as superuser; what may be told is asked of whoever writes it
        check = self.sudo(False).env["mail.import.placeholder"]._check
        for code, _name in self.env["res.lang"].get_installed():
            for template in self.with_context(lang=code):
                check(template.subject, template.model)
                check(template.body_html, template.model, is_html=True)

    @api.constrains(*sorted(NO_TEXT))
    def _check_mail_import_addresses(self):
        """What says who gets it, and when, would be taken as it is written."""
        for template in self:
            for name in sorted(NO_TEXT):
                for placeholder in placeholders(template[name] or ""):
                    raise ValidationError(
                        self.env._(
                            "%(placeholder)s: “%(field)s” takes no placeholders; the subject and "
                            "the text do.",
                            placeholder=placeholder,
                            field=self._fields[name].get_description(self.env, ["string"])[
                                "string"
                            ],
                        )
                    )

    @api.onchange("mail_import_personal")
    def _onchange_mail_import_personal(self):
        if self.mail_import_personal and not self.user_id:
            self.user_id = self.env.user

    # -- which are special ----------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        templates = super().create(vals_list)
        if any(not SPECIAL.isdisjoint(vals) for vals in vals_list):
            forget(self.env)
        return templates

    def write(self, vals):
        result = super().write(vals)
        if not SPECIAL.isdisjoint(vals):
            forget(self.env)
        return result

    @api.model
    @tools.ormcache()
    def _mail_import_special(self):
        """Every letter asks for it, and most databases have none."""
        # sudo: no more than that is told
        templates = self.sudo().with_context(active_test=False)
        personal = templates.search([("mail_import_personal", "=", True)])
        once = templates.search([("mail_import_one_off", "=", True)])
        marketing = templates.search([("mail_import_marketing", "=", True)])
        owners = {one.id: one.user_id.id for one in personal}
        return Special(owners, frozenset(once.ids), frozenset(marketing.ids))

    # -- once -----------------------------------------------------------------------------------

    def _mail_import_one_offs(self):
        """Those of them that serve once."""
        once = self._mail_import_special().once
        return self.filtered(lambda template: template.id in once)

    def send_mail_batch(self, res_ids, *args, email_values=None, **options):
        if self._mail_import_one_offs():
            email_values = {**(email_values or {}), "mail_import_once": self.id}
        return super().send_mail_batch(res_ids, *args, email_values=email_values, **options)

    def _mail_import_posted(self):
        """Those that serve once have served, unless a mail of theirs is still to be sent."""
        # sudo: whoever sends by a template need not be one who changes it, or sees the queue
        for template in self._mail_import_one_offs().sudo():
            unsent = [("state", "in", ("outgoing", "exception", "cancel"))]
            if (
                not self.env["mail.mail"]
                .sudo()
                .search_count([("mail_import_once", "=", template.id), *unsent], limit=1)
            ):
                template._mail_import_used()

    def _mail_import_used(self):
        """Those that serve once have served."""
        # sudo: whoever sends by a template need not be one who changes it
        self._mail_import_one_offs().sudo().active = False

    @api.model
    def _mail_import_once_in_context(self):
        """The template that serves once and that a message is posted by; a user reads it."""
        once = self.env.context.get("mail_import_once")
        template = self.browse(once if isinstance(once, int) else ()).exists()
        # that the user may write by it is asked first
        return template._filtered_access("read")._mail_import_one_offs()
