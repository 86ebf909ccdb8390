"""Values of placeholders: read as the sender, told in the language of whoever gets the letter."""

import logging

import psycopg2

from odoo import api, fields, models
from odoo.tools import format_amount, format_date, format_datetime, html2plaintext, split_every
from odoo.tools.misc import formatLang

from ..access import as_seen_by
from ..placeholders.attributes import DERIVED, first_name, last_name
from ..placeholders.filling import Link
from ..placeholders.syntax import RESERVED
from ..placeholders.syntax import placeholders as placeholders_in
from .placeholder import NAMED_THEMSELVES, PARTNER, USER, Untold

_logger = logging.getLogger(__name__)


class MailImportPlaceholder(models.AbstractModel):
    _inherit = "mail.import.placeholder"

    @api.model
    def _values(self, placeholders, model, ids, sender, lang=None):
        """``{id: {placeholder: text}}`` of records of a model; "" where there is no value.

        :param sender: the user whose letter it is: it tells what that user may read
        :param lang: a language for all; otherwise each record's contact has one
        """
        records = as_seen_by(self.env[model].browse(ids), sender)
        if self.env.company in records.env.companies:
            # what has a value for each company has that of the one that writes
            records = records.with_company(self.env.company)
        values = {id_: dict.fromkeys(placeholders, "") for id_ in ids}
        readable = records._filtered_access("read")
        self._fill_in(values, placeholders, readable, lang)
        # sudo: the day and the way to opt out tell nothing of a record that the sender may not read
        others = (records - readable).sudo().exists()
        reserved = [placeholder for placeholder in placeholders if placeholder.root in RESERVED]
        self._fill_in(values, reserved, others, lang)
        return values

    @api.model
    def _fill_in(self, values, placeholders, records, lang):
        for code, some in self._by_language(records, lang).items() if placeholders else ():
            here = some.with_context(lang=code)
            for placeholder in placeholders:
                for id_, text in self._texts(placeholder, here).items():
                    values[id_][placeholder] = text

    @api.model
    def _by_language(self, records, lang):
        if lang or not records:
            return {lang: records} if records else {}
        people = records._mail_get_partners()
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        by_code = {}
        for record in records:
            code = _first(people[record.id]).sudo().lang or self.env.lang
            code = code if code in installed else self.env.lang
            by_code[code] = by_code.get(code, records.browse()) | record
        return by_code

    @api.model
    def _empties(self, texts, model, ids, sender):
        """``{placeholder: ids}`` of records for which nothing would stand there.

        :param texts: ``(text, is it HTML)`` of each part of a letter
        """
        parts = [placeholders_in(text, is_html) for text, is_html in texts if text]
        wanted = dict.fromkeys(found for part in parts for found in part)
        wanted = [one for one in wanted if one.root not in RESERVED and not one.default]
        empty = {one: [] for one in wanted}
        for some in split_every(1000, ids) if wanted else ():
            for id_, values in self._values(wanted, model, some, sender, self.env.lang).items():
                for one in wanted:
                    if not values[one].strip():
                        empty[one].append(id_)
        return {one: some for one, some in empty.items() if some}

    # -- one placeholder ------------------------------------------------------------------------

    @api.model
    def _texts(self, placeholder, records):
        """``{id: text}``; the first way that leads to a record is taken for each."""
        if placeholder.root in RESERVED:
            return self._reserved(placeholder.root, records)
        found, missing = {}, records
        for way in self._ways(placeholder.root, records._name):
            try:
                # as whoever sends it, not with the rights by which it is rendered
                sender = self.with_env(records.env)
                steps, derived = sender._fields_on(way, placeholder.path)
            except Untold:
                # it was refused when it was saved: the sender is another, or may less by now
                continue
            there = self._walk({r.id: r for r in missing}, way.path.split(".") if way.path else ())
            there = self._of_root(placeholder.root, way, there)
            missing = missing.filtered(lambda record, there=there: record.id not in there)
            found |= self._ends(there, steps, derived)
        return found

    @api.model
    def _of_root(self, root, way, there):
        if root == "User":
            user = self._user_of(there)
            return dict.fromkeys(there, user) if user else {}
        if root == "Account" and way.model == PARTNER:
            return {id_: account for id_, account in there.items() if account.is_company}
        return there

    @api.model
    def _user_of(self, there):
        """Whose letter it is: who sends it, or somebody of whom the sender may read."""
        env = next(iter(there.values())).env if there else self.env
        chosen = self.env.context.get("mail_import_user")
        if not isinstance(chosen, int) or chosen in (0, env.uid):
            return env.user
        return env[USER].browse(chosen).exists()._filtered_access("read")

    @api.model
    def _walk(self, there, names):
        """``{id: record}`` some fields further on, as far as they lead and may be read."""
        for name in names:
            there = {id_: _first(record[name]) for id_, record in there.items() if record[name]}
            if there:
                some = next(iter(there.values()))
                readable = some.union(*there.values())._filtered_access("read")
                there = {id_: record for id_, record in there.items() if record in readable}
        return there

    @api.model
    def _ends(self, there, steps, derived):
        if derived:
            there = self._walk(there, steps)
            return {id_: self._derived(record, derived) for id_, record in there.items()}
        there = self._walk(there, steps[:-1])
        name = steps[-1]
        some = next(iter(there.values()), None)
        if some is not None and some._fields[name].type == "many2one":
            there = self._walk(there, (name,))
            name = "display_name"
        told = {id_: self._told(record, name) for id_, record in there.items()}
        if name in DERIVED:
            # some models have a field for it, which is empty where only the whole name is known
            told |= {id_: self._derived(there[id_], name) for id_, text in told.items() if not text}
        return told

    # -- in words -------------------------------------------------------------------------------

    @api.model
    def _told(self, record, name):
        """Empty where another add-on fails to compute a field: other letters go all the same."""
        for one in (record, record.with_prefetch()):
            try:
                return self._in_words(one, name)
            except Exception as error:
                if isinstance(error, psycopg2.Error):
                    raise
                _logger.info("%s of %s has no value for letters", name, record, exc_info=True)
        return ""

    @api.model
    def _derived(self, record, what):
        if record._name == PARTNER and record.is_company:
            return ""
        if what == "salutation":
            return record.title.name or "" if "title" in record._fields else ""
        name = record[NAMED_THEMSELVES.get(record._name, "name")] or ""
        return first_name(name) if what == "first_name" else last_name(name)

    @api.model
    def _in_words(self, record, name):
        """A value as text in the record's language."""
        env, field, value = record.env, record._fields[name], record[name]
        if field.type == "boolean":
            return env._("Yes") if value else env._("No")
        if field.type in ("integer", "many2one_reference"):
            return str(value) if value or field.type == "integer" else ""
        if field.type == "float":
            digits = field.get_digits(env)
            return formatLang(env, value, digits=digits[1] if digits else 2)
        if field.type == "monetary":
            currency = record[field.get_currency_field(record)]
            return format_amount(env, value, currency) if currency else formatLang(env, value)
        if not value:
            return ""
        if field.type == "date":
            return format_date(env, value)
        if field.type == "datetime":
            return format_datetime(env, value, tz=self._zone(record), dt_format="medium")
        if field.type == "selection":
            return dict(field._description_selection(env)).get(value) or str(value)
        return html2plaintext(value).strip() if field.type == "html" else str(value)

    @api.model
    def _zone(self, record):
        """The recipient's time zone, else the sender's."""
        people = {record.id: record} if record._name == PARTNER else record._mail_get_partners()
        person = _first(people[record.id])
        return person.sudo().tz or record.env.user.tz or "UTC"

    @api.model
    def _reserved(self, name, records):
        now = fields.Datetime.now()
        if name == "currentYear":
            return dict.fromkeys(records.ids, str(now.year))
        if name == "now":
            return {
                r.id: format_datetime(r.env, now, tz=self._zone(r), dt_format="medium")
                for r in records
            }
        if name == "today":
            return {r.id: format_date(r.env, self._today(r, now)) for r in records}
        return self._opt_outs(name, records)

    @api.model
    def _opt_outs(self, name, records):
        """Stand-ins: whose link it will be is known when the mail is sent."""
        addresses = {r.id: self._opt_out_address(r) for r in records}
        if name == "optOutUrl":
            return addresses
        return {r.id: Link.to(addresses[r.id], r.env._("Unsubscribe")) for r in records}

    @api.model
    def _opt_out_address(self, record):
        # sudo: only under which host a record is shown
        return self.env["mail.import.opt.out"]._stand_in(record.sudo().get_base_url())

    @api.model
    def _today(self, record, now):
        here = record.with_context(tz=self._zone(record))
        return fields.Datetime.context_timestamp(here, now).date()


def _first(records):
    """A slice would be read by itself, and not along with those of the other letters."""
    return records if len(records) < 2 else records[:1].with_prefetch(records._prefetch_ids)
