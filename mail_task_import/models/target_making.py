"""Making records of mails: by the host's ``message_new``, which each model extends its own way.

``message_new`` takes one mail and makes one record, but fifty records made by one ``create`` take
a third of the time of fifty made by fifty. So where every add-on's ``message_new`` was read, it is
called twice: the first call ends where it creates, and tells with which values; then all records
are made at once; the second call is given its own, and goes on to its end.
"""

import re
from ast import literal_eval

from odoo import api, fields, models
from odoo.tools import groupby

from ..access import as_superuser
from ..answering import contained
from ..mime.quoted_html import new_html

PICTURE = re.compile(r'<img\b[^>]*\bsrc="/web/image/\d+[^>]*>')
MAKING_READ = frozenset(
    ("mail", "mass_mailing", "crm", "project", "helpdesk_mgmt", "mail_task_import")
)
"""Add-ons whose ``message_new`` changes nothing before it creates."""


class _Asked(BaseException):
    """``message_new`` wants to create; no handler of errors is meant to see it."""

    def __init__(self, model, values):
        super().__init__()
        self.model, self.values = model, values


class MailImportTarget(models.Model):
    _inherit = "mail.import.target"

    @api.model
    def _make_records(self, asked):
        """Make the records that mails become, and write them into the decisions.

        :param asked: ``[(mail, decision)]``, each decision with a target or an alias
        """
        self._make_contacts(asked)
        # the host would find, and believe, whoever has the address of a sender who is not believed
        self.env.cr.cache["mail_task_import.unbelieved"] = {
            mail.parsed.sender.email for mail, _decision in asked if not mail.author
        }
        for (name, company), some in groupby(asked, lambda one: self._model_to_make(*one)):
            some = list(some)
            Model = self._gateway_model(self.env[name], company)
            news = [self._new_of(mail, decision) for mail, decision in some]
            for (_mail, decision), record in zip(some, _message_news(Model, news), strict=True):
                decision.record = record

    @api.model
    def _model_to_make(self, mail, decision):
        name = decision.alias.alias_model_id.model if decision.alias else decision.target.model
        return name, mail.owner_mailbox.company_id

    @api.model
    def _new_of(self, mail, decision):
        """``(msg_dict, custom_values)`` of the ``message_new`` that makes the record."""
        message = self._message_dict(mail)
        described = decision.target._described_by(message) if decision.rule else {}
        return message, self._new_values(mail, decision, **described)

    @api.model
    def _new_values(self, mail, decision, **described):
        """What the alias, or the target and the mailbox, fix for a new record.

        :param described: values by the text of the mail, which is asked of a rule's records alone
        """
        if decision.alias:
            return literal_eval(decision.alias.alias_defaults)
        target = decision.target
        return {
            **literal_eval(target.create_values),
            **target._mailbox_values(mail.owner_mailbox),
            **described,
            **decision.values,
        }

    def _described_by(self, message):
        """``{"description": HTML}`` of a record that a rule makes of a mail.

        None where the model takes it, with its pictures, from the message in its chatter.
        """
        Model = self.env[self.model]
        described = Model._fields.get("description")
        by_chatter = getattr(Model, "_mail_import_described_by_chatter", False)
        if by_chatter or not described or described.type != "html":
            return {}
        return {"description": message["body"]}

    @api.model
    def _make_contacts(self, asked):
        """Unknown senders become contacts where the target says so, each address once."""
        made = self._new_contacts(
            mail.parsed.sender
            for mail, decision in reversed(asked)
            if mail.parsed.sender.email and self._may_make_contact(mail, decision)
        )
        for mail, decision in asked:
            if self._may_make_contact(mail, decision):
                mail.author = made.get(mail.parsed.sender.email)
                if mail.author and mail.email and not (mail.unverified or mail.email.unverified):
                    # stored before there was the contact: its message has an author, too
                    mail.email.author_id = mail.author

    @api.model
    def _new_contacts(self, addresses):
        """``{e-mail: contact}``, for all companies; of one address the last name counts."""
        names = {address.email: address.name or address.email for address in addresses}
        contacts = self.env["res.partner"].create(
            [{"name": name, "email": email, "company_id": False} for email, name in names.items()]
        )
        return dict(zip(names, contacts, strict=True))

    @api.model
    def _may_make_contact(self, mail, decision):
        """An address that may be another's is no contact of the sender's."""
        if mail.author or mail.is_forged:
            return False
        if decision.rule:
            return decision.rule._makes_contact(mail)
        return bool(decision.target and decision.target.creates_contact)

    @api.model
    def _gateway_model(self, Model, company):
        """The model as the host's own gateway calls it: as superuser, nobody subscribed."""
        return as_superuser(
            Model.with_company(company),
            mail_create_nosubscribe=True,
            mail_create_nolog=True,
            fetchmail_cron_running=True,
            mail_import_no_partner=True,
            mail_notify_force_send=False,
            # without tracking no template of a stage answers old mail
            tracking_disable=bool(self.env.context.get("mail_import_quiet")),
        )

    def _mailbox_values(self, mailbox):
        """What the mailbox fixes for records of this target; bridges add their own."""
        self.ensure_one()
        values = {}
        if self.model == "project.task" and mailbox.default_project_id:
            values["project_id"] = mailbox.default_project_id.id
        if self.model == "crm.lead" and mailbox.default_team_id:
            values["team_id"] = mailbox.default_team_id.id
        return values

    @api.model
    def _message_dict(self, mail):
        """What the host's ``message_new`` and ``message_update`` get.

        To and Cc are empty: the host subscribes every known partner it finds there, and makes
        assignees of employees. Who follows a task reads it; so anybody who ever wrote in its
        thread would open the rest of it by a copy to himself.

        The body is what the writer wrote, without what is quoted, nor the pictures: those of the
        e-mail are its readers' alone; the chatter has copies of its own.
        """
        parsed = mail.parsed
        sender = str(parsed.sender)
        return {
            "message_type": "email",
            "message_id": parsed.message_id,
            "subject": parsed.subject,
            "from": sender,
            "email_from": sender,
            "author_id": mail.author.id or False if mail.author else False,
            "to": "",
            "cc": "",
            "recipients": "",
            "partner_ids": [],
            "references": " ".join(parsed.references),
            "in_reply_to": " ".join(parsed.in_reply_to),
            "body": contained(new_html(PICTURE.sub("", mail.email.body or ""))),
            "attachments": [],
            "date": fields.Datetime.to_string(mail.email.date),
            "is_internal": False,
            "bounced_email": False,
            "is_bounce": False,
        }


