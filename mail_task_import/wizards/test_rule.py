"""The dialog of *Test*: a pasted or a stored mail, and what would become of it. Nothing stays."""

import base64
import binascii
import re

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..actions import in_dialog
from ..exceptions import CONFLICTS
from ..rehearsing import Notes, rehearsing

MOST_BYTES = 10_000_000
MARK = "\ufeff"
"""What some editors write before a text."""
HEADERS = re.compile(rb"(from|to|cc|subject|date|message-id|received)[ \t]*:", re.IGNORECASE)


class MailImportRuleTest(models.TransientModel):
    _name = "mail.import.rule.test"
    _inherit = ["mail.import.text.mixin", "mail.import.moved.mixin"]
    _description = "Test of Import Rules"

    rule_id = fields.Many2one(
        "mail.import.rule",
        "As If Switched On",
        readonly=True,
        ondelete="cascade",
        help="All rules are tried in their order; this one, too, where it is not switched on.",
    )
    mailbox_id = fields.Many2one(
        "mail.import.mailbox", "Comes Into", required=True, ondelete="cascade"
    )
    source = fields.Selection(
        [("pasted", "Pasted text"), ("file", "An .eml file"), ("stored", "A stored e-mail")],
        "What to Test",
        required=True,
        default="pasted",
    )
    pasted = fields.Text(help="With its headers: From, To, Subject and so on.")
    eml = fields.Binary("File", attachment=False)
    eml_name = fields.Char("File Name")
    entry_id = fields.Many2one(
        "mail.import.entry", "E-mail", domain="[('direction', '=', 'incoming')]", ondelete="cascade"
    )
    result = fields.Html(readonly=True, sanitize=False)

    @api.constrains("rule_id", "mailbox_id", "entry_id")
    def _check_what_is_tested(self):
        """Nobody tests with rules, mailboxes or e-mails that are not theirs to read."""
        # constraints run as superuser; the user is meant
        for test in self.sudo(False):
            test._check_may_test()

    def _check_may_test(self):
        self.rule_id.check_access("read")
        self.entry_id.check_access("read")
        mailbox = self.mailbox_id
        mailbox.check_access("read")
        if not mailbox.may_read and not (mailbox.kind == "group" and mailbox.may_set_up):
            raise AccessError(self.env._("Test with a mailbox that you read or set up."))

    @api.model
    def _open(self, mailbox, rule):
        if not mailbox:
            raise UserError(self.env._("There is no mailbox that you read or set up."))
        test = self.create({"mailbox_id": mailbox.id, "rule_id": rule.id})
        return test._show()

    def _show(self):
        return in_dialog(self, self.env._("Test"))

    def _try_later(self):
        """From the browser: what this call has made, the trial would not see yet."""
        params = {"model": self._name, "id": self.id}
        return {"type": "ir.actions.client", "tag": "mail_import_try_rule", "params": params}

    def action_test(self):
        self.ensure_one()
        self._check_may_test()
        incoming = self._incoming()
        # superuser, as the importer
        importer = self.env["mail.import.importer"]._as_importer()
        importer = importer.with_company(self.mailbox_id.company_id)
        notes = Notes(rule_ids=self.rule_id.ids)
        try:
            with rehearsing(importer.env, notes) as env:
                mailbox = env["mail.import.mailbox"].browse(self.mailbox_id.id)
                reader = env["res.users"].browse(self.env.uid)
                report = env["mail.import.rule"]._report_on(mailbox, incoming, reader)
        except CONFLICTS as error:
            raise UserError(self.env._("Other work got in the way. Test again.")) from error
        report["bare"] = isinstance(incoming, bytes) and _is_bare(incoming)
        # sudo: what the dialog says is written by it alone
        self.sudo().result = self._in_words(report)
        return self._show()

    def _incoming(self):
        """Bytes of a mail, or an entry."""
        if self.source == "stored" and self.entry_id:
            return self.entry_id
        content = b""
        if self.source == "pasted":
            pasted = (self.pasted or "").lstrip(MARK).strip()
            content = "\r\n".join(pasted.splitlines()).encode()
        elif self.source == "file":
            content = self._file()
        if not content:
            raise UserError(self.env._("Paste a mail, or choose one."))
        if len(content) > MOST_BYTES:
            raise UserError(self.env._("The mail is too large: 10 MB are the most."))
        return content

    def _file(self):
        try:
            return base64.b64decode(self.eml or b"").removeprefix(MARK.encode())
        except binascii.Error as error:
            raise UserError(self.env._("The file could not be read.")) from error


def _is_bare(content):
    """Whether a mail begins with none of the headers that mails have."""
    head = content.split(b"\r\n\r\n" if b"\r\n\r\n" in content else b"\n\n", 1)[0]
    return not any(HEADERS.match(line) for line in head.splitlines())
