"""Links in mailings: the way out is the host's, and links with placeholders are not counted.

The host makes a short address of each link, to count who follows it. An address that differs for
each recipient would make one for each of them, with what it tells about them.
"""

import secrets
from dataclasses import replace

from odoo import api, models

from odoo.addons.mail_task_import.placeholders.filling import Place
from odoo.addons.mail_task_import.placeholders.syntax import RESERVED, ROOTS

from ..opt_out_link import STAND_IN

UNCOUNTED = f"u{secrets.token_hex(8)}u"
"""Ends what a placeholder gives an address, until the host has counted the others."""
PLACEHOLDER = rf"(?:\{{|%7[bB])(?:{'|'.join((*ROOTS, *RESERVED))})(?:[.|}}]|%7[cCdD]).*"


class MailRenderMixin(models.AbstractModel):
    _inherit = "mail.render.mixin"

    def _mail_import_mailing(self):
        """The mailing whose text is rendered, or none."""
        return self.env["mailing.mailing"]

    @api.model
    def _render_template(self, template_src, model, res_ids, *args, **kwargs):
        rendered = super()._render_template(template_src, model, res_ids, *args, **kwargs)
        if not self.env.context.get("post_convert_links"):
            return rendered
        return {
            id_: type(text)(text.replace(UNCOUNTED, "")) if text and UNCOUNTED in text else text
            for id_, text in rendered.items()
        }

    @api.model
    def _mail_import_prepared(self, source, model, is_html):
        prepared = super()._mail_import_prepared(source, model, is_html)
        if prepared and self.env.context.get("post_convert_links"):
            for token, (_placeholder, place) in prepared.tokens.items():
                if place in (Place.ADDRESS, Place.PART):
                    source = prepared.source.replace(token, token + UNCOUNTED)
                    prepared = replace(prepared, source=source)
        return prepared

    @api.model
    def _mail_import_filled(self, prepared, rendered, model):
        mailing = self._mail_import_mailing() if prepared else None
        if mailing:
            address = mailing.get_base_url().rstrip("/") + STAND_IN
            # sudo: whose mailing it is; what is told of them, the sender may read
            user = mailing.sudo().user_id
            self = self.with_context(mail_import_opt_out=address, mail_import_user=user.id)
        return super()._mail_import_filled(prepared, rendered, model)

    @api.model
    def _shorten_links(self, html, link_tracker_vals, blacklist=None, base_url=None):
        blacklist = [*(blacklist or ()), f"{UNCOUNTED}.*", PLACEHOLDER]
        return super()._shorten_links(
            html, link_tracker_vals, blacklist=blacklist, base_url=base_url
        )
