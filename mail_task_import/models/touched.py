"""Whether anybody but the import has touched a record that mail made: then it is not withdrawn.

What the import does to a record bears the moment of its transaction, as do the links that it makes
there. Whatever bears another moment, by a microsecond even, is somebody else's: the record's last
change, messages, activities, files, other records that refer to it.
"""

from collections import defaultdict

from odoo import SUPERUSER_ID, api, models
from odoo.tools import SQL, is_html_empty

BY_PEOPLE = ("user", "sent")
"""Steps of links that people make."""
PASSED_OVER = frozenset(("mail.followers", "ir.model.data"))
"""Who follows has changed nothing, and whoever exports a record gives it a name."""
EDITED = "o-mail-Message-edited"
"""The host's mark in the text of a message that its author has changed."""


class MailImportTouched(models.AbstractModel):
    _name = "mail.import.touched"
    _description = "What People Did to Records That Mail Made"

    @api.model
    def _reasons(self, model, ids):
        """``{id: {code: detail}}`` of those records that somebody has touched. As superuser.

        Codes: "written" and "answered" (detail: who), "tracked" (detail: names of fields that the
        host noted in the chatter), "linked", "message", "edited", "refers" (detail: its model).
        """
        self.env.flush_all()
        links = self._links(model, ids)
        moments = {
            id_: {link.create_date for link in links.get(id_, ()) if _is_imported(link)}
            for id_ in ids
        }
        reasons = defaultdict(dict)
        finders = (
            self._written, self._linked, self._referring, self._named, self._edited, self._related,
        )  # fmt: skip
        for find in finders:
            for id_, code, detail in find(model, moments, links):
                reasons[id_].setdefault(code, detail)
        return dict(reasons)

    @api.model
    def _links(self, model, ids):
        found = self.env["mail.import.link"].search(
            [("res_model", "=", model), ("res_id", "in", list(ids)), ("suggested", "=", False)]
        )
        return found.grouped("res_id")

    @api.model
    def _written(self, model, moments, links):
        """The last change, and those that a later mail's own change has covered."""
        rows = self.env.execute_query(
            SQL(
                "SELECT id, write_date, write_uid FROM %s WHERE id = ANY(%s)",
                SQL.identifier(self.env[model]._table),
                list(moments),
            )
        )
        for id_, written, uid in rows:
            covered = {link.record_written for link in links.get(id_, ())} - {False}
            if written not in moments[id_] or uid != SUPERUSER_ID:
                yield id_, "written", self.env["res.users"].browse(uid).exists().name or ""
            elif covered - moments[id_]:
                yield id_, "written", ""

    @api.model
    def _linked(self, _model, moments, links):
        for id_ in moments:
            for link in links.get(id_, ()):
                who = link.user_id.name or link.create_uid.name or ""
                if link.step == "sent" or _is_answer(link):
                    yield id_, "answered", who
                elif link.step == "user":
                    yield id_, "linked", who

    # -- what refers to them --------------------------------------------------------------------

    @api.model
    def _referring(self, model, moments, links, but=()):
        """Records with a many2one to them; children and timesheets are among these."""
        for Other, field in self._fields_of("many2one"):
            if field.comodel_name == model and Other._name not in but:
                query = SQL(
                    "SELECT %s, create_date FROM %s WHERE %s = ANY(%s)",
                    SQL.identifier(field.name),
                    SQL.identifier(Other._table),
                    SQL.identifier(field.name),
                    list(moments),
                )
                yield from self._foreign(Other, query, moments)

    @api.model
    def _named(self, model, moments, links):
        """Records that name model and id: messages, activities, files."""
        for Other, field in self._fields_of("many2one_reference"):
            kind = Other._fields.get(field.model_field)
            if not kind or not kind.store:
                continue
            name = model if kind.type != "many2one" else self.env["ir.model"]._get_id(model)
            query = SQL(
                "SELECT %s, create_date, id FROM %s WHERE %s = %s AND %s = ANY(%s)",
                SQL.identifier(field.name),
                SQL.identifier(Other._table),
                SQL.identifier(kind.name),
                name,
                SQL.identifier(field.name),
                list(moments),
            )
            yield from self._foreign(Other, query, moments, links)

    @api.model
    def _edited(self, model, moments, links):
        """Messages of the import that somebody has edited, emptied, starred or reacted to."""
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT res_id FROM mail_message AS message
                    WHERE model = %s AND res_id = ANY(%s)
                      AND (write_uid <> create_uid OR body LIKE %s OR EXISTS (
                           SELECT FROM mail_message_reaction WHERE message_id = message.id))""",
                model,
                list(moments),
                f"%{EDITED}%",
            )
        )
        for (id_,) in rows:
            yield id_, "edited", ""

    @api.model
    def _foreign(self, Other, query, moments, links=None):
        tracked = defaultdict(set)
        for id_, made, *number in self.env.execute_query(query):
            if made in moments[id_]:
                continue
            if Other._name != "mail.message":
                yield id_, "refers", Other._name
            elif number[0] not in _messages(links.get(id_, ())):
                message = Other.browse(number[0])
                if _is_written(message):
                    yield id_, "message", ""
                else:
                    tracked[id_].update(message.tracking_value_ids.field_id.mapped("name"))
        for id_, names in tracked.items():
            yield id_, "tracked", ",".join(sorted(names))

    @api.model
    def _related(self, model, moments, links):
        """Others that name them in a list, a task that waits for them, say; not their own lists."""
        own = {
            field.relation
            for field in self.env[model]._fields.values()
            if field.type == "many2many" and field.store and field.comodel_name != model
        }
        for Other, field in self._fields_of("many2many", logged=False):
            if field.comodel_name != model or field.relation in own:
                continue
            rows = self.env.execute_query(
                SQL(
                    "SELECT DISTINCT %s FROM %s WHERE %s = ANY(%s)",
                    SQL.identifier(field.column2),
                    SQL.identifier(field.relation),
                    SQL.identifier(field.column2),
                    list(moments),
                )
            )
            for (id_,) in rows:
                yield id_, "refers", Other._name

    @api.model
    def _fields_of(self, kind, logged=True):
        """``(model, field)`` of all stored fields of a type, but for dialogs and our own."""
        for name, Other in self.env.registry.items():
            if Other._abstract or Other._transient or not Other._auto or name in PASSED_OVER:
                continue
            if name.startswith("mail.import.") or (logged and not Other._log_access):
                continue
            for field in Other._fields.values():
                if field.type == kind and field.store and not field.inherited:
                    yield self.env[name], field


def _is_imported(link):
    return link.step not in BY_PEOPLE


def _is_answer(link):
    """Not what is sent by itself."""
    email = link.email_id
    return email.direction == "outgoing" and email.written_as not in ("confirmation", "passed_on")


def _messages(links):
    """Ids of messages that show imported mail."""
    return {link.message_id.id for link in links if _is_imported(link)}


def _is_written(message):
    """Not what the host notes by itself where a field changes."""
    return bool(not message.tracking_value_ids or message.attachment_ids) or not is_html_empty(
        message.body
    )
