"""Asking as everybody, by every method that a client can call, and what comes back.

Each question yields ``(how it was asked, what was answered)``; the answer is any value, looked
through for secret words as text.
"""

import base64
import binascii
from contextlib import suppress

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Domain

from .rules import CANARY

REFUSED = (AccessError, MissingError, UserError, ValueError, KeyError, NotImplementedError)
READ_TYPES = ("char", "text", "html", "json", "binary", "many2one", "many2one_reference",
              "reference")  # fmt: skip
LEFT_OUT = {"image_1920", "image_1024", "image_512", "image_256", "image_128", "avatar_1920",
            "avatar_1024", "avatar_512", "avatar_256", "avatar_128", "db_datas",
            "signature"}  # fmt: skip
COMPUTED_TOO = ("mail.import.", "mail.message", "ir.attachment")

HIDDEN = {
    "mail.import.email": (
        "subject", "body_text", "from_name", "preview", "entry_ids.subject", "entry_ids.bcc",
        "entry_ids.trace_headers", "parent_id.subject", "twin_of_id.subject", "headers",
        "attachment_ids.name", "link_ids.message_id.body", "mail_message_id.body",
    ),
    "mail.import.entry": (
        "subject", "sender", "bcc", "trace_headers", "email_id.subject", "email_id.body_text",
        "email_id.entry_ids.bcc", "email_id.entry_ids.trace_headers", "link_ids.email_text",
        "email_id.parent_id.body", "email_id.twin_of_id.body_text", "location_ids.entry_id.bcc",
        "folder_id.name", "previous_folder_id.name",
    ),
    "mail.import.link": (
        "subject", "email_text", "body", "sender", "email_id.subject", "email_id.body_text",
        "email_id.entry_ids.bcc", "email_id.entry_ids.trace_headers", "message_id.body",
        "email_id.attachment_ids.name", "my_entry_id.subject", "email_id.link_ids.message_id.body",
    ),
    "mail.import.location": ("entry_id.subject", "quarantine_id.subject",
                             "entry_id.email_id.body_text"),
    "mail.import.quarantine": ("subject", "sender", "reason", "trace", "email_id.subject"),
    "mail.import.mailbox": ("message_ids.body", "remote_folder_ids.name", "forwarding_ids.code",
                            "account_ids.access_secret", "account_ids.refresh_secret"),
    "mail.import.filter": (
        "name", "folder_id.name", "conditions_text", "display_name", "catch_ids.subject",
        "catch_ids.sender",
    ),
    "mail.import.filter.catch": ("subject", "sender", "filter_id.name", "filter_name"),
    "mail.import.filter.trial": ("caught_ids.subject", "unjudged_ids.subject", "filter_id.name"),
    "mail.import.rule": ("name", "keyword"),
    "mail.import.address.state": ("address", "report_ids.said", "report_ids.email_id.body_text"),
    "mail.import.bounce.report": ("address", "said", "email_id.body_text"),
    "mail.import.account": ("refresh_secret", "access_secret", "mailbox_id.name"),
    "mail.import.upload": ("file_names", "remarks", "attachment_ids.name"),
    "mail.import.forwarding": ("account", "code", "link", "entry_id.subject"),
    "mail.template": ("name", "subject", "body_html", "attachment_ids.name"),
    "mail.blacklist": ("email", "message_ids.body"),
    "mail.import.audit": ("line_ids.subject", "line_ids.sender"),
    "mail.import.audit.line": ("subject", "sender"),
    "mail.import.address": ("address", "partner_id.message_ids.body", "display_name"),
    "mail.import.remember.address": ("email_id.subject", "email_id.body_text", "address"),
    "mail.import.folder": ("name", "parent_id.name"),
    "mail.import.conversion": ("email_ids.subject", "email_ids.body_text", "result"),
    "mail.import.move.to": ("entry_ids.subject", "folder_id.name"),
    "mail.push": ("payload",),
    "mail.scheduled.message": ("subject", "body"),
    "mail.message": (
        "subject", "body", "email_from", "attachment_ids.name", "parent_id.body", "preview",
        "mail_import_link_ids.email_id.body_text", "notification_ids.mail_message_id.body",
        "record_name", "incoming_email_cc", "child_ids.body",
    ),
    "mail.mail": ("body_html", "body", "subject", "mail_message_id.subject", "email_from"),
    "mail.notification": ("mail_message_id.body", "mail_message_id.subject",
                          "mail_mail_id.body_html"),
    "mail.tracking.value": ("mail_message_id.body", "new_value_char"),
    "ir.attachment": ("name", "index_content", "description"),
    "project.task": (
        "name", "description", "message_ids.body", "message_ids.subject", "message_ids.email_from",
        "message_ids.attachment_ids.name", "website_message_ids.body", "attachment_ids.name",
        "message_ids.mail_import_link_ids.email_id.body_text",
    ),
    "crm.lead": (
        "name", "description", "email_from", "message_ids.body", "message_ids.attachment_ids.name",
        "website_message_ids.body", "message_main_attachment_id.name",
    ),
    "res.partner": ("name", "message_ids.body", "message_ids.subject", "website_message_ids.body",
                    "message_ids.attachment_ids.name", "activity_ids.note",
                    "mail_import_address_ids.address"),
    "res.users": ("partner_id.message_ids.body", "name"),
}  # fmt: skip
"""Paths by which a search could tell what it does not show."""

