"""*Undo*: what a rule has made is withdrawn, as far as nobody has touched it since.

The mail stays: it is unlinked, and back in the inbox unread. So do contacts made of senders.
"""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

AT_ONCE = 500
"""Records that are withdrawn while somebody waits."""


class MailImportRule(models.Model):
    _inherit = "mail.import.rule"

    def action_undo(self):
        self.ensure_one()
        self._check_may_undo()
        return self.env["mail.import.rule.undo"]._open(self)

    def _check_may_undo(self):
        """The rule's owner and administrators; for each record, who may delete it."""
        self.check_access("write")
        self._check_acts_as_me()

    def _made_links(self, since, until):
        """Links of the mails that made a record by this rule. As superuser."""
        return (
            # sudo: which records a rule made; what the user may see of them is asked for each
            self.env["mail.import.link"]
            .sudo()
            .search(
                Domain("rule_id", "=", self.id)
                & Domain("made_record", "=", True)
                & Domain("create_date", ">=", since)
                & Domain("create_date", "<=", until),
                order="create_date, id",
            )
        )

    @api.model
    def _judge(self, links):
        """``{link: {code: detail}}``: why each record stays, empty where it may go.

        Codes are those of ``mail.import.touched``, or "gone" and "no_right".
        """
        verdicts = {}
        for model, some in links.grouped("res_model").items():
            if model not in self.env:
                verdicts.update((link, {"gone": ""}) for link in some)
                continue
            ids = some.mapped("res_id")
            # sudo: what others did to them counts, whoever asks
            touched = self.env["mail.import.touched"].sudo()._reasons(model, ids)
            there = self.env[model].with_context(active_test=False).browse(ids).exists()
            mine = there._filtered_access("unlink") if there else there
            for link in some:
                if link.res_id not in there.ids:
                    verdicts[link] = {"gone": ""}
                elif link.res_id not in mine.ids:
                    verdicts[link] = {"no_right": ""}
                else:
                    verdicts[link] = touched.get(link.res_id, {})
        return verdicts

    def _undo(self, links):
        """Withdraw the records of these links, whose rows are locked, and judged once more.

        :return: the number of records that are withdrawn, users who were invited to see them, and
            those of them whose access is withdrawn
        """
        self._check_may_undo()
        if len(links) > AT_ONCE:
            raise UserError(self.env._("%s records at once are the most.", AT_ONCE))
        for model, some in links.grouped("res_model").items():
            if model in self.env:
                # sudo: they are locked so that nobody changes them; the right to delete is asked
                self.env[model].sudo().browse(some.mapped("res_id")).exists().lock_for_update()
        free = links.browse(link.id for link, why in self._judge(links).items() if not why)
        invited = self._invited(free)
        for link in free:
            self._withdraw_record(link)
        return len(free), invited, self._withdraw_invitations(invited)

    def _withdraw_record(self, link):
        """The record goes, with the user's rights; its mail comes back."""
        record = self.env[link.res_model].browse(link.res_id)
        links = link.search([("res_model", "=", link.res_model), ("res_id", "=", link.res_id)])
        emails = links.email_id
        links._withdraw()
        links.unlink()
        record.unlink()
        emails._forget_record()
        free = emails.filtered(
            lambda email: (
                email.direction == "incoming"
                and not email.link_ids.filtered(lambda link: not link.suggested)
            )
        )
        # sudo: copies of others are told too
        free.entry_ids._note_by("undone", "undone", name=self.name, rule=self.id)
        free.entry_ids._come_back()
