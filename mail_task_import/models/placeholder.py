"""What placeholders mean for a model: whose attributes they name, and which fields these are.

A root is looked for in several ways; the first that leads to a record counts (``_ways``).
"""

import re
from dataclasses import dataclass, replace

from odoo import api, models
from odoo.exceptions import ValidationError

from ..placeholders.attributes import DERIVED, attributes_of, fields_of
from ..placeholders.mistakes import alike, mistakes
from ..placeholders.syntax import BRACES, OPT_OUTS, RESERVED, placeholder_of, placeholders

PARTNER, LEAD, TASK, CASE, USER = (
    "res.partner",
    "crm.lead",
    "project.task",
    "helpdesk.ticket",
    "res.users",
)
EMAIL = "mail.import.email"
MODEL_OF = {"Lead": LEAD, "Opportunity": LEAD, "Task": TASK, "Case": CASE}
NAMED_THEMSELVES = {LEAD: "contact_name", CASE: "partner_name", "mailing.contact": "name"}
"""Models with an address of their own, where no contact is known; and where the name stands."""
SECRET = re.compile(
    r"passw|secret|token|api_?key|signup|totp|otp|oauth|private|bank|iban|ssn|salary|wage"
    r"|settings",
    re.I,
)
"""Names of fields that are nobody's to tell, whoever may read them."""
UNTOLD_TYPES = ("binary", "json", "properties", "properties_definition", "reference")


@dataclass(frozen=True, slots=True)
class Way:
    """How one comes from a record of the template's model to what a root names."""

    model: str
    path: str = ""
    """Fields with dots between; empty: the record itself."""
    name: str = "name"
    """The field that tells the name of what the root names; a lead's own is its subject."""


class Untold(Exception):
    """A placeholder that cannot be: ``args`` are the words for it."""


class Unknown(Untold):
    """There is no such field: ``args`` are the model and the place of its name in the path."""


