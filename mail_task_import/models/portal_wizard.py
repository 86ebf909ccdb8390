"""The host's dialog for portal users sends its mail at once; inside an import it is queued, for an
import that is undone must not have written to anybody.
"""

from odoo import models


class PortalWizardUser(models.TransientModel):
    _inherit = "portal.wizard.user"

    def _send_email(self):
        if not self.env.context.get("mail_import_invitation"):
            return super()._send_email()
        user = self.user_id
        user.partner_id.signup_prepare()
        template = self.env.ref("auth_signup.portal_set_password_email").with_context(
            dbname=self.env.cr.dbname,
            lang=user.lang,
            welcome_message=self.wizard_id.welcome_message,
            medium="portalinvite",
        )
        template.send_mail(user.id, force_send=False)
        self.env["mail.import.link"]._send_soon()
        return True
