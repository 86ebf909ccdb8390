"""Which placeholders whoever writes a template may choose from: names and their words, no values.

Whatever the check at saving refuses (``placeholder.py``) is not among them.
"""

import re

from odoo import api, models
from odoo.exceptions import AccessError, ValidationError

from ..placeholders.attributes import DERIVED, fields_of, offered_of
from ..placeholders.syntax import MOST_STEPS, OPT_OUTS, RESERVED, ROOTS
from .placeholder import MODEL_OF, PARTNER, TASK, Untold

NO_TYPES = ("boolean", "many2one_reference")
MACHINERY = re.compile(
    r"^(access|activity|color|display_name|has|is|mail_import|message|my_activity|rating"
    r"|website_message)(_|$)"
    r"|_(ack|color|criterion|definition_id|im_status|normalized|sanitized|search|uid|xmlid)$"
)
"""Names of fields that serve the program; who writes one by hand gets it."""
ORDER = ("Person", "Account", *ROOTS)
SIGNATURE = "mail.import.signature"
"""Stands below letters about records of any kind."""


class MailImportPlaceholder(models.AbstractModel):
    _inherit = "mail.import.placeholder"

    @api.model
    @api.readonly
    def choices(self, model, is_html=True):
        """``{"roots": […], "reserved": […]}`` for letters about records of a model.

        A root: ``{"name", "label", "choices"}``; of several for the same records the one that
        names them best. A choice: ``{"name", "label", "below"}``; ``below`` is the attribute that
        leads further, see ``choices_below``; empty where none does.
        """
        self._check_may_choose(model)
        words = self._words_of_reserved()
        names = [name for name in RESERVED if is_html or name not in OPT_OUTS]
        return {
            "roots": self._roots(model),
            "reserved": [{"name": name, "label": words[name], "below": ""} for name in names],
        }

    @api.model
    @api.readonly
    def choices_below(self, model, root, path):
        """Choices behind ``{root.path.…}``; ``path`` is a list of attributes."""
        self._check_may_choose(model)
        ways = self._offered_ways(root, model) if root in ROOTS else []
        return self._choices(ways, tuple(path)) if len(path) < MOST_STEPS else []

    @api.model
    def _check_may_choose(self, model):
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Templates are written by employees."))
        if not model or model not in self.env or self.env[model]._abstract:
            raise ValidationError(self.env._("Choose first what the letter is about."))
        self.env[model].check_access("read")

    # -- in words -------------------------------------------------------------------------------

    @api.model
    def _words_of_roots(self, model):
        return {
            "Account": self.env._("Recipient's Company"),
            "Person": self.env._("Recipient"),
            "Lead": self.env._("Lead or Opportunity"),
            "Opportunity": self.env._("Opportunity"),
            "Case": self.env._("Case"),
            "Task": self.env._("Task"),
            "Parent": self.env._("What the Letter Is About: %s", self._model_in_words(model)),
            "User": self.env._("Sender"),
        }

    @api.model
    def _model_in_words(self, model):
        # sudo: the word for a model, which the reader was let read above
        return self.env["ir.model"].sudo()._get(model).name

    @api.model
    def _words_of_reserved(self):
        return {
            "today": self.env._("Today's Date"),
            "now": self.env._("Date and Time of Now"),
            "currentYear": self.env._("This Year"),
            "optOutUrl": self.env._("Address to Opt Out"),
            "optOutLink": self.env._("Link to Opt Out"),
        }

    @api.model
    def _words_of_derived(self):
        return {
            "first_name": self.env._("First Name"),
            "last_name": self.env._("Last Name"),
            "salutation": self.env._("Salutation"),
        }

    # -- what there is --------------------------------------------------------------------------

    @api.model
    def _roots(self, model):
        words, named = self._words_of_roots(model), {}
        for name in dict.fromkeys(ORDER):
            # in a letter about users, the sender is another one
            same = (name == "User", *self._offered_ways(name, model))
            named.setdefault(same, []).append(name)
        roots = []
        for (_is_sender, *ways), names in named.items():
            if choices := self._choices(ways):
                name = next((one for one in names if MODEL_OF.get(one) == ways[0].model), names[0])
                roots.append({"name": name, "label": words[name], "choices": choices})
        return roots

    @api.model
    def _offered_ways(self, root, model):
        if model != SIGNATURE:
            return self._ways(root, model)
        about = MODEL_OF.get(root, PARTNER)
        return self._ways(root, about if about in self.env else TASK) if root != "Parent" else []

    @api.model
    def _choices(self, ways, path=()):
        """Of the first way that leads anywhere: the others are for records that lack it."""
        for way in ways:
            model = self._model_at(way, path)
            if model:
                return self._choices_on(way, path, model)
        return []

    @api.model
    def _model_at(self, way, path):
        """The model behind some attributes; None where there is none, or it may not be read."""
        try:
            names, derived = self._fields_on(way, path)
        except Untold:
            return None
        model = way.model
        for name in names:
            model = self.env[model]._fields[name].comodel_name
        readable = model and not derived and self.env[model].has_access("read")
        return model if readable else None

    @api.model
    def _choices_on(self, way, path, model):
        known = {"name": fields_of(model, "name" if path else way.name), **offered_of(model)}
        fields = self._fields_in_words(model)
        rest = sorted(fields.keys() - known.keys(), key=lambda name: fields[name].lower())
        found = {}
        for attribute in (*known, *rest):
            leads_to = known.get(attribute, attribute)
            # of a record its name is told: “user_id.name” says no more than “user_id”
            end = leads_to.removesuffix(".name")
            if end not in found and self._is_told(way, (*path, attribute)):
                below = attribute if end == leads_to else end
                leads = "." not in below and self._model_at(way, (*path, below))
                found[end] = {
                    "name": attribute,
                    "label": self._label(model, end),
                    "below": below if leads and len(path) + 1 < MOST_STEPS else "",
                }
        return list(found.values())

    @api.model
    def _fields_in_words(self, model):
        """``{name: label}`` of the fields that are worth a line."""
        descriptions = self.env[model].fields_get(attributes=["string", "type", "searchable"])
        return {
            name: description["string"]
            for name, description in descriptions.items()
            if description.get("searchable")
            and description["type"] not in NO_TYPES
            and not MACHINERY.search(name)
        }

    @api.model
    def _is_told(self, way, path):
        """Whether a letter may name it, and it can ever be more than empty."""
        try:
            _names, derived = self._fields_on(way, path)
        except Untold:
            return False
        of_company = way.path.endswith("commercial_partner_id") and not path[1:]
        return not derived or (derived != "salutation" and not of_company)

    @api.model
    def _label(self, model, path):
        """The word for a path of fields: that of its last one."""
        *steps, last = path.split(".")
        for step in steps:
            model = self.env[model]._fields[step].comodel_name
        Model = self.env[model]
        if last in DERIVED and last not in Model._fields:
            return self._words_of_derived()[last]
        return Model._fields[last].get_description(self.env, ["string"])["string"]
