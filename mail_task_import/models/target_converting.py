"""What a person makes of a mail by hand: the values that the form of the new record starts with.

Which person, and what of the mail may stand in a form, is in ``wizards/convert.py``. Another
add-on fills the forms of its own model by a method ``_values_of_<model with underscores>``.
"""

from ast import literal_eval
from dataclasses import dataclass
from typing import Any

from odoo import api, models

from ..answering import contained, people
from ..mime.quoted_html import new_html
from ..mime.quotes import new_text
from ..mime.signature_lines import SignatureLines, read_signature
from ..mime.subjects import kind_of
from .target_making import PICTURE


@dataclass(slots=True)
class Facts:
    """What is known of a mail, and of whom it was with, for whoever converts it."""

    subject: str
    address: str
    name: str
    """The correspondent's, as the mail has it; empty where it has none."""
    partner: Any
    """The contact of the address; none where nobody vouches for the sender."""
    signature: SignatureLines
    description: str
    """HTML of what the writer wrote; empty where others are not to read it."""

    @property
    def who(self):
        """A name for whoever has none."""
        return self.name or self.signature.name or self.address.partition("@")[0] or self.address


class MailImportTarget(models.Model):
    _inherit = "mail.import.target"

    @api.model
    def _facts_of(self, email, with_text):
        """What the user who asks may know of a mail.

        :param with_text: whether what was written may stand in the record
        """
        name, address = self._correspondent(email)
        text = new_text(email.body_text or "", kind_of(email.subject, bool(email.references_text)))
        incoming = email.direction == "incoming"
        read = incoming and address and read_signature(text, name, address, self._our_domains())
        shown = with_text and not email.unverified
        return Facts(
            subject=(email.subject or "").strip(),
            address=address,
            name=name,
            partner=self.env["res.partner"] if email.unverified else self._contact_of(address),
            signature=read or SignatureLines(),
            description=contained(new_html(PICTURE.sub("", email.body or ""))) if shown else "",
        )

    @api.model
    def _our_domains(self):
        # sudo: names of domains, which are no secret
        return self.sudo()._own_domains()

    @api.model
    def _correspondent(self, email):
        """``(name, address)`` of the sender, or of the first outsider that we wrote to.

        A colleague is nobody's customer: of a colleague's mail there is no correspondent.
        """
        if email.direction == "incoming":
            found = {email.from_email: (email.from_name or "").strip()} if email.from_email else {}
        else:
            found = {address: _name_in(shown) for address, shown in people(email.to).items()}
        # sudo: which of them are colleagues
        insiders = self.sudo()._insiders(list(found)) if found else ()
        for address, name in found.items():
            if address not in insiders:
                return ("" if name == address else name), address
        return "", ""

    @api.model
    def _contact_of(self, address):
        """The contact of an address, of those that the user may read."""
        found = self._partners({address}).get(address) if address else None
        return found._filtered_access("read") if found else self.env["res.partner"]

    def _values_by_hand(self, facts, mailbox):
        """What the form of a new record of this target starts with."""
        self.ensure_one()
        fill = getattr(self, f"_values_of_{self.model.replace('.', '_')}", self._values_of_any)
        # sudo: what an administrator has set up; what the user may not read is dropped
        fixed = self._mailbox_values(mailbox.sudo()) if mailbox else {}
        values = {**literal_eval(self.create_values), **fixed, **fill(facts)}
        return self._known_values(self.model, values)

    @api.model
    def _known_values(self, model, values):
        """Those that the model has, and that name nothing which the user may not read."""
        known = {}
        for name, value in values.items():
            field = self.env[model]._fields.get(name)
            if field is None or (
                field.type == "many2one"
                and value
                and not self.env[field.comodel_name].browse(value).has_access("read")
            ):
                continue
            known[name] = value or False
        return known

    @api.model
    def _values_of_any(self, facts):
        name = facts.subject or self.env._("E-mail from %s", facts.who or "…")
        return {
            self._name_field(self.model): name,
            "partner_id": facts.partner.id,
            "description": facts.description,
        }

    @api.model
    def _name_field(self, model):
        """What stands for the subject; OCA's cases are called by their number."""
        return "name" if "name" in self.env[model]._fields else self.env[model]._rec_name

    def _values_of_crm_lead(self, facts):
        """Of a known customer the host fills in the rest; what is typed beside would change the
        contact itself.
        """
        values = self._values_of_any(facts)
        if facts.partner:
            return values
        return {
            **values,
            "email_from": facts.address,
            "contact_name": facts.name or facts.signature.name,
            "partner_name": facts.signature.company,
            "phone": facts.signature.phone,
            "function": facts.signature.title,
            "website": facts.signature.website,
        }

    @api.model
    def _values_of_contact(self, facts):
        return self._known_values(
            "res.partner",
            {
                "name": facts.who,
                "email": facts.address,
                "is_company": False,
                "company_name": facts.signature.company,
                "phone": facts.signature.phone,
                "function": facts.signature.title,
                "website": facts.signature.website,
            },
        )


def _name_in(formatted):
    """The name before an address."""
    return formatted.rpartition("<")[0].strip().strip('"')