def _message_news(Model, news):
    """``message_new`` of each ``(msg_dict, custom_values)``; made together where that can be."""
    if len(news) == 1 or not _is_read(Model):
        return [Model.message_new(*new) for new in news]
    asked = [_what_is_asked(Model, new) for new in news]
    ready = {}
    for env in {model.env for model, _values in asked}:
        mine = [place for place, (model, _values) in enumerate(asked) if model.env is env]
        records = Model.with_env(env).create([asked[place][1] for place in mine])
        ready.update(zip(mine, records, strict=True))
    return [_with_record(Model, new, ready[place]) for place, new in enumerate(news)]


def _is_read(Model):
    return MAKING_READ.issuperset(
        cls.__module__.split(".")[2] for cls in type(Model).__mro__ if "message_new" in vars(cls)
    )


def _what_is_asked(Model, new):
    """``(model, values)`` of the ``create`` that ``message_new`` would call."""
    msg_dict, values = new

    def ask(model, values):
        raise _Asked(model, values)

    try:
        _creating_by(Model, ask).message_new(dict(msg_dict), dict(values))
    except _Asked as asked:
        return asked.model, asked.values
    raise TypeError(f"message_new of {Model._name} makes no record")


def _with_record(Model, new, record):
    return _creating_by(Model, lambda _model, _values: record).message_new(*new)


def _creating_by(Model, create):
    """The model with another ``create``; nobody else who creates such records meets it."""
    cls = type(Model)
    changed = type(cls)(cls.__name__, (cls,), {"_register": False, "create": create})
    return changed(Model.env, Model._ids, Model._prefetch_ids)