class MailImportPlaceholder(models.AbstractModel):
    _name = "mail.import.placeholder"
    _description = "Placeholders of Templates"

    # -- what the roots are ---------------------------------------------------------------------

    @api.model
    def _ways(self, root, model):
        """``Way`` to what ``root`` names for records of ``model``; none where nothing is."""
        if root == "User":
            return [Way(USER)]
        if root == "Parent":
            return [Way(model)]
        if root == "Person":
            return self._ways_to_person(model)
        if root == "Account":
            return self._ways_to_account(model)
        wanted = MODEL_OF[root]
        if wanted not in self.env:
            # without an add-on for cases, tasks serve as cases
            wanted = TASK if root == "Case" else None
        if model == wanted:
            return [Way(model)]
        names = [
            name
            for name, field in self.env[model]._fields.items()
            if wanted and field.type == "many2one" and field.store and field.comodel_name == wanted
        ]
        return [Way(wanted, names[0])] if len(names) == 1 else []

    @api.model
    def _ways_to_person(self, model):
        if model == PARTNER:
            return [Way(model)]
        ways = []
        if model == USER:
            ways.append(Way(PARTNER, "partner_id"))
        for name in self.env[model]._mail_get_partner_fields():
            ways.append(Way(PARTNER, name))
        if model == EMAIL:
            ways.append(Way(PARTNER, "author_id"))
        if model in NAMED_THEMSELVES:
            ways.append(Way(model, name=NAMED_THEMSELVES[model]))
        return ways

    @api.model
    def _ways_to_account(self, model):
        ways = [
            Way(PARTNER, f"{way.path}.commercial_partner_id".lstrip("."))
            for way in self._ways_to_person(model)
            if way.model == PARTNER
        ]
        return [*ways, Way(model, name="partner_name")] if model == LEAD else ways

    # -- which fields attributes are ------------------------------------------------------------

    @api.model
    def _fields_on(self, way, attributes):
        """``(names of fields, derived or "")`` from where a way leads to the value.

        :raises Untold: there is no such field, or it is not to be told
        """
        names, current = [], way.model
        for place, attribute in enumerate(attributes):
            known = way.name if not place and attribute == "name" else attribute
            steps = fields_of(current, known).split(".")
            if steps[0] in DERIVED and steps[0] not in self.env[current]._fields:
                if place < len(attributes) - 1:
                    raise Untold(self.env._("“%s” has nothing below it.", attribute))
                return names, steps[0]
            for step in steps:
                if current is None:
                    raise Untold(self.env._("“%s” has nothing below it.", names[-1]))
                if step not in self.env[current]._fields:
                    raise Unknown(current, place)
                current = self._step(current, step, attribute)
                names.append(step)
        return names, ""

    @api.model
    def _step(self, model, name, written):
        """The model that a field leads to; None where it is a value."""
        Model = self.env[model]
        field = Model._fields[name]
        if not Model.has_access("read") or not Model._has_field_access(field, "read"):
            raise Untold(self.env._("You may not read “%s”.", written))
        if SECRET.search(name) or field.type in UNTOLD_TYPES or field.groups == "base.group_system":
            raise Untold(self.env._("“%s” is not for letters.", written))
        if field.type in ("one2many", "many2many"):
            raise Untold(self.env._("“%s” are several; name one value.", written))
        if field.type != "many2one":
            return None
        if not self.env[field.comodel_name].has_access("read"):
            raise Untold(self.env._("You may not read “%s”.", written))
        return field.comodel_name

    # -- what was meant -------------------------------------------------------------------------

    @api.model
    def _mended(self, way, path):
        """The path with the names that were probably meant, where all of it may be told; or ()."""
        for _name in path:
            try:
                self._fields_on(way, path)
            except Unknown as unknown:
                model, place = unknown.args
                path = self._with_nearest(way, path, model, place)
            except Untold:
                return ()
            else:
                return path
        return path if path and self._is_known(way, path) else ()

    @api.model
    def _with_nearest(self, way, path, model, place):
        known = [*attributes_of(model), *self.env[model]._fields]
        for name in alike(path[place], dict.fromkeys(known)):
            if self._is_known(way, (*path[:place], name)):
                return (*path[:place], name, *path[place + 1 :])
        return ()

    @api.model
    def _is_known(self, way, path):
        try:
            self._fields_on(way, path)
        except Untold:
            return False
        return True

    @api.model
    def _suggested(self, written, models, is_html):
        """What was meant, if it is a placeholder that may stand there; or ""."""
        match = BRACES.fullmatch(written)
        meant = match and placeholder_of(match, False)
        if not meant or (meant.root in OPT_OUTS and not is_html):
            return ""
        if meant.root in RESERVED:
            return written
        for model in models:
            for way in self._ways(meant.root, model):
                if path := self._mended(way, meant.path):
                    return str(replace(meant, path=path))
        return ""

    @api.model
    def _problem_in_words(self, problem, way, path):
        if not isinstance(problem, Unknown):
            return problem.args[0]
        model, place = problem.args
        mended = self._mended(way, path)
        words = {
            "written": path[place],
            "model": self.env[model]._description,
            "meant": mended[place] if mended else "",
        }
        if mended:
            return self.env._("%(model)s has no “%(written)s”; did you mean “%(meant)s”?", **words)
        return self.env._("%(model)s has no “%(written)s”.", **words)

    # -- checks ---------------------------------------------------------------------------------

    @api.model
    def _check(self, text, model, is_html=False):
        """Refuse what would go out as it is written, or tell what is not to be told.

        :param model: of the records that the template is about; empty: any
        :raises ValidationError: in words for who writes the template
        """
        if not text or not ("{" in text or "%7" in text):
            return
        for mistake in mistakes(text, is_html):
            models = [model] if model else self._signed_models()
            raise ValidationError(self._mistake_in_words(mistake, models, is_html))
        for placeholder in placeholders(text, is_html):
            if not is_html:
                self._check_line(placeholder)
            if model:
                self._check_one(placeholder, model)

    @api.model
    def _mistake_in_words(self, mistake, models, is_html=True):
        if not mistake.meant:
            return self.env._("%s: the path is too long.", mistake.written)
        if mistake.written == mistake.meant:
            return self.env._(
                "The placeholder %s is torn apart by formatting. Delete it and write it anew in "
                "one go.",
                mistake.written,
            )
        if meant := self._suggested(mistake.meant, models, is_html):
            return self.env._(
                "There is no placeholder %(written)s. Did you mean %(meant)s?",
                written=mistake.written,
                meant=meant,
            )
        return self.env._(
            "There is no placeholder %s. The button { } lists those there are.", mistake.written
        )

    @api.model
    def _check_line(self, placeholder):
        """A subject and the like are one line of plain words."""
        if placeholder.root in OPT_OUTS:
            raise ValidationError(
                self.env._(
                    "%s is a link: it can stand in the text of a letter, not in its subject or "
                    "another single line.",
                    placeholder,
                )
            )

    @api.model
    def _check_one(self, placeholder, model):
        if placeholder.root in RESERVED:
            return
        ways = self._ways(placeholder.root, model)
        if not ways:
            raise ValidationError(
                self.env._(
                    "%(placeholder)s: “%(model)s” leads to no %(root)s.",
                    placeholder=placeholder,
                    model=self.env[model]._description,
                    root=placeholder.root,
                )
            )
        problems = []
        for way in ways:
            try:
                self._fields_on(way, placeholder.path)
            except Untold as problem:
                problems.append((problem, way))
        if len(problems) == len(ways):
            raise ValidationError(
                self.env._(
                    "%(placeholder)s: %(problem)s",
                    placeholder=placeholder,
                    problem=self._problem_in_words(*problems[0], placeholder.path),
                )
            )
