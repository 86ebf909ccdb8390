"""Mailboxes: what is watched and sent from, for whom, and how it may be configured.

Who changes it lives in ``mailbox_changing.py``, fetching in ``mailbox_fetch.py``, health in
``mailbox_health.py``, sending in ``mailbox_sending.py``.
"""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize

from .provider import SECURITY

MONTH_MINUTES, CENTURY_DAYS = 43_200, 36_500
"""What is reckoned with them has to stay a date."""


class MailImportMailbox(models.Model):
    """One address that is watched and sent from.

    ======== ==================================== ================================
    kind     who reads its mail                   who sets it up
    ======== ==================================== ================================
    group    its members and members of its teams mail import administrators
    personal its owner, nobody else               its owner (administrators too,
                                                  without seeing its mail)
    ======== ==================================== ================================
    """

    _name = "mail.import.mailbox"
    _inherit = [
        "mail.import.given.values.mixin",
        "mail.import.text.mixin",
        "mail.import.private.name.mixin",
        "mail.import.moved.mixin",
        "mail.thread",
    ]
    _description = "Mailbox"
    _order = "kind, sequence, name, id"

    name = fields.Char(required=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    color = fields.Integer()
    kind = fields.Selection(
        [("group", "Group"), ("personal", "Personal")],
        required=True,
        tracking=True,
        default=lambda self: "group" if self._is_administrator() else "personal",
    )
    address = fields.Char(required=True, tracking=True, help="Mail to this address arrives here.")
    other_addresses = fields.Char(
        help="Further addresses that deliver into this mailbox, separated by commas."
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, tracking=True
    )
    owner_id = fields.Many2one(
        "res.users",
        tracking=True,
        domain=[("share", "=", False)],
        compute="_compute_owner_id",
        store=True,
        readonly=False,
        precompute=True,
        help="The one person who reads a personal mailbox.",
    )
    member_ids = fields.Many2many(
        "res.users",
        "mail_import_mailbox_member_rel",
        string="Members",
        tracking=True,
        # A string: a list would make the readers follow from everybody's groups, and the search for
        # the mailboxes of a user just made would write that user before its groups are known; one
        # with notifications in Odoo is then refused as a portal user.
        domain="[('share', '=', False)]",
    )
    team_ids = fields.Many2many(
        "crm.team", "mail_import_mailbox_team_rel", string="Teams", tracking=True
    )
    reader_ids = fields.Many2many(
        "res.users",
        "mail_import_mailbox_reader_rel",
        string="Readers",
        compute="_compute_reader_ids",
        store=True,
        precompute=False,
        domain=[("share", "=", False)],  # whoever becomes a portal user reads no more, at once
        help="Who reads the mail of this mailbox, and nobody else.",
    )
    may_read = fields.Boolean(compute="_compute_may_read", compute_sudo=False)

    provider_id = fields.Many2one(
        "mail.import.provider",
        compute="_compute_provider_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    app_password_url = fields.Char(related="provider_id.app_password_url")
    provider_note = fields.Text(related="provider_id.note")
    protocol = fields.Selection(
        [("imap", "IMAP"), ("pop", "POP3")],
        default="imap",
        required=True,
        tracking=True,
        help="By POP3 only the inbox is read, without folders and marks.",
    )
    host = fields.Char(
        "IMAP Server",
        compute="_compute_server",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    security = fields.Selection(
        SECURITY,
        "Encryption",
        compute="_compute_server",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        tracking=True,
    )
    port = fields.Integer(
        compute="_compute_port", store=True, readonly=False, precompute=True, tracking=True
    )
    login = fields.Char(compute="_compute_login", store=True, readonly=False, precompute=True)
    login_by_address = fields.Char("Login from the Address", store=False)
    """While a form is open: a login that nobody typed. It follows an address that is corrected."""
    password = fields.Char(
        compute="_compute_password",
        inverse="_inverse_password",
        help="Written only: nobody can read it back.",
    )
    password_secret = fields.Char(groups=fields.NO_ACCESS, copy=False)
    has_password = fields.Boolean(compute="_compute_has_password", compute_sudo=True)
    ca_file = fields.Char(
        "Certificate Authority File",
        groups="base.group_system",
        help="A file on the Odoo server with the certificate authority of a mail server of your "
        "own. Empty: the authorities that this computer knows.",
    )
    server_id = fields.Many2one(
        "fetchmail.server",
        "Incoming Mail Server",
        readonly=True,
        copy=False,
        ondelete="restrict",
        groups="base.group_system",
    )
    state = fields.Selection(
        [("draft", "Not Active"), ("active", "Active")],
        default="draft",
        required=True,
        copy=False,
        tracking=True,
    )

    remote_folder_ids = fields.One2many(
        "mail.import.remote.folder", "mailbox_id", "Watched Folders"
    )
    forwarding_ids = fields.One2many(
        "mail.import.forwarding", "mailbox_id", domain=[("done", "=", False)], readonly=True
    )
    folder_pattern = fields.Char(
        help='Watch every folder whose name matches, for example "*" or "Projects/*". Junk, '
        "Trash, Drafts and All Mail are left out.",
    )
    act_since = fields.Datetime(
        copy=False,
        tracking=True,
        help="Mail received since then makes records, is published and notifies. Empty: since "
        "the mailbox was activated.",
    )
    fetch_since = fields.Date(
        copy=False,
        tracking=True,
        help="Mail between this day and 'Act since' is filed and linked only, after the new "
        "mail. Empty: no history is fetched.",
    )
    interval = fields.Integer(default=5, required=True, help="Minutes between two looks.")
    after_import = fields.Selection(
        [
            ("untouched", "Leave untouched"),
            ("seen", "Mark as read"),
            ("move", "Move to a folder"),
            ("delete", "Delete"),
        ],
        "After Import, on the Server",
        default="untouched",
        required=True,
        tracking=True,
    )
    move_to = fields.Char("Move To", help="Folder on the mail server for imported mail.")
    local_folder_id = fields.Many2one(
        "mail.import.folder",
        "File Into",
        help="Folder of the e-mails here. Empty: Inbox.",
    )
    size_limit = fields.Integer(
        default=26214400,
        required=True,
        help="Bytes. Of a larger mail only the headers are fetched, with a note; the mail stays "
        "untouched on the server.",
    )
    keep_originals_days = fields.Integer(
        "Keep Originals",
        default=30,
        help="Days for which the mail is kept byte for byte, for 'Download .eml'. 0: for good.",
    )
    visibility = fields.Selection(
        [
            ("linked", "Who can read the linked record"),
            ("owner", "Only the readers of the mailbox"),
        ],
        compute="_compute_visibility",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        tracking=True,
        help="Who else reads a mail of this mailbox once it is linked to a record.",
    )
    trusted_authserv_ids = fields.Char(
        "Trusted Servers",
        compute="_compute_trusted_authserv_ids",
        store=True,
        readonly=False,
        precompute=True,
        help="Mail servers whose Authentication-Results header is believed, separated by commas. "
        "Without one no sender is taken for an employee.",
    )
    suggested_authserv_ids = fields.Char(compute="_compute_suggested_authserv_ids")
    accept = fields.Selection(
        [("anyone", "Anyone"), ("known", "Known senders"), ("employees", "Employees only")],
        default="anyone",
        required=True,
        help="Whose mail may make records. Other mail stays in the inbox.",
    )
    default_target_id = fields.Many2one(
        "mail.import.target",
        "Becomes",
        domain=[("can_create", "=", True)],
        help="What a mail becomes that nothing else claimed. Empty: it stays in the inbox.",
    )
    default_project_id = fields.Many2one("project.project", "Project")
    default_team_id = fields.Many2one("crm.team", "Sales Team")
    default_target_model = fields.Char(related="default_target_id.model")
    join = fields.Boolean(
        "Join the Open Record",
        help="When exactly one open record of the sender exists, a new mail goes there instead.",
    )

    _login_watched_once = models.UniqueIndex(
        "(lower(host), lower(login)) WHERE active AND host IS NOT NULL",
        "This login is watched by another mailbox already.",
    )

    # -- values that follow from others --------------------------------------------------------

    @api.depends("kind")
    def _compute_owner_id(self):
        for mailbox in self:
            if mailbox.kind == "group":
                mailbox.owner_id = False
            elif not mailbox.owner_id:
                mailbox.owner_id = self.env.user

    @api.depends(
        "kind",
        "owner_id",
        "member_ids",
        "team_ids.crm_team_member_ids.active",
        "team_ids.crm_team_member_ids.user_id",
        "team_ids.user_id",
    )
    def _compute_reader_ids(self):
        for mailbox in self:
            if mailbox.kind == "personal":
                mailbox.reader_ids = mailbox.owner_id
            else:
                teams = mailbox.team_ids
                mailbox.reader_ids = (
                    mailbox.member_ids | teams.crm_team_member_ids.user_id | teams.user_id
                )
        self.env["mail.import.email"].invalidate_model(["is_mine"], flush=False)

    @api.depends("reader_ids")
    @api.depends_context("uid")
    def _compute_may_read(self):
        for mailbox in self:
            mailbox.may_read = self.env.user in mailbox.sudo().reader_ids

    def _compute_provider_id(self):
        """Of a new mailbox. It does not depend on the address, or whoever corrects that one would
        have servers and ports computed once more, and lose their own.
        """
        for mailbox in self:
            mailbox.provider_id = self.env["mail.import.provider"]._for_address(mailbox.address)

    @api.onchange("address")
    def _onchange_address(self):
        """Servers that somebody entered stay; those of a provider, not saved yet, go with it."""
        self.address = self._with_plain_address({"address": self.address})["address"]
        if not self._origin.login and self.login in (False, self.login_by_address, self.address):
            self.login = self.login_by_address = self.address
        provider = self.provider_id
        if self.host and (self._origin.host or self.host != provider[f"{self.protocol}_host"]):
            return
        self.provider_id = provider._for_address(self.address)
        if provider and not self.provider_id:
            self.host = self.smtp_host = False

    @api.depends("provider_id", "protocol")
    def _compute_server(self):
        for mailbox in self:
            provider, protocol = mailbox.provider_id, mailbox.protocol or "imap"
            mailbox.host = provider[f"{protocol}_host"] or mailbox.host
            mailbox.security = provider[f"{protocol}_security"] or mailbox.security or "ssl"

    @api.depends("security", "provider_id", "protocol")
    def _compute_port(self):
        for mailbox in self:
            protocol = mailbox.protocol or "imap"
            mailbox.port = mailbox.provider_id._port(protocol, mailbox.security)

    @api.depends("address")
    def _compute_login(self):
        for mailbox in self:
            mailbox.login = mailbox.login or mailbox.address

    @api.depends("kind")
    def _compute_visibility(self):
        for mailbox in self:
            mailbox.visibility = "linked" if mailbox.kind == "group" else "owner"

    @api.depends("provider_id")
    def _compute_trusted_authserv_ids(self):
        for mailbox in self:
            mailbox.trusted_authserv_ids = (
                mailbox.trusted_authserv_ids or mailbox.provider_id.authserv_ids
            )

    def _compute_suggested_authserv_ids(self):
        """Servers that signed the mail already there, most frequent first."""
        for mailbox in self:
            # sudo: names of servers are no content, and administrators need them to set up
            groups = (
                self.env["mail.import.entry"]
                .sudo()
                ._read_group(
                    [("mailbox_id", "=", mailbox.id), ("authserv_id", "!=", False)],
                    ["authserv_id"],
                    ["__count"],
                    order="__count desc",
                    limit=3,
                )
            )
            mailbox.suggested_authserv_ids = ", ".join(name for name, _count in groups)

    # -- what may not be ------------------------------------------------------------------------

    @api.constrains("address", "other_addresses")
    def _check_address(self):
        for mailbox in self:
            if not email_normalize(mailbox.address):
                raise ValidationError(self.env._("“%s” is not an e-mail address.", mailbox.address))
            for part in filter(str.strip, (mailbox.other_addresses or "").split(",")):
                if not email_normalize(part):
                    raise ValidationError(self.env._("“%s” is not an e-mail address.", part))

    @api.constrains("interval", "size_limit", "port", "keep_originals_days")
    def _check_numbers(self):
        for mailbox in self:
            if not 1 <= mailbox.interval <= MONTH_MINUTES:
                raise ValidationError(self.env._("The interval is from one minute to 30 days."))
            if mailbox.size_limit < 10_000:
                raise ValidationError(self.env._("The size limit is at least 10,000 bytes."))
            if not 0 < mailbox.port < 65536:
                raise ValidationError(self.env._("A port is a number from 1 to 65535."))
            if not 0 <= mailbox.keep_originals_days <= CENTURY_DAYS:
                raise ValidationError(self.env._("Originals are kept for 0 to 36,500 days."))

    @api.constrains("kind", "owner_id")
    def _check_owner(self):
        for mailbox in self:
            if mailbox.kind == "personal" and not mailbox.owner_id:
                raise ValidationError(self.env._("A personal mailbox needs an owner."))

    @api.constrains("after_import", "move_to")
    def _check_move_to(self):
        for mailbox in self:
            if mailbox.after_import == "move" and not mailbox.move_to:
                raise ValidationError(
                    self.env._("Name the folder on the server that imported mail moves to.")
                )
