"""Accounts at Google and Microsoft that mailboxes are connected to, and what is fixed of each.

An access token opens the whole account, so it is given to the provider's own mail servers alone,
whatever server a mailbox names.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Service:
    name: str
    prefix: str
    """Of the fields in which the host brings tokens, and of its settings."""
    hosts: frozenset[str]
    scopes: dict[str, str]
    """What is to be allowed for each protocol; empty: one permission is for all."""

    @property
    def refresh_field(self):
        return f"{self.prefix}_refresh_token"

    @property
    def access_field(self):
        return f"{self.prefix}_access_token"

    @property
    def expiration_field(self):
        return f"{self.prefix}_access_token_expiration"

    @property
    def token_fields(self):
        return {self.refresh_field, self.access_field, self.expiration_field}

    def scope(self, *protocols):
        return " ".join(self.scopes[protocol] for protocol in protocols if self.scopes)


_OUTLOOK = "https://outlook.office.com/"

SERVICES = {
    "gmail": Service(
        name="Google",
        prefix="google_gmail",
        hosts=frozenset({"imap.gmail.com", "pop.gmail.com", "smtp.gmail.com"}),
        scopes={},
    ),
    "outlook": Service(
        name="Microsoft",
        prefix="microsoft_outlook",
        hosts=frozenset(
            {
                "outlook.office365.com",
                "smtp.office365.com",
                "imap.outlook.com",
                "imap-mail.outlook.com",
                "pop-mail.outlook.com",
                "smtp.outlook.com",
                "smtp-mail.outlook.com",
            }
        ),
        scopes={
            "imap": f"{_OUTLOOK}IMAP.AccessAsUser.All",
            "pop": f"{_OUTLOOK}POP.AccessAsUser.All",
            "smtp": f"{_OUTLOOK}SMTP.Send",
        },
    ),
}

TOKEN_FIELDS = frozenset().union(*(service.token_fields for service in SERVICES.values()))
GOOGLE_TOKENS = "https://oauth2.googleapis.com/token"
"""As the host has it."""
