"""Mails of mailings, when they leave: who is off the list by then, and everybody's own way out."""

from odoo import models, tools

from odoo.addons.mail_task_import.models.ir_mail_server_one_line import one_line

from ..opt_out_link import replaced


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        """The host forgets the plain text, and records that are shown under another host."""
        results = super()._prepare_outgoing_list(
            mail_server=mail_server, doc_to_followers=doc_to_followers
        )
        if self.mailing_id and self.res_id and not self.env.context.get("mailing_test_mail"):
            for values in results:
                self._mail_import_fill_way_out(values)
        return results

    def _mail_import_without_others_links(self, values):
        """Of a mailing's letter they are its recipient's own."""
        values = super()._mail_import_without_others_links(values)
        if self.mailing_id:
            return values
        without = self.env["mail.import.opt.out"]._without_mailing_links
        return self._mail_import_changed(values, without)

    def _mail_import_fill_way_out(self, values):
        if not values["email_to"]:
            return
        first = values["email_to"][0]
        written = self._mail_import_addressee(first)
        values["email_to"] = [one_line(address) for address in values["email_to"]]
        address = self._mail_import_addressee(values["email_to"][0])
        url = self.mailing_id._get_unsubscribe_url(address, self.res_id)
        for name in ("body", "body_alternative"):
            if values[name]:
                text = self._mail_import_own_links(values[name], written, address)
                values[name] = type(values[name])(replaced(text, url))
        header = values["headers"].get("List-Unsubscribe") or ""
        values["headers"]["List-Unsubscribe"] = self._mail_import_own_links(
            header, written, address
        )

    def _mail_import_addressee(self, address):
        """As the host finds it; in a name of several lines it finds others."""
        return tools.email_normalize(address, strict=False) or address

    def _mail_import_own_links(self, text, written, address):
        """The text with the recipient's links where the host put those of ``written``."""
        mailing = self.mailing_id
        for link in (
            mailing._get_unsubscribe_url,
            mailing._get_unsubscribe_oneclick_url,
            mailing._get_view_url,
        ):
            if written != address:
                text = text.replace(link(written, self.res_id), link(address, self.res_id))
        return text

    # -- who is out -----------------------------------------------------------------------------

    def _mail_import_is_mailing(self):
        # the number of the mailing is there; its fields would be fetched for each mail
        return bool(self._mail_import_sent_mailing()) or super()._mail_import_is_mailing()

    def _mail_import_audience(self):
        mailing = self._mail_import_sent_mailing()
        return *super()._mail_import_audience(), mailing.id, self.mail_import_marketing

    def _mail_import_sent_mailing(self):
        """The mailing that it is a letter of, unless it only tries it."""
        if self.env.context.get("mailing_test_mail"):
            return self.mailing_id.browse()
        return self.mailing_id

    def _mail_import_opted_out(self, addresses):
        mailing = self._mail_import_sent_mailing()
        if not mailing:
            return super()._mail_import_opted_out(addresses)
        out = mailing._mail_import_off_list(addresses)
        if self.mail_import_marketing or mailing.use_exclusion_list:
            out |= super()._mail_import_opted_out(addresses)
        return out

    def _mail_import_why_out(self):
        on_blacklist = self.env["mail.import.opt.out"]._opted_out(self._mail_import_to())
        if self._mail_import_sent_mailing() and not on_blacklist:
            return "mail_optout", self.env._("No longer on the mailing list.")
        return super()._mail_import_why_out()
