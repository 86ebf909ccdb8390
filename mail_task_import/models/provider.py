"""Providers: mail services whose hosts and ports nobody should have to look up."""

from odoo import api, fields, models, tools

SECURITY = [("ssl", "SSL/TLS"), ("starttls", "STARTTLS"), ("none", "None (not encrypted)")]
USUAL_PORTS = {
    "imap": {"ssl": 993, "starttls": 143, "none": 143},
    "pop": {"ssl": 995, "starttls": 110, "none": 110},
    "smtp": {"ssl": 465, "starttls": 587, "none": 25},
}


class MailImportProvider(models.Model):
    _name = "mail.import.provider"
    _inherit = ["mail.import.text.mixin", "mail.import.remembered.mixin"]
    _description = "Mail Provider"
    _order = "sequence, name"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    domains = fields.Char(
        help="Domains of its addresses, separated by commas: a mailbox of one "
        "of them gets this provider."
    )
    imap_host = fields.Char("IMAP Server")
    imap_port = fields.Integer("IMAP Port", default=993)
    imap_security = fields.Selection(SECURITY, "IMAP Encryption", default="ssl", required=True)
    pop_host = fields.Char("POP3 Server", help="Empty: it has none.")
    pop_port = fields.Integer("POP3 Port", default=995)
    pop_security = fields.Selection(SECURITY, "POP3 Encryption", default="ssl", required=True)
    smtp_host = fields.Char("SMTP Server")
    smtp_port = fields.Integer("SMTP Port", default=465)
    smtp_security = fields.Selection(SECURITY, "SMTP Encryption", default="ssl", required=True)
    sign_in = fields.Selection(
        [("password", "Password"), ("app_password", "App password"), ("oauth", "OAuth")],
        "Sign-In",
        default="password",
        required=True,
    )
    account = fields.Selection(
        [("gmail", "Google"), ("outlook", "Microsoft")],
        "Accounts Of",
        help="Mailboxes may sign in by an account there, without a password.",
    )
    app_password_url = fields.Char(
        "App Password Page", help="Where the owner of a mailbox makes a password for this program."
    )
    authserv_ids = fields.Char(
        "Trusted Servers",
        help="Names under which its servers sign Authentication-Results, separated by commas.",
    )
    note = fields.Text(translate=True, help="What the owner of a mailbox must switch on there.")

    @api.model
    def _for_address(self, address):
        """The provider of an address's domain, or none."""
        domain = (address or "").rpartition("@")[2].strip().lower()
        if not domain:
            return self.browse()
        candidates = self.search([("domains", "ilike", domain)])
        return candidates.filtered(
            lambda provider: domain in [d.strip().lower() for d in provider.domains.split(",")]
        )[:1]

    @api.model
    @tools.ormcache()
    def _all_domains(self):
        """Domains of all providers: anybody may have an address there."""
        # sudo: asked for everybody's mail
        providers = self.sudo().with_context(active_test=False).search([])
        return frozenset(
            domain
            for provider in providers
            for part in (provider.domains or "").split(",")
            if (domain := part.strip().lower())
        )

    def _port(self, protocol, security):
        """The provider's port where its encryption is the one chosen, else the usual one.

        :param protocol: "imap", "pop" or "smtp"
        """
        if self and self[f"{protocol}_security"] == security:
            return self[f"{protocol}_port"]
        return USUAL_PORTS[protocol][security or "ssl"]
