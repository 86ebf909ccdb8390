"""Notifications of mail that nobody vouches for bear the mark, too.

The host sends them with the sender's own address in From, by the company's server, which signs
them: whoever gets one would have a server's word for a forged colleague.
"""

from markupsafe import Markup

from odoo import models
from odoo.tools.mail import prepend_html_content

LINE = Markup('<p style="color: #b02a37"><strong>%s</strong></p>')


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _mail_import_mark_unverified(self, results):
        # sudo: what the importer noted, nobody else reads
        if self.env["mail.import.mailbox"]._any() and self.sudo().mail_import_unverified:
            for values in results:
                self._mail_import_mark(values)

    def _mail_import_mark(self, values):
        mark, words = self.env._("Unverified sender"), self._mail_import_words()
        values["subject"] = f"[{mark}] {values['subject'] or ''}".strip()
        # the host gives HTML as plain text, which a line of markup would escape
        body = Markup(values["body"] or "")
        values["body"] = str(prepend_html_content(body, LINE % words))
        values["body_alternative"] = f"{words}\n\n{values['body_alternative'] or ''}"

    def _mail_import_words(self):
        # sudo: what the importer noted, nobody else reads
        if self.sudo().mail_import_unverified == "failed":
            return self.env._(
                "Unverified sender: the mail server checked where it came from, "
                "and the check failed."
            )
        if self.sudo().mail_import_unverified == "several":
            return self.env._(
                "Unverified sender: it names several senders, and nobody says which of them "
                "wrote it."
            )
        return self.env._("Unverified sender: in a colleague's name, but nobody vouches for it.")