EXPORTS = {
    "mail.import.email": ["subject", "body", "entry_ids/bcc", "entry_ids/trace_headers",
                          "link_ids/message_id/body", "parent_id/subject", "twin_of_id"],
    "mail.import.entry": ["subject", "bcc", "email_id/body_text", "email_id/entry_ids/bcc",
                          "email_id", "twin_of_id"],
    "mail.import.link": ["subject", "email_id/body_text", "email_id/entry_ids/bcc", "email_id",
                         "message_id/body", "message_id"],
    "mail.import.location": ["entry_id", "entry_id/subject", "quarantine_id"],
    "mail.import.filter": ["name", "folder_id/name", "folder_id"],
    "mail.import.filter.catch": ["subject", "sender", "filter_name", "filter_id"],
    "mail.import.folder": ["name", "parent_id/name"],
    "mail.import.quarantine": ["subject", "email_id", "email_id/body"],
    "mail.message": ["subject", "body", "attachment_ids/name", "parent_id/body", "email_from",
                     "mail_import_link_ids/email_id/body_text"],
    "mail.notification": ["mail_message_id/body", "mail_message_id/subject"],
    "ir.attachment": ["name", "raw", "index_content"],
    "project.task": ["name", "message_ids/body", "message_ids/attachment_ids/name"],
    "crm.lead": ["name", "message_ids/body", "message_ids/attachment_ids/name"],
    "res.partner": ["name", "message_ids/body", "mail_import_address_ids/address"],
    "mail.import.address.state": ["address", "told", "report_ids/said"],
    "mail.import.upload": ["file_names", "attachment_ids/name", "attachment_ids/raw"],
    "mail.import.forwarding": ["account", "code", "link", "entry_id/subject"],
    "mail.template": ["name", "subject", "body_html", "attachment_ids/name"],
    "mail.import.audit": ["checked_at", "line_ids/subject", "line_ids/sender"],
    "mail.import.address": ["address", "partner_id/message_ids/body"],
    "mail.scheduled.message": ["subject", "body"],
}  # fmt: skip

