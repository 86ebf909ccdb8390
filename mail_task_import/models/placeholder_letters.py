"""Placeholders in a letter whose record alone does not say whom it goes to, or who writes it.

Drafts go to whom their *To* names; an answer from a chatter to each of its recipients; an automatic
answer to whoever wrote, under any name, so that it tells nothing that its own mail has not told.
"""

from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import ValidationError

from ..placeholders.attributes import fields_of, first_name, last_name
from ..placeholders.filling import prepare
from ..placeholders.letters import LETTER, Letter
from ..placeholders.mistakes import mistakes
from ..placeholders.syntax import RESERVED, Placeholder, may_hold_some, placeholders
from .placeholder import CASE, EMAIL, LEAD, PARTNER, TASK, USER

OF_WRITER = frozenset({"name", "first_name", "last_name", "email"})
"""What an automatic answer tells of whoever wrote: as their mail has it, not the contact."""
OF_OWNER = frozenset({"phone", "function"})
"""What that of a personal mailbox tells of its owner besides."""
AUTOMATIC = {
    LEAD: frozenset({"id", "name", "create_date", "email_from"}),
    TASK: frozenset({"id", "name", "create_date", "email_from"}),
    CASE: frozenset({"id", "name", "number", "create_date", "partner_email"}),
    EMAIL: frozenset({"subject", "sender", "date", "create_date", "from_name", "from_email"}),
}
"""What it tells of a record: what the mail itself has made of it."""


