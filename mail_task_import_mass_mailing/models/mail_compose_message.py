"""The scheduler sends mailings by the composer, and says what their reader may read."""

from odoo import models
from odoo.tools import split_every

from odoo.addons.mail_task_import.models.mail_compose_goes_to import ASKING


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    def _mail_import_mailing(self):
        # sudo: whose mailing it is
        mailing = self.sudo().mass_mailing_id if len(self) == 1 else None
        return mailing or super()._mail_import_mailing()

    def _mail_import_sender(self):
        mailing = self._mail_import_mailing()
        return mailing._mail_import_sender() if mailing else super()._mail_import_sender()

    def _prepare_mailing_values(self):
        """The letters of a mailing that is made in passing have a way out, too; it is kept as it
        was written, as any other is.
        """
        values = super()._prepare_mailing_values()
        self.body = self.env["mailing.mailing"]._mail_import_with_opt_out(self.body or "")
        return values

    def _process_mail_values_state(self, mail_values_dict):
        """Who is left out has a trace that says why."""
        result = super()._process_mail_values_state(mail_values_dict)
        mailing = self._mail_import_mailing()
        if mailing.mail_import_leave_out and not self.env.context.get(ASKING):
            ids = [id_ for id_, values in result.items() if values.get("state") != "cancel"]
            for id_ in set().union(*mailing._mail_import_empties(ids).values()):
                result[id_].update(
                    {
                        "state": "cancel",
                        "failure_type": "mail_import_empty",
                        "is_notification": False,
                    }
                )
        return result

    def _mail_import_going(self, addresses):
        """Off the list, or at an address that an earlier batch of the same mailing goes to."""
        mailing = self.sudo().mass_mailing_id
        going = super()._mail_import_going(addresses)
        if not mailing:
            return going
        asked = {address for id_ in going for address in addresses[id_]}
        out = mailing._mail_import_off_list(asked)
        going = {id_ for id_ in going if not out.issuperset(addresses[id_])}
        return going - self._mail_import_reached_before(addresses)

    def _mail_import_reached_before(self, addresses):
        # sudo: a setting of the host's
        settings = self.env["ir.config_parameter"].sudo()
        size = int(settings.get_param("mail.batch_size")) or self._batch_size or 50
        reached, again = set(), set()
        for some in split_every(size, addresses):
            again |= {id_ for id_ in some if reached.issuperset(addresses[id_])}
            reached |= {addresses[id_][0] for id_ in some if addresses[id_]}
        return again
