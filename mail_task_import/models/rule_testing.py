"""*Test this rule*: the steps of the importer with one mail, rehearsed, and what each of them said.

The report holds plain values: it outlives the transaction in which everything happened.
"""

import logging

from odoo import api, models

from ..access import as_seen_by
from ..batch import DUPLICATE, FILTERED, Batch
from ..exceptions import CONFLICTS
from ..receivers.raw_mail import RawMail
from ..rehearsal_notes import kind_of_unlinked
from .filter_facts import Facts

_logger = logging.getLogger(__name__)
MOST_VALUES = 30
SHOWN = ("partner_id", "project_id", "team_id", "user_ids", "user_id", "stage_id", "tag_ids")
"""What people ask of a new record, whoever said it."""


class MailImportRule(models.Model):
    _inherit = "mail.import.rule"

    def action_test(self):
        self.ensure_one()
        self.check_access("read")
        return self.env["mail.import.rule.test"]._open(self._mailbox_to_try(), self)

    # -- in a rehearsal, as the importer -----------------------------------------------------------

    @api.model
    def _report_on(self, mailbox, incoming, reader):
        """Everything that happens to a mail, as plain values.

        :param incoming: the bytes of a mail, or the entry of a stored one
        :param reader: the ``res.users`` who asks: what is not theirs to read is left out
        """
        report = {"filters": [], "rules": [], "journal": [], "kind": "", "error": ""}
        try:
            batch = self._batch_to_test(mailbox, incoming)
            self._follow(batch, report, reader)
        except CONFLICTS:
            raise
        except Exception as error:
            _logger.info("A mail that was tested failed", exc_info=True)
            report["kind"] = "quarantined"
            report["error"] = self.env["mail.import.importer"]._why_failed(error)
        return report

    @api.model
    def _batch_to_test(self, mailbox, incoming):
        if isinstance(incoming, bytes):
            mail = self.env["mail.import.importer"]._receive(mailbox, RawMail(incoming))
            batch = Batch(mailbox, [mail], again=True)
            self.env["mail.import.email"]._recognise(batch)
            # what was deleted, or is here, is looked at as if it came in now
            mail.state = ""
            return batch
        (mail,) = incoming.with_env(mailbox.env)._as_known_mails(mailbox)
        return Batch(mailbox, [mail], again=True)

    @api.model
    def _follow(self, batch, report, reader):
        (mail,) = batch.mails
        self.env["mail.import.target"]._look_up(batch)
        self._report_filters(batch, mail, report)
        report["sender"] = self._facts(batch, mail).kind
        if mail.state != FILTERED:
            self.env["mail.import.target"]._decide_links(batch)
            report["step"] = mail.decisions[0].step if mail.decisions else ""
        self._report_rules(batch, mail, report)
        if mail.state == FILTERED:
            report["kind"], report["journal"] = "filtered", mail.journal
            return
        self._store_for_test(batch, mail)
        report["journal"] = mail.journal
        self._report_result(batch, mail, report, reader)

    @api.model
    def _report_filters(self, batch, mail, report):
        """Each filter in order, up to the first match of its scope, and what they decide."""
        filters = self.env["mail.import.filter"]
        scopes, facts = filters._scopes_of(batch.mailbox), Facts(batch, mail)
        hits = filters._hits(scopes, facts)
        for scope in scopes:
            explained = list(scope.explain(facts))
            report["filters"] += [(one.id, said, held) for one, said, held in explained]
            if any(held and one.ends for one, _said, held in explained):
                break
        if hits:
            filters._carry_out(batch, mail, hits)

    @api.model
    def _report_rules(self, batch, mail, report):
        book, facts = self._book_for(mail.owner_mailbox), self._facts(batch, mail)
        for rule in book.rules:
            conditions = [
                (condition.name, condition.of, bool(held))
                for condition, held in rule.explain(facts)
            ]
            report["rules"].append((rule.id, conditions))

    @api.model
    def _store_for_test(self, batch, mail):
        if not mail.email:
            self.env["mail.import.email"]._store(batch)
            self.env["mail.import.entry"]._store(batch)
            self.env["mail.import.link"]._store(batch)
            self.env["mail.import.confirmation"]._confirm(batch)
            mail.journal = mail.entry.journal or []
        else:
            mail.state = DUPLICATE
            self.env["mail.import.link"]._store(batch)
        self.env.flush_all()

    @api.model
    def _report_result(self, batch, mail, report, reader):
        records = [one for one in mail.decisions if one.record]
        made = [one for one in records if one.target or one.alias]
        report["kind"] = "made" if made else "linked"
        if mail.set_aside or all(one.suggested for one in records):
            folder = self.env["mail.import.folder"].browse(mail.filing.get("folder_id"))
            folder = folder or self.env["mail.import.entry"]._folder(batch, mail)
            report["kind"] = kind_of_unlinked(mail, folder, records)
        report["records"] = [
            (one.record._name, one.record.id) for one in records if one not in made
        ]
        if made:
            report["made"] = self._report_made(made[0], reader)

    @api.model
    def _report_made(self, decision, reader):
        """Of a record that the reader will not be let read nothing but its kind is told."""
        record, actor = decision.record, decision.actor
        seen = as_seen_by(record, reader)
        if not seen.has_access("read"):
            return {"model": record._name}
        shown = {
            name: _shown(record, name, reader)
            for name in dict.fromkeys([*decision.values, *SHOWN])
            if name in record._fields and seen._has_field_access(record._fields[name], "read")
        }
        return {
            "model": record._name,
            "title": record.display_name,
            "actor": actor.name if actor and _readable(actor, reader) else False,
            "followers": _readable(record.message_partner_ids, reader).mapped("display_name"),
            "values": {name: value for name, value in shown.items() if value is not False},
        }


def _readable(records, reader):
    """Those that the reader may read, as superuser."""
    return as_seen_by(records, reader)._filtered_access("read").with_env(records.env)


def _shown(record, name, reader):
    """The value of a field as people read it; "" where it is not the reader's to see, and False
    where there is none.
    """
    field = record._fields[name]
    if not record[name]:
        return False
    if field.relational:
        return ", ".join(_readable(record[name][:MOST_VALUES], reader).mapped("display_name"))
    if field.type == "selection":
        return dict(field._description_selection(record.env)).get(record[name], "")
    return str(record[name])[:500]
