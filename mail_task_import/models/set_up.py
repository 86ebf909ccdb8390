"""First steps: a mailbox that somebody is setting up on the start page, and how far they are.

A row says where its maker goes on; it holds no password. Everything that is entered stays with the
mailbox itself, whose own rights and checks decide, since all is written as the user. Servers are
tried out in ``set_up_trying.py``, the words for what failed are in ``set_up_words.py``.
"""

from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ..access import in_own_context

FIRST_DAY = date(1990, 1, 1)
"""Older than any mail that a server keeps by IMAP."""
HISTORY_DAYS = {"today": None, "month": 30, "all": False}


class MailImportSetUp(models.Model):
    """
    ======= =========================== ==========================================
    step    the page asks               it is left by
    ======= =========================== ==========================================
    account address and password        ``save``, after the trial or without
    decide  who reads; what it becomes  ``decide``
    history how far back                ``start``
    done    nothing                     ``start_over``
    ======= =========================== ==========================================
    """

    _name = "mail.import.set.up"
    _inherit = ["mail.import.own.defaults.mixin"]
    _description = "Mailbox Being Set Up"

    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    kind = fields.Selection([("personal", "Personal"), ("group", "Group")], required=True)
    address = fields.Char()
    provider_id = fields.Many2one("mail.import.provider", ondelete="set null")
    servers = fields.Json(help="Those that answered, by what they are for.")
    mailbox_id = fields.Many2one("mail.import.mailbox", ondelete="set null")
    decided = fields.Boolean()
    tries = fields.Integer()
    tries_since = fields.Datetime()

    _one_each = models.UniqueIndex("(user_id, kind)")

    # -- whose ----------------------------------------------------------------------------------

    @api.model
    def _mine(self, kind):
        """The user's own row; nobody reads or writes those of others, or reads any by RPC."""
        self._check_may_begin(kind)
        # sudo: the model is open to nobody; it is the user's own row
        rows = in_own_context(self.sudo())
        mine = rows.search([("user_id", "=", self.env.uid), ("kind", "=", kind)], limit=1)
        return mine or rows.create({"user_id": self.env.uid, "kind": kind})

    @api.model
    def _check_may_begin(self, kind):
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Only employees have mailboxes."))
        administrator = self.env["mail.import.mailbox"]._is_administrator()
        if kind != "personal" and not (kind == "group" and administrator):
            raise AccessError(
                self.env._("Only a mail import administrator sets up a group mailbox.")
            )

    def _mailbox(self):
        """As the user sees it; none where it is gone, or became somebody else's."""
        # sudo(False): their own rights decide from here on
        mailbox = self.mailbox_id.exists().with_user(self.user_id)
        is_theirs = mailbox.has_access("write") and mailbox.active and mailbox.may_set_up
        return mailbox if mailbox and is_theirs and mailbox.kind == self.kind else mailbox.browse()

    def _step(self):
        mailbox = self._mailbox()
        if not mailbox or mailbox._waits_for_account():
            return "account"
        if mailbox.state == "active":
            return "done"
        return "history" if self.decided else "decide"

    # -- what the page shows --------------------------------------------------------------------

    @api.model
    def where(self, kind):
        """Where the user goes on.

        :return: ``step``, what was entered until then (never a password), and what may be chosen
        """
        row = self._mine(kind)
        mailbox = row._mailbox()
        return {
            "step": row._step(),
            "address": mailbox.address or row.address or "",
            "mailbox_id": mailbox.id,
            "servers": row.servers or {},
            "provider": row._provider_words(row.provider_id),
            "is_connected": bool(mailbox) and mailbox.account_state == "connected",
            "has_password": mailbox.has_password,
            "providers": self._providers(),
            **self._choices(kind, mailbox),
        }

    @api.model
    def _choices(self, kind, mailbox):
        """What is decided already, and may be."""
        targets = self.env["mail.import.target"].search([("can_create", "=", True)])
        return {
            "visibility": mailbox.visibility or ("linked" if kind == "group" else "owner"),
            "letters_outside": mailbox.letters_outside,
            "outside_forbidden": mailbox.new({"kind": kind}).outside_forbidden,
            "members": mailbox.member_ids.ids or self.env.user.ids,
            "teams": mailbox.team_ids.ids,
            "target": mailbox.default_target_id.id,
            "project": mailbox.default_project_id.id,
            "targets": [
                {"id": target.id, "name": target.name, "model": target.model} for target in targets
            ],
        }

    # -- the steps ------------------------------------------------------------------------------

    @api.model
    def save(self, kind, values):
        """Make the mailbox, not active yet, or correct it.

        :param values: ``address``, ``login``, ``password``, ``provider`` (an id), ``reading`` and
            ``sending`` (servers as ``look_up`` gives them; without ``sending`` nothing is sent)
        """
        row = self._mine(kind)
        mailbox = row._mailbox()
        written = self._mailbox_values(kind, values)
        if mailbox:
            mailbox.write(written)
        else:
            mailboxes = in_own_context(self.env["mail.import.mailbox"])
            mailbox = mailboxes.create({**written, **self._new_values(kind, values)})
        row.write({"mailbox_id": mailbox.id, "decided": False, "address": mailbox.address})
        row._note_sending_tested(values.get("sending"))
        return self.where(kind)

    def _note_sending_tested(self, sending):
        """Where the trial has just signed in by the server that was saved."""
        if sending and (self.servers or {}).get("sending") == self._server(sending, sending=True):
            # sudo: the time is nobody's to write
            self.mailbox_id.sudo().sending_tested_at = fields.Datetime.now()

    @api.model
    def _mailbox_values(self, kind, values):
        reading, sending = self._server(values.get("reading")), values.get("sending")
        found = {
            "address": values.get("address"),
            "provider_id": self._known_provider(values.get("provider")).id,
            **{name: reading[name] for name in ("protocol", "host", "port", "security")},
            "login": values.get("login") or values.get("address"),
        }
        if password := values.get("password"):
            found |= {"password": password, "sign_in_by": "password"}
        if sending:
            server = self._server(sending, sending=True)
            found |= {f"smtp_{name}": server[name] for name in ("host", "port", "security")}
            found["smtp_sign_in"] = server["needs_login"]
        else:
            found["smtp_host"] = False
        return found

    @api.model
    def _new_values(self, kind, values):
        """A personal one bears its owner's name, which recipients see."""
        local = (values.get("address") or "").partition("@")[0]
        if kind == "personal":
            return {"kind": kind, "owner_id": self.env.uid, "name": self.env.user.name}
        return {
            "kind": kind,
            "name": local.replace(".", " ").title(),
            "member_ids": [Command.link(self.env.uid)],
        }

    @api.model
    def decide(self, kind, values):
        """Who reads it, whom it writes to, and what mail becomes."""
        row = self._mine(kind)
        mailbox = row._mailbox_to_go_on()
        written = {"visibility": values.get("visibility")}
        if not mailbox.outside_forbidden:
            written["letters_outside"] = bool(values.get("letters_outside"))
        if kind == "group":
            written |= {
                "member_ids": [Command.set(values.get("members") or [])],
                "team_ids": [Command.set(values.get("teams") or [])],
                "default_target_id": values.get("target") or False,
                "default_project_id": values.get("project") or False,
            }
        mailbox.write(written)
        row.decided = True
        return self.where(kind)

    @api.model
    def start(self, kind, history):
        """Switch the mailbox on, and fetch at once.

        :param history: "today" (no older mail), "month" or "all"
        """
        mailbox = self._mine(kind)._mailbox_to_go_on()
        days = HISTORY_DAYS.get(history)
        if days:
            mailbox.fetch_since = fields.Date.subtract(fields.Date.context_today(self), days=days)
        elif days is False:
            mailbox.fetch_since = FIRST_DAY
        mailbox.action_activate()
        return self.where(kind)

    def _mailbox_to_go_on(self):
        mailbox = self._mailbox()
        if not mailbox:
            raise UserError(
                self.env._("Begin with the address: this mailbox is not here any more.")
            )
        return mailbox

    @api.model
    def connect_account(self, kind, address):
        """Make the mailbox of a provider that is signed in to on its own pages, and go there."""
        plan = self.look_up(kind, address)
        if not plan["reading"]:
            raise UserError(self.env._("No mail server is known for %s.", address))
        values = {**plan, "reading": plan["reading"][0], "sending": (plan["sending"] or [None])[0]}
        values["provider"] = plan["provider"]["id"]
        self.save(kind, values)
        mailbox = self._mine(kind)._mailbox_to_go_on()
        mailbox.sign_in_by = mailbox.provider_account or "password"
        return mailbox.action_connect_account()

    @api.model
    def start_over(self, kind):
        """Another mailbox; the one that was set up stays as it is."""
        self._mine(kind).write(
            {"mailbox_id": False, "address": False, "servers": False, "provider_id": False}
        )
        return self.where(kind)