class MailImportPlaceholder(models.AbstractModel):
    _inherit = "mail.import.placeholder"

    # -- whose values ---------------------------------------------------------------------------

    @api.model
    def _letter(self):
        letter = self.env.context.get(LETTER)
        return letter if isinstance(letter, Letter) else None

    @api.model
    def _texts(self, placeholder, records):
        letter = self._letter()
        if letter is None or placeholder.root in RESERVED:
            return super()._texts(placeholder, records)
        automatic = bool(letter.mailbox_id)
        if automatic and not self._is_told_automatically(placeholder, records._name):
            return {}
        if automatic and placeholder.root == "User":
            # sudo: under which name and address it sends
            mailbox = records.env["mail.import.mailbox"].sudo().browse(letter.mailbox_id)
            return dict.fromkeys(records.ids, self._text_of_mailbox(placeholder, mailbox))
        if placeholder.root not in ("Person", "Account"):
            return super()._texts(placeholder, records)
        contact = records.env[PARTNER].browse(letter.contact_id or ())._filtered_access("read")
        if contact:
            text = super()._texts(placeholder, contact).get(contact.id, "")
        else:
            text = _as_written(placeholder, letter) if placeholder.root == "Person" else ""
        return dict.fromkeys(records.ids, text)

    @api.model
    def _text_of_mailbox(self, placeholder, mailbox):
        """Nobody has written it: the mailbox has; a personal one is its owner's."""
        (name,) = placeholder.path
        owner = mailbox.owner_id
        if fields_of(USER, name) in OF_OWNER:
            return owner[fields_of(USER, name)] or "" if owner else ""
        name_shown = mailbox.signature_ids[:1].name or (owner or mailbox).name or ""
        letter = Letter(name=name_shown, address=mailbox._sender_address())
        if not owner and fields_of(USER, name) in ("first_name", "last_name"):
            return ""
        return _as_written(placeholder, letter)

    @api.model
    def _is_told_automatically(self, placeholder, model):
        root, path = placeholder.root, placeholder.path
        if root in RESERVED:
            return True
        if root == "User":
            return len(path) == 1 and fields_of(USER, path[0]) in OF_WRITER | OF_OWNER
        if root == "Person":
            return len(path) == 1 and fields_of(PARTNER, path[0]) in OF_WRITER
        ways = [way for way in self._ways(root, model) if not way.path and root != "Account"]
        return bool(ways) and fields_of(model, ".".join(path)) in AUTOMATIC.get(model, ())

    @api.model
    def _by_language(self, records, lang):
        letter = self._letter()
        if letter is None or lang or not records:
            return super()._by_language(records, lang)
        # sudo: only in which language they are written to
        contact = records.env[PARTNER].sudo().browse(letter.contact_id or ())
        return super()._by_language(records, self._installed(contact.lang) or self.env.lang)

    @api.model
    def _installed(self, lang):
        """The language, where it is installed."""
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        return lang if lang in installed else ""

    @api.model
    def _zone(self, record):
        letter = self._letter()
        if letter is None:
            return super()._zone(record)
        # sudo: only which day and hour it is there
        contact = record.env[PARTNER].sudo().browse(letter.contact_id or ())
        return contact.tz or record.env.user.tz or "UTC"

    # -- signatures -----------------------------------------------------------------------------

    @api.model
    def _signed(self, signature, record, sender, letter=None, lang=None):
        """``(HTML, placeholders that have no value)``: a signature below one letter.

        :param record: what the letter is about
        :param sender: the user who writes it
        """
        if not signature or not may_hold_some(str(signature)):
            return signature, []
        prepared = prepare(str(signature), is_html=True)
        if not prepared:
            return signature, []
        here = self.with_context(**{LETTER: letter})
        values = here._values(prepared.placeholders, record._name, record.ids, sender, lang)
        mine = values.get(record.id) or {}
        empty = [one for one in prepared.placeholders if not mine.get(one)]
        filled = prepared.fill(prepared.source, lambda placeholder: mine.get(placeholder, ""))
        return Markup(filled), sorted(map(str, empty))

    # -- checks ---------------------------------------------------------------------------------

    @api.model
    def _check_signature(self, text):
        """A signature stands below letters of any kind: each placeholder has to fit one of them."""
        for mistake in mistakes(text or "", is_html=True):
            raise ValidationError(self._mistake_in_words(mistake, self._signed_models()))
        for placeholder in placeholders(text or "", is_html=True):
            self._check_in_some(placeholder)

    @api.model
    def _check_in_some(self, placeholder):
        problem = None
        for model in self._signed_models():
            try:
                return self._check_one(placeholder, model)
            except ValidationError as error:
                # the words of the model that the root is about
                if problem is None or self._ways(placeholder.root, model):
                    problem = error
        raise problem

    @api.model
    def _signed_models(self):
        # sudo: settings, which models mail is linked to
        targets = self.env["mail.import.target"].sudo().search([]).mapped("model")
        models = dict.fromkeys([PARTNER, *targets, LEAD, TASK, CASE, EMAIL])
        return [model for model in models if model in self.env]

    @api.model
    def _check_automatic(self, template):
        """Refuse what an automatic answer would tell to whoever writes under somebody's name."""
        for placeholder in self._all_in(template):
            if not self._is_told_automatically(placeholder, template.model):
                raise ValidationError(
                    self.env._(
                        "%(placeholder)s in “%(template)s” is not for automatic answers, which go "
                        "to whoever wrote. They may tell what the mail itself has told: the name "
                        "and address of its sender, the record's name, number and date; and of "
                        "{User.…} the name and address of the mailbox.",
                        placeholder=placeholder,
                        template=template.display_name,
                    )
                )

    @api.model
    def _all_in(self, template):
        """Those of a template, in all its languages."""
        found = {}
        for code, _name in self.env["res.lang"].get_installed():
            here = template.with_context(lang=code)
            found |= dict.fromkeys(placeholders(here.subject or ""))
            found |= dict.fromkeys(placeholders(str(here.body_html or ""), is_html=True))
        return found


def _as_written(placeholder: Placeholder, letter: Letter) -> str:
    """What a header says of somebody."""
    field = fields_of(PARTNER, placeholder.path[0]) if len(placeholder.path) == 1 else ""
    written = {
        "name": letter.name,
        "email": letter.address,
        "first_name": first_name(letter.name),
        "last_name": last_name(letter.name),
    }
    return written.get(field, "")
