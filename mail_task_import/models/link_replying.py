"""What a reply does to its record, by the rule that ``rule_replying.py`` found: carried out with
its publication, in the same transaction.
"""

import logging

from markupsafe import Markup

from odoo import api, fields, models

from ..access import as_superuser
from ..exceptions import is_no_mails_fault
from .reference import digest_of

_logger = logging.getLogger(__name__)

LONGEST_CHAIN = 20
"""Records that took each other's place."""


class MailImportLink(models.Model):
    _inherit = "mail.import.link"

    after_model = fields.Char(readonly=True)
    after_id = fields.Many2oneReference(
        "Goes On From",
        model_field="after_model",
        readonly=True,
        help="The closed record that was answered when the mail made this one.",
    )

    _by_record_before = models.Index("(after_model, after_id) WHERE after_id IS NOT NULL")

    @api.model
    def _latest_after(self, record):
        """The record that took the place of a closed one, and so on to the last; else itself."""
        for _step in range(LONGEST_CHAIN):
            link = self.search(
                [("after_model", "=", record._name), ("after_id", "=", record.id)],
                order="id desc",
                limit=1,
            )
            later = link and link._existing_record()
            if not later or later == record:
                break
            record = later
        return record

    @api.model
    def _as_mate(self, batch, mail):
        """An answer within the batch is a reply too, to a record that is only just there."""
        mail.decisions = super()._as_mate(batch, mail)
        told = len(mail.journal)
        self.env["mail.import.rule"]._govern(batch, mail, may_begin=False)
        if len(mail.journal) > told and mail.entry:
            mail.entry.journal = mail.journal
        return mail.decisions

    @api.model
    def _values(self, linking):
        values = super()._values(linking)
        if before := linking.decision.after:
            values |= {"after_model": before._name, "after_id": before.id}
        return values

    @api.model
    def _make_records(self, batch, linkings):
        """Two answers to a closed record that meet in two workers make one new record."""
        self.env["mail.import.claim"]._claim(
            [
                digest_of(f"<after {before._name},{before.id}>")
                for linking in linkings
                if (before := linking.decision.after)
            ]
        )
        return super()._make_records(batch, linkings)

    @api.model
    def _publish_imported(self, batch, linkings):
        super()._publish_imported(batch, linkings)
        for linking in linkings:
            if linking.decision.changes and linking.link.message_id:
                self._change(batch, linking)
            if linking.made and linking.decision.after:
                self._name_each_other(linking.decision.after, linking.decision.record)

    @api.model
    def _change(self, batch, linking):
        """Write the stage, or what reopens the record. Old mail tells nobody of it.

        A record that refuses, by a rule of some add-on, keeps its mail all the same.
        """
        Target = self.env["mail.import.target"].with_context(
            mail_import_quiet=self._is_quiet(batch, linking.mail)
        )
        company = linking.mail.owner_mailbox.company_id
        record = Target._gateway_model(linking.decision.record, company)
        try:
            with self.env.cr.savepoint():
                Target._apply_changes(record, dict(linking.decision.changes))
                record.flush_recordset()
        except Exception as error:
            if is_no_mails_fault(error):
                raise
            _logger.warning("%s is not changed by a reply", record, exc_info=True)
            self._note_refused(linking)

    @api.model
    def _note_refused(self, linking):
        rule, mail = linking.decision.rule, linking.mail
        mail.note("operation", "refused", rule=rule.id, name=rule.name)
        if mail.entry:
            mail.entry.journal = mail.journal

    @api.model
    def _name_each_other(self, old, new):
        """A note in both chatters. Only numbers: who reads one may be no reader of the other."""
        names = {record: self._number_of(record) for record in (old, new)}
        for here, there in ((old, new), (new, old)):
            here = as_superuser(here)._fallback_lang()
            words = (
                here.env._("This was closed when an answer came. It goes on in %s.")
                if here == old
                else here.env._("This goes on from %s, which was closed when this answer came.")
            )
            here.message_post(
                body=Markup("%s") % Markup.escape(words) % there._get_html_link(names[there]),
                subtype_xmlid="mail.mt_note",
            )

    @api.model
    def _number_of(self, record):
        code = self.env["mail.import.target"]._of_record(record).code
        return f"{code}-{record.id}" if code else str(record.id)
