"""States of addresses: those that mail came back from, and whether mailings go there.

A row begins with the first mail that came back, and ends with the first sign of life: a mail from
that address (vouched for, or an answer to ours), a report that a mail arrived, or somebody who says
that it works again. It holds
why, and nothing of the mail. When and how often is told to who may read the mail
(``address_state_words.py``).
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..access import as_superuser
from ..remembered import forget_out
from .bounce_report import KINDS, REASONS

SOFT_BOUNCES = "mail_task_import.soft_bounces"
DEFAULT_SOFT_BOUNCES = 3
MOST_ANSWERED = 20
"""Message-IDs of an answer that are looked up, the newest first."""


class MailImportAddressState(models.Model):
    _name = "mail.import.address.state"
    _inherit = ["mail.import.own.defaults.mixin"]
    _description = "Address That Mail Came Back From"
    _order = "address"
    _rec_name = "address"
    _log_access = False

    address = fields.Char(required=True, readonly=True)
    is_left_out = fields.Boolean("Left Out of Mailings", readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    reason = fields.Selection(REASONS, readonly=True)
    report_ids = fields.One2many(
        "mail.import.bounce.report", "state_id", groups=fields.NO_ACCESS, help="What is counted."
    )
    bounces = fields.Integer(
        readonly=True, groups=fields.NO_ACCESS, help="E-mails since the last that worked."
    )
    soft_bounces = fields.Integer(
        readonly=True,
        groups=fields.NO_ACCESS,
        help="Of them those that might have arrived another time.",
    )
    last_at = fields.Datetime(readonly=True, groups=fields.NO_ACCESS)
    is_known = fields.Boolean(
        compute="_compute_is_known",
        search="_search_is_known",
        help="The user may read a contact, lead or the like with this address.",
    )

    _address_once = models.UniqueIndex("(address)")

    # -- who may see it -------------------------------------------------------------------------

    @api.depends_context("uid")
    @api.depends("address")
    def _compute_is_known(self):
        known = self.search(Domain("id", "in", self.ids) & Domain("is_known", "=", True))
        for state in self:
            state.is_known = state in known

    @api.model
    def _search_is_known(self, operator, value):
        """Whom somebody writes to in private is not told to those who do not know the address."""
        if operator != "in" or True not in value:
            return NotImplemented
        # the user's own rights, also where a rule asks for them
        env = self.env(su=False)
        known = [
            SQL("(%s)", query.subselect(SQL.identifier(query.table, "email_normalized")))
            for name in self._models()
            if env[name].has_access("read")
            and (query := env[name]._search([("email_normalized", "!=", False)]))
        ]
        return Domain.OR([("address", "in", each)] for each in known)

    def _told_to_user(self):
        """Those of contacts that the user may read, or of e-mails: others' private letters are
        not betrayed to who tries an address.
        """
        reports = self.env["mail.import.bounce.report"].search(
            [("address", "in", self.mapped("address")), ("email_id", "!=", False)]
        )
        # the user's own rights
        emails = reports.email_id.sudo(False)._filtered_access("read").ids
        mine = reports.filtered(lambda report: report.email_id.id in emails).mapped("address")
        return self.filtered(lambda state: state.is_known or state.address in mine)

    @api.model
    def _models(self):
        """Models whose records have one address, which the host counts what came back for."""
        blacklist = self.pool["mail.thread.blacklist"]
        return sorted(
            name
            for name, model in self.pool.items()
            if issubclass(model, blacklist) and not model._abstract and model._auto
        )

    # -- changes --------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        states = super().create(vals_list)
        forget_out(self.env)
        return states

    def write(self, vals):
        result = super().write(vals)
        forget_out(self.env)
        return result

    def unlink(self):
        result = super().unlink()
        forget_out(self.env)
        return result

    # -- what came back -------------------------------------------------------------------------

    @api.model
    def _of(self, addresses):
        addresses = [address for address in addresses if address]
        return self.search([("address", "in", addresses)]) if addresses else self.browse()

    @api.model
    def _left_out(self, addresses):
        """Which of these mailings do not go to."""
        # sudo: only whether these addresses are among them is told
        states = self.sudo()._of(addresses)
        return frozenset(states.filtered("is_left_out").mapped("address"))

    @api.model
    def _note_bounce(self, report):
        """:param report: a fresh ``mail.import.bounce.report``"""
        if report.kind == "refused":
            return  # it says nothing of the address
        state = self._row(report.address)
        values = {
            "bounces": state.bounces + 1,
            "soft_bounces": state.soft_bounces + (report.kind == "soft"),
            "last_at": report.reported_at,
            "kind": report.kind,
            "reason": report.reason,
        }
        is_enough = report.kind == "hard" or values["soft_bounces"] >= self._most_soft_bounces()
        state.write({**values, "is_left_out": state.is_left_out or is_enough})
        report.state_id = state

    @api.model
    def _row(self, address):
        """Its row, made where there is none; two workers wait for each other."""
        self.env.execute_query(
            SQL(
                """INSERT INTO mail_import_address_state (address, bounces, soft_bounces)
                   VALUES (%s, 0, 0) ON CONFLICT DO NOTHING RETURNING id""",
                address,
            )
        )
        return self.search([("address", "=", address)])

    @api.model
    def _most_soft_bounces(self):
        parameters = self.env["ir.config_parameter"].sudo()  # sudo: a setting
        value = parameters.get_param(SOFT_BOUNCES, "")
        return max(1, int(value)) if value.isdecimal() else DEFAULT_SOFT_BOUNCES

    # -- signs of life --------------------------------------------------------------------------

    @api.model
    def _note_senders(self, mails):
        """Who writes by hand, and newly, reads mail at that address as well; anybody may put it
        into a From.
        """
        written = [
            mail
            for mail in mails
            if not (mail.parsed.automatic or mail.outgoing or mail.unverified)
        ]
        states = self._of({mail.parsed.sender.email for mail in written})
        alive = states.filtered(
            lambda state: any(
                mail.parsed.sender.email == state.address
                and _arrived(mail) >= (state.last_at or fields.Datetime.now())
                and (mail.vouched or self._answers(state.address, mail.message_ids))
                for mail in written
            )
        )
        self._note_alive(alive.mapped("address"))

    @api.model
    def _answers(self, address, message_ids):
        """Whether one of these is a mail that went from here to that address: strangers do not
        know its number.
        """
        sent_to = self.env["mail.import.bounce"]._sent_to
        known = (sent_to(address, [each]) for each in message_ids[:MOST_ANSWERED])
        return any(sent and sent.is_ours for sent in known)

    @api.model
    def _note_alive(self, addresses):
        """Forget what came back from these, in the host's counters too."""
        states = self._of(addresses)
        for name in self._models() if states else ():
            records = self.env[name].search(
                [
                    ("message_bounce", ">", 0),
                    ("email_normalized", "in", states.mapped("address")),
                ]
            )
            for address, some in records.grouped("email_normalized").items():
                some._message_reset_bounce(address)
        states.unlink()

    def action_works_again(self):
        """Somebody knows better; whoever sees the list may say so."""
        self.check_access("read")
        as_superuser(self)._note_alive(self.mapped("address"))


def _arrived(mail):
    return mail.raw.received_at or fields.Datetime.now() + timedelta(seconds=1)
