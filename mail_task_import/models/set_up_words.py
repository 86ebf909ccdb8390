"""First steps: what the page tells of providers, and what to do where a trial failed."""

from odoo import api, models

from ..accounts import SERVICES


class MailImportSetUp(models.Model):
    _inherit = "mail.import.set.up"

    @api.model
    def _providers(self):
        providers = self.env["mail.import.provider"].search([])
        return [{"id": provider.id, "name": provider.name} for provider in providers]

    @api.model
    def _provider_words(self, provider):
        """What whoever has an address there should know; False without one."""
        if not provider:
            return False
        service = SERVICES.get(provider.account)
        return {
            "id": provider.id,
            "name": provider.name,
            "note": provider.note or "",
            "sign_in": provider.sign_in,
            "app_password_url": provider.app_password_url or "",
            "account": service.name if service else "",
            # sudo: whether Odoo is known to the provider, nothing more
            "can_connect": bool(
                service and self.env["mail.import.account"].sudo()._is_set_up(provider.account)
            ),
        }

    def _advice(self, way, stage):
        """What to do, in the user's language; what went wrong stands beside it as it was said."""
        if stage == "login":
            return self._login_advice(way)
        words = {
            "resolve": self.env._(
                "Check the part of the address after the @. If it is right, ask whoever runs your "
                "mail for the name of the server, and enter it below."
            ),
            "connect": self.env._(
                "The server does not answer on this port. Check name and port below; a firewall "
                "may be in between, too."
            ),
            "tls": self.env._(
                "The connection could not be made safe, so no password was sent. Try the other "
                "encryption below, or ask whoever runs the server about its certificate."
            ),
            "folder": self.env._("You were let in, but the inbox did not open. Try again."),
        }
        return words.get(stage, self.env._("Try again; if it lasts, ask whoever runs your mail."))

    def _login_advice(self, way):
        provider = self.provider_id
        if provider.sign_in == "app_password":
            return self.env._(
                "%s wants an app password here, not the one that you sign in with on its pages. "
                "Make one by the link, paste it, and try again.",
                provider.name,
            )
        if provider.sign_in == "oauth":
            return self.env._(
                "%s takes no passwords from programs: sign in by your account there.", provider.name
            )
        if way == "sending":
            return self.env._(
                "Reading works, sending does not yet. Perhaps sending has to be allowed at your "
                "provider, or it has a login of its own."
            )
        return self.env._(
            "Type the password again. Perhaps the login is not the whole address (see below), or "
            "access by mail programs (IMAP) has to be switched on at your provider first."
        )
