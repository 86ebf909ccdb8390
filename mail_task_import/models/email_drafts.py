"""Drafts: e-mails that are being written here, how they answer others, and who may change them.

How a finished draft goes out is in ``email_draft_sending.py``.
"""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime
from odoo.tools.mail import email_normalize_all

from ..answering import (
    answer_subject,
    new_body,
    people,
    picture_ids,
    with_pictures,
    with_signature,
)
from .ir_attachment import AS_IT_CAME

WRITTEN_IN_DRAFTS = {
    "subject", "to", "cc", "bcc", "body", "attachment_ids", "mailbox_id", "signature_id",
    "sends_by",
}  # fmt: skip


class MailImportEmail(models.Model):
    _inherit = "mail.import.email"

    mailbox_id = fields.Many2one(
        "mail.import.mailbox",
        "Leaves From",
        compute="_compute_mailbox_id",
        inverse="_inverse_mailbox_id",
        compute_sudo=True,
    )
    sendable_mailbox_ids = fields.Many2many(
        "mail.import.mailbox", compute="_compute_sendable_mailbox_ids"
    )
    signature_id = fields.Many2one(
        "mail.import.signature", "Alias", ondelete="set null", copy=False
    )
    parent_id = fields.Many2one(
        "mail.import.email",
        "Answers",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        copy=False,
        groups=fields.NO_ACCESS,
    )
    written_as = fields.Selection(
        [
            ("new", "New e-mail"),
            ("reply", "Reply"),
            ("reply_all", "Reply to all"),
            ("forward", "Forward"),
        ],
        readonly=True,
        copy=False,
    )

    goes_elsewhere = fields.Char(compute="_compute_goes_elsewhere", compute_sudo=True)

    # -- the mailbox that it leaves from --------------------------------------------------------

    @api.depends("entry_ids.mailbox_id", "entry_ids.direction")
    def _compute_mailbox_id(self):
        for email in self:
            email.mailbox_id = email._mailbox()

    def _inverse_mailbox_id(self):
        for email in self:
            mailbox = email.mailbox_id
            if not mailbox:
                if email.sends_by == "company":
                    continue
                raise UserError(self.env._("Choose the mailbox that the e-mail leaves from."))
            mailbox._check_may_send()
            # sudo: the owner's entry is made and moved here, after the check above
            entry = email.sudo().entry_ids[:1]
            if entry.mailbox_id != mailbox:
                entry.write(
                    {
                        "mailbox_id": mailbox.id,
                        "user_id": mailbox.sudo().owner_id.id,
                        "visibility": mailbox.sudo().visibility,
                    }
                )

    @api.depends_context("uid")
    def _compute_sendable_mailbox_ids(self):
        self.sendable_mailbox_ids = self.env["mail.import.mailbox"]._sendable()

    @api.onchange("mailbox_id", "signature_id")
    def _onchange_signature(self):
        """The signature below the text is that of the name under which the mail is written."""
        if self.signature_id.mailbox_id != self.mailbox_id:
            self.signature_id = self._signature_of_last_time()
        self.body = with_signature(self.body, self._signature_here()[0])

    @api.depends("to", "cc", "parent_id", "written_as", "mailbox_id")
    def _compute_goes_elsewhere(self):
        """A Reply-To leads the answer to an unverified sender away from whom it names."""
        for email in self:
            parent = email.parent_id
            marked = parent._is_marked_in(email.mailbox_id)
            elsewhere = marked and email._answered_elsewhere()
            email.goes_elsewhere = elsewhere and self.env._(
                "Your answer goes to %(addresses)s, not to the address in From, %(sender)s.",
                addresses=elsewhere,
                sender=parent.from_email or "–",
            )

    def _is_marked_in(self, mailbox):
        """To those who read this mailbox."""
        entries = self.entry_ids.filtered(lambda entry: entry.mailbox_id == mailbox)
        return bool(self.unverified or "fail" in entries.mapped("verdict"))

    def _answered_elsewhere(self):
        """Addresses of the draft that are the question's Reply-To, but not its From."""
        parent = self.parent_id
        asked = set(email_normalize_all(parent.reply_to)) - {parent.from_email}
        written = email_normalize_all(f"{self.to or ''}, {self.cc or ''}")
        is_answer = self.written_as in ("reply", "reply_all")
        return ", ".join(one for one in written if is_answer and one in asked)

    # -- who reads and changes what -------------------------------------------------------------

    @api.depends("state")
    def _compute_visibility(self):
        """What is not sent yet is read in its mailbox only, whatever record it will belong to."""
        result = super()._compute_visibility()
        self.filtered(lambda email: email.state == "draft").visibility = "owner"
        return result

    def _check_access(self, operation):
        """Mail that came in, or went out, is nobody's to change; neither are its files."""
        result = super()._check_access(operation)
        if self.env.su or operation != "write" or not self:
            return result
        rest = self - result[0] if result else self
        finished = rest.filtered(lambda email: email.sudo().state != "draft")
        if not finished:
            return result
        if result:
            return result[0] + finished, result[1]
        return finished, finished._finished_error

    def _finished_error(self):
        return AccessError(self.env._("Only drafts can be changed, mail that is stored cannot."))

    def write(self, vals):
        if not self.env.su and set(vals) - WRITTEN_IN_DRAFTS:
            raise AccessError(
                self.env._("Of a draft you write its sender, recipients, subject, text and files.")
            )
        result = super().write(vals)
        if "attachment_ids" in vals and not self.env.su:
            # sudo: also of files that the user cannot see; sending one would give it away
            files = self.sudo().attachment_ids
            files.sudo(False).check_access("read")
        if vals.get("signature_id") and not self.env.su:
            # sudo: also of one that the user cannot see; recipients would be shown its name
            self.sudo().signature_id.sudo(False).check_access("read")
        if set(vals) & (WRITTEN_IN_DRAFTS - {"body"}):
            drafts = self.filtered(lambda email: email.state == "draft")
            drafts._synchronise_entries()
        return result

    def _synchronise_entries(self):
        """What the list shows of a draft is stored on its entry."""
        for email in self:
            # sudo: users do not write what an entry repeats of its e-mail
            email_sudo = email.sudo()
            has_files = bool(email_sudo.attachment_ids)
            email_sudo.write({"has_attachments": has_files, **email_sudo._sender_values()})
            email_sudo.entry_ids.write(
                {
                    "sender": email_sudo.sender,
                    "subject": email_sudo.subject,
                    "has_attachments": email_sudo.has_attachments,
                }
            )

    def _sender_values(self):
        mailbox = self.mailbox_id
        return {
            "from_name": self.signature_id.name or mailbox.name,
            "from_email": mailbox._sender_address(),
        }

    # -- writing --------------------------------------------------------------------------------

    @api.model
    def _answer(self, entry, written_as):
        """A draft that replies to, or forwards, the e-mail of ``entry``; access was checked."""
        # sudo: of the parent, which the user reads, the thread and links are taken over
        parent = entry.email_id.sudo()
        values = {
            "written_as": written_as,
            "parent_id": parent.id,
            "subject": answer_subject(written_as, parent.subject),
            "references_text": parent._references_of_answers(),
        }
        if written_as != "forward":
            values |= parent._answer_recipients(entry.mailbox_id, to_all=written_as == "reply_all")
        draft = self._new_draft(entry.mailbox_id, values, quoted=parent)
        draft.sudo()._take_over_links(parent, user_id=self.env.uid)
        draft._sign_as_last_time()
        return draft

    @api.model
    def _new_draft(self, mailbox, values, quoted=None):
        """Make a draft with its entry in Drafts, and return it as the user sees it."""
        mailbox, values = self._new_sender(mailbox, values)
        # sudo: e-mails are not created by RPC, only here, after the check above
        mailbox, Email = mailbox.sudo(), self.sudo()
        signature = self.env["mail.import.signature.choice"].sudo()._signature_in(mailbox)
        draft = Email.create(
            {
                "state": "draft",
                "direction": "outgoing",
                "signature_id": signature.id,
                "from_name": signature.name or mailbox.name,
                "from_email": mailbox._sender_address(),
                "company_id": (mailbox.company_id or self.env.company).id,
                "decided": True,
                **values,
            }
        )
        quote = draft._quote(quoted) if quoted else Markup()
        draft.body = new_body(draft.sudo(False)._signature_here()[0], quote)
        draft._store_references((draft.references_text or "").split())
        draft._file_as_sent(mailbox, folder="drafts")
        return draft.sudo(False)

    @api.model
    def _new_sender(self, mailbox, values):
        """The mailbox that a new draft leaves from, with its values; the user may send from it."""
        mailbox._check_may_send()
        return mailbox, values

    def _references_of_answers(self):
        chain = [*(self.references_text or "").split(), self.message_id or ""]
        return " ".join(list(dict.fromkeys(filter(None, chain)))[-50:])

    def _answer_recipients(self, mailbox, to_all):
        """To and Cc of an answer: never an address of the mailbox itself."""
        own = mailbox._own_addresses()
        outgoing = self.direction == "outgoing"
        to = people(self.to if outgoing else self.reply_to or self.sender, own)
        cc = {}
        if to_all:
            to |= {} if outgoing else people(self.to, own | set(to))
            cc = people(self.cc, own | set(to))
        return {"to": ", ".join(to.values()), "cc": ", ".join(cc.values())}

    def _take_over_links(self, parent, **more):
        """The records of the question are those of the answer; published when it is sent."""
        return self.env["mail.import.link"].create(
            [
                {
                    "email_id": self.id,
                    "res_model": link.res_model,
                    "res_id": link.res_id,
                    "target_id": link.target_id.id,
                    "step": "reply",
                    **more,
                }
                for link in parent.link_ids
                if not link.suggested
            ]
        )

    # -- quoting --------------------------------------------------------------------------------

    def _quote(self, parent):
        """The question below the answer, as mail programs have it; its pictures come along."""
        body = parent.body or Markup("<pre>%s</pre>") % (parent.body_text or "")
        body = self._copy_files(parent, body, all_files=self.written_as == "forward")
        if self.written_as == "forward":
            return Markup("<p>%s</p>%s%s") % (
                self.env._("---------- Forwarded message ----------"),
                self._forwarded_header(parent),
                body,
            )
        line = self.env._(
            "On %(date)s, %(sender)s wrote:",
            date=format_datetime(self.env, parent.date),
            sender=parent.sender or "",
        )
        return Markup(
            '<p>%s</p><blockquote type="cite" data-o-mail-quote="1" style="margin: 0 0 0 8px; '
            'padding-left: 8px; border-left: 2px solid #ccc;">%s</blockquote>'
        ) % (line, body)

    def _forwarded_header(self, parent):
        lines = [
            (self.env._("From"), parent.sender),
            (self.env._("Date"), format_datetime(self.env, parent.date)),
            (self.env._("Subject"), parent.subject),
            (self.env._("To"), parent.to),
            (self.env._("Cc"), parent.cc),
        ]
        shown = Markup("<br>").join(
            Markup("<b>%s:</b> %s") % (name, value) for name, value in lines if value
        )
        return Markup("<p>%s</p>") % shown

    def _copy_files(self, parent, body, all_files):
        """Copy the files of a forwarded mail, or only the pictures in a quoted text."""
        shown = picture_ids(body)
        files = parent.attachment_ids.filtered(lambda file: all_files or file.id in shown)
        copies = (
            self.env["ir.attachment"]
            .with_context(**AS_IT_CAME)
            .create(
                [
                    {
                        "name": file.name,
                        "raw": file.raw,
                        "mimetype": file.mimetype,
                        "res_model": self._name,
                        "res_id": self.id,
                    }
                    for file in files
                ]
            )
        )
        self.attachment_ids = copies
        return with_pictures(
            body,
            {
                file.id: f"/web/image/{copied.id}"
                for file, copied in zip(files, copies, strict=True)
            },
        )

    # -- opening and throwing away --------------------------------------------------------------

    def _open_draft(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Write"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(self.env.ref("mail_task_import.view_mail_import_draft_form").id, "form")],
            "target": "current",
        }

    def action_discard(self):
        """Throw a draft away; nothing of it is kept."""
        self._check_is_draft()
        # sudo: a draft is its writer's, who deletes it like any text of theirs
        self.sudo().unlink()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "mail_task_import.action_mail_import_inbox"
        )

    def _check_is_draft(self):
        self.check_access("write")
        if any(email.state != "draft" for email in self):
            raise UserError(self.env._("Only a draft can be sent or discarded."))
