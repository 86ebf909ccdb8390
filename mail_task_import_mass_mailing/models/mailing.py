"""Mass mailings: their placeholders are checked when they are saved; each has a way to opt out."""

from odoo import api, models
from odoo.tools.mail import append_content_to_html

from odoo.addons.mail_task_import.placeholders.syntax import placeholders

from ..opt_out_link import STAND_IN


class MailingMailing(models.Model):
    _inherit = "mailing.mailing"

    @api.constrains("subject", "preview", "body_html", "mailing_model_id")
    def _check_mail_import_placeholders(self):
        # constraints run as superuser; what may be told is asked of whoever writes it
        check = self.sudo(False).env["mail.import.placeholder"]._check
        for mailing in self:
            for text, is_html in mailing._mail_import_texts():
                check(text, mailing.mailing_model_real, is_html=is_html)

    def _mail_import_texts(self):
        """``(text, is it HTML)`` of what may hold placeholders."""
        return [(self.subject, False), (self.preview, False), (self.body_html, True)]

    def _mail_import_mailing(self):
        return self if len(self) == 1 else super()._mail_import_mailing()

    # -- a way out ------------------------------------------------------------------------------

    @api.model
    def _prepend_preview(self, html, preview):
        """The last that the host does with a text before it sends it."""
        return super()._prepend_preview(self._mail_import_with_opt_out(html), preview)

    @api.model
    def _mail_import_with_opt_out(self, html):
        # what is taken over from a letter that somebody got becomes each recipient's own
        base = self[:1].get_base_url().rstrip("/")
        without = self.env["mail.import.opt.out"]._without_mailing_links
        html = type(html)(without(html, base + STAND_IN, f"{base}/view"))
        found = placeholders(html, is_html=True)
        if STAND_IN in html or any(one.root.startswith("optOut") for one in found):
            return html
        # as a placeholder it is said in each recipient's language
        is_rendered = self.env.context.get("mail_import_is_rendered")
        footer = self.env["ir.qweb"]._render(
            "mail_task_import_mass_mailing.opt_out_footer",
            {"url": STAND_IN if is_rendered else "", "placeholder": "{optOutLink}"},
        )
        return append_content_to_html(html, footer, plaintext=False)

    # -- who is out -----------------------------------------------------------------------------

    def _mail_import_off_list(self, addresses):
        """Which of these addresses are off the lists that it goes to, as the host has it.

        Who is on one of several lists, or on one with another contact's record, is not off.

        :param addresses: normalized
        """
        # sudo: only whether these addresses are off is told, and only to the sending
        mailing = self.sudo()
        if not mailing.mailing_on_mailing_list:
            target = self.env[mailing.mailing_model_name]
            if not hasattr(target, "_mailing_get_opt_out_list"):
                return frozenset()
            return frozenset(addresses) & frozenset(mailing._get_opt_out_list())
        subscriptions = mailing.env["mailing.subscription"].search(
            [
                ("list_id", "in", mailing.contact_list_ids.ids),
                ("contact_id.email_normalized", "in", list(addresses)),
            ]
        )
        off = subscriptions.filtered("opt_out")
        on = set((subscriptions - off).contact_id.mapped("email_normalized"))
        return frozenset(off.contact_id.mapped("email_normalized")) - on