NESTED = {
    "mail.import.email": {
        "entry_ids": {"fields": {"bcc": {}, "trace_headers": {}, "subject": {}}},
        "link_ids": {"fields": {"message_id": {"fields": {"body": {}, "display_name": {}}}}},
        "parent_id": {"fields": {"display_name": {}, "body": {}}},
        "twin_of_id": {"fields": {"display_name": {}, "body_text": {}}},
        "attachment_ids": {"fields": {"name": {}}},
    },
    "mail.import.entry": {
        "email_id": {"fields": {"display_name": {}, "entry_ids": {"fields": {"bcc": {}}}}},
        "twin_of_id": {"fields": {"display_name": {}, "subject": {}}},
        "link_ids": {"fields": {"subject": {}, "record_name": {}}},
    },
    "mail.import.link": {
        "email_id": {"fields": {"display_name": {}, "body": {}, "entry_ids": {"fields": {}}}},
        "message_id": {"fields": {"display_name": {}, "body": {}}},
        "my_entry_id": {"fields": {"display_name": {}, "bcc": {}}},
    },
    "mail.message": {
        "attachment_ids": {"fields": {"name": {}}},
        "parent_id": {"fields": {"body": {}, "display_name": {}}},
    },
    "mail.import.audit": {"line_ids": {"fields": {"subject": {}, "sender": {}}}},
    "res.partner": {"mail_import_address_ids": {"fields": {"address": {}}}},
    "project.task": {"message_ids": {"fields": {"body": {}, "subject": {}}}},
    "crm.lead": {"message_ids": {"fields": {"body": {}, "subject": {}}}},
}

PAGES = ("mail.import.email", "mail.import.entry", "mail.import.link")


