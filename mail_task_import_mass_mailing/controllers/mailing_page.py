"""A mailing on a page of its own: its recipient reads there what the letter says."""

from odoo import http
from odoo.http import request

from odoo.addons.mass_mailing.controllers.main import MassMailController

from ..models.mailing_reader import BY_LINK, RECIPIENT


class MailingPage(MassMailController):
    @http.route()
    def mailing_view_in_browser(
        self, mailing_id, email=None, document_id=None, hash_token=None, **others
    ):
        if hash_token or others.get("token"):
            # the host refuses any other than this recipient's
            request.update_context(**{RECIPIENT: BY_LINK})
        return super().mailing_view_in_browser(
            mailing_id, email=email, document_id=document_id, hash_token=hash_token, **others
        )
