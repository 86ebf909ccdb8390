"""Templates in drafts: their text, files and placeholders, for the record and whom it goes to."""

import base64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import is_html_empty

from ..answering import picture_ids, with_pictures, with_text
from ..placeholders.letters import LETTER
from .ir_attachment import AS_IT_CAME

MOST_OFFERED = 80


class MailImportEmail(models.Model):
    _inherit = "mail.import.email"

    # who reads a draft is told of no template that is somebody's own
    template_ids = fields.Many2many(
        "mail.template",
        "mail_import_email_template_rel",
        "email_id",
        "template_id",
        copy=False,
        groups=fields.NO_ACCESS,
    )

    # -- choosing -------------------------------------------------------------------------------

    def offered_templates(self):
        """``{"templates": [{"id", "display_name"}], "domain"}``: what it may be written by.

        Those that serve once are found by a search, by the domain.
        """
        self._check_is_draft()
        domain = Domain("model", "in", list(self._templated())) & (
            Domain("user_id", "=", False) | Domain("user_id", "=", self.env.uid)
        )
        templates = self.env["mail.template"].search_read(
            domain & Domain("mail_import_one_off", "=", False),
            ["display_name"],
            order="user_id, name, id",
            limit=MOST_OFFERED,
        )
        return {"templates": templates, "domain": list(domain)}

    def _templated(self):
        """``{model: record}`` that templates can be about here."""
        self.ensure_one()
        contact = self.env["res.partner"].browse(self._letter().contact_id or ())
        found = {}
        for record in (*self._records(), *contact, self):
            found.setdefault(record._name, record)
        return found

    def use_template(self, template_id):
        """Write the draft by a template; returns what is told to the writer, or ""."""
        self._check_is_draft()
        template = self.env["mail.template"].browse(int(template_id)).exists()
        template.check_access("read")
        record = self._templated().get(template.model)
        if not template.active or record is None:
            raise UserError(self.env._("This template is not for such an e-mail."))
        values, gaps = self._written_by(template, record)
        # sudo: of the draft, which the user may change
        self.sudo()._take_template(template, values, gaps)
        return self.left_empty if gaps else ""

    def _written_by(self, template, record):
        """``(values of the template, placeholders that have none)``, in the language of To."""
        letter, placeholder = self._letter(), self.env["mail.import.placeholder"]
        contact = self.env["res.partner"].browse(letter.contact_id or ())
        lang = not template.lang and placeholder._installed(contact.lang)
        here = template.with_context(
            **{LETTER: letter}, **({"template_preview_lang": lang} if lang else {})
        )
        names = ("subject", "body_html", "attachment_ids", "report_template_ids")
        values = here._generate_template(record.ids, names)[record.id]
        known = placeholder.with_context(**{LETTER: letter})._values(
            found := placeholder._all_in(template), record._name, record.ids, self.env.user, lang
        )[record.id]
        return values, sorted(str(one) for one in found if not known[one])

    # -- writing --------------------------------------------------------------------------------

    def _take_template(self, template, values, gaps):
        """As superuser; an answer keeps the subject of its thread."""
        if values.get("subject") and self.written_as not in ("reply", "reply_all"):
            self.subject = values["subject"]
        if not is_html_empty(values.get("body_html")):
            self.body = with_text(self.body, self._own_pictures_of(template, values["body_html"]))
        files = self.env["ir.attachment"].browse(values.get("attachment_ids") or ())
        rows = [{"name": file.name, "raw": file.raw, "mimetype": file.mimetype} for file in files]
        for name, content in values.get("attachments") or ():
            rows.append({"name": name, "raw": base64.b64decode(content)})
        self.attachment_ids |= self._own_files(rows)
        self.template_ids |= template.sudo()
        self.template_gaps = "\n".join(filter(None, [self.template_gaps, *gaps]))

    def _own_files(self, rows):
        mine = {"res_model": self._name, "res_id": self.id}
        attachments = self.env["ir.attachment"].with_context(**AS_IT_CAME)
        return attachments.create([{**row, **mine} for row in rows])

    def _own_pictures_of(self, template, body):
        """The template's pictures become the draft's: what leaves has its own."""
        of_template = [("res_model", "=", template._name), ("res_id", "=", template.id)]
        shown = [("id", "in", list(picture_ids(body)))]
        pictures = self.env["ir.attachment"].search(of_template + shown) if shown[0][2] else ()
        copies = self._own_files(
            [{"name": one.name, "raw": one.raw, "mimetype": one.mimetype} for one in pictures]
        )
        self.attachment_ids |= copies
        base = self.get_base_url().rstrip("/")
        body = str(body).replace(f"{base}/web/image/", "/web/image/")
        addresses = {
            one.id: f"/web/image/{copy.id}" for one, copy in zip(pictures, copies, strict=True)
        }
        return with_pictures(body, addresses)

    # -- sending --------------------------------------------------------------------------------

    def _make_mail(self, message):
        """What is written by a template for mailings is one."""
        mail = super()._make_mail(message)
        if self._is_mailing():
            mail.mail_import_marketing = True
        return mail

    def _is_mailing(self):
        # sudo: the templates may be closed to who looks at the draft
        return any(self.sudo().template_ids.mapped("mail_import_marketing"))

    @api.model
    def _note_sent(self, messages, failure_type, failure_reason):
        """A template that serves once has served when a letter by it was sent."""
        result = super()._note_sent(messages, failure_type, failure_reason)
        if not failure_type:
            sent = [("mail_message_id", "in", messages.ids), ("state", "=", "sent")]
            drafts = self.search([*sent, ("template_ids.mail_import_one_off", "=", True)])
            drafts.template_ids._mail_import_used()
        return result