class Questions:
    """Everything one user asks about what a history has left."""

    def __init__(self, history, name):
        self.history, self.case, self.name = history, history.case, name
        self.env = history.as_user(history.env["res.users"], name).env
        self.fresh = history.fresh_ids

    def ids(self, model):
        """What is there since the stage was set up, whoever may see it."""
        if model not in self.fresh:
            first, table = self.case.first_ids[model], self.env[model]._table
            self.env.cr.execute(f'SELECT id FROM "{table}" WHERE id > %s', [first])
            self.fresh[model] = [id_ for [id_] in self.env.cr.fetchall()]
        return self.fresh[model]

    def attempt(self, ask):
        self.case.questions_asked += 1
        try:
            return ask()
        except REFUSED:
            return None

    def of_model(self, model):
        """By search and by number: everything that can be read of it."""
        Model, ids = self.env[model], self.ids(model)
        if not ids or not Model.has_access("read"):
            return
        found = self.attempt(lambda: Model.search([("id", "in", ids)])) or Model
        allowed = self.attempt(lambda: Model.browse(ids)._filtered_access("read")) or Model
        names = self.readable_fields(model)
        both = found | allowed
        yield "read", self.attempt(lambda: both.read(names))
        if found != both:
            yield "read", self.attempt(lambda: found.read(names))
        for record in Model.browse(ids) - both:
            yield f"read of {record}", self.attempt(lambda r=record: r.read(names))
            break

    def readable_fields(self, model):
        cached = self.case.readable_fields.setdefault(self.name, {})
        if model not in cached:
            described = self.env[model].fields_get(attributes=["type", "store"])
            cached[model] = [
                name
                for name, about in described.items()
                if about["type"] in READ_TYPES
                and name not in LEFT_OUT
                and (about["store"] or model.startswith(COMPUTED_TOO) or name == "display_name")
            ]
        return cached[model]

    def in_groups(self, model):
        Model, ids = self.env[model], self.ids(model)
        if not ids:
            return
        domain = [("id", "in", ids)]
        by = {"mail.import.link": "email_id", "mail.import.entry": "email_id",
              "mail.message": "parent_id", "mail.notification": "mail_message_id",
              "mail.import.location": "entry_id"}.get(model, "create_uid")  # fmt: skip
        yield (
            "web_read_group",
            self.attempt(lambda: Model.web_read_group(domain, [by], ["__count"])),
        )
        yield "formatted", self.attempt(lambda: Model.formatted_read_group(domain, [by]))
        yield "name_search", self.attempt(lambda: Model.name_search("zq", domain, limit=None))
        yield "names", self.attempt(lambda: Model.name_search("", domain, limit=None))

    def counted(self, model):
        """How many a group has must be how many a search shows."""
        Model, ids = self.env[model], self.ids(model)
        domain = [("id", "in", ids)]
        found = self.attempt(lambda: len(Model.search(domain))) or 0
        several = (
            self.attempt(lambda: Model._read_group(domain, [], ["__count"])[0][0]),
            self.attempt(lambda: Model.search_count(domain)),
            self.attempt(lambda: Model.web_search_read(domain, {})["length"]),
        )
        return found, [count for count in several if count is not None]

    def exported(self, model):
        Model, ids = self.env[model], self.ids(model)
        if not ids or not self.env.user._is_internal():
            return
        found = self.attempt(lambda: Model.search([("id", "in", ids)])) or Model
        paths = EXPORTS[model]
        yield "export", self.attempt(lambda: found.export_data(paths))
        for path in paths:
            yield f"export {path}", self.attempt(lambda p=path: found.export_data([p]))
        rest = Model.browse(ids) - found
        yield "export of others", self.attempt(lambda: rest[:1].export_data(paths))

    def nested(self, model):
        Model, ids = self.env[model], self.ids(model)
        if not ids:
            return
        for name, spec in NESTED[model].items():
            yield (
                f"web_search_read {name}",
                self.attempt(
                    lambda n=name, s=spec: Model.web_search_read([("id", "in", ids)], {n: s})
                ),
            )

    def guesses(self, model, words):
        """Words that a search finds without showing them: ``(path, found ids)``."""
        Model = self.env[model]
        if not words or not Model.has_access("read"):
            return
        for path in HIDDEN[model]:
            domain = Domain.OR([Domain(path, "ilike", word) for word in words])
            if found := self.attempt(lambda d=domain: Model.search(d, limit=5)):
                for word in words:
                    alone = [(path, "ilike", word)]
                    if self.attempt(lambda d=alone: Model.search(d, limit=1)):
                        yield path, found, word

    def banners(self, name):
        """What stands above the form of a contact or lead, and above a letter to them."""
        record = self.history.records[name].with_env(self.env)
        if not record.sudo().exists() or "mail_import_bounced" not in record._fields:
            return
        yield "banner", self.attempt(lambda: record.read(["mail_import_bounced"]))
        address = self.attempt(lambda: record.email_normalized)
        opt_out = self.env["mail.import.opt.out"]
        yield "words", self.attempt(lambda: opt_out._words([address]))

    def pages(self, model):
        """What the page of an e-mail shows: its conversation, its people, and what opens it."""
        for record in self.env[model].browse(self.ids(model)):
            yield "page_thread", self.attempt(lambda r=record: r.page_thread(100, 100))
            yield "page_letter", self.attempt(lambda r=record: r.page_letter())
            yield "page_open", self.attempt(lambda r=record: r.page_open())

    def chatter(self, name):
        """What the chatter of a record shows, as the client fetches it."""
        record = self.history.records[name].with_env(self.env)
        if not record.sudo().exists():
            return
        Message = self.env["mail.message"]
        yield (
            f"chatter of {name}",
            self.attempt(
                lambda: Message._message_fetch(domain=None, thread=record)["messages"].read(
                    ["body", "subject", "email_from"]
                )
            ),
        )


def words_in(answer):
    """Secret words in any answer, those in files included."""
    found, waiting = set(), [answer]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += [*value.values(), *value]
        elif isinstance(value, (list, tuple)):
            waiting += value
        elif isinstance(value, bytes):
            found |= _in_bytes(value)
        elif value:
            found |= set(CANARY.findall(str(value)))
    return found


def _in_bytes(value):
    text = value.decode(errors="replace")
    with suppress(binascii.Error, ValueError):
        text += base64.b64decode(value, validate=True).decode(errors="replace")
    return set(CANARY.findall(text))
