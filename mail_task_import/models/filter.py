"""Filters: which incoming mail is dropped or filed before anything else happens to it.

What they do to a batch lives in ``filter_sorting.py``, what they ask of a mail in
``filter_conditions.py``, how they are said in words in ``filter_words.py``.
"""

import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..mime.wildcards import AddressPatterns, lines_of
from .filter_conditions import conditions_of, header_of

SCOPES = [
    ("global", "All mailboxes"),
    ("group", "A group mailbox"),
    ("mailbox", "One of my mailboxes"),
    ("own", "All my mail"),
]
"""In the order in which they are asked; the keys sort likewise."""
PERSONAL = ("mailbox", "own")
CONDITIONS = (
    "sender", "recipients", "subject", "header_name", "header_value", "body_any", "body_all",
    "has_attachments", "larger_than", "is_list", "is_automatic", "sender_is", "is_unverified",
)  # fmt: skip
MAX_LENGTH = 10_000
MAX_ALTERNATIVES = 200
MAX_KILOBYTES = 1_000_000


ADDRESSES = ("sender", "recipients")
READ_BY = {**dict.fromkeys(ADDRESSES, AddressPatterns.read), "header_name": header_of}
"""How a text is read that is not of words, one a line."""
_BETWEEN = {False: re.compile("\n"), True: re.compile("[,;\n]")}


class MailImportFilter(models.Model):
    """
    ======= ================================= =========================================
    scope   whose                             what it decides
    ======= ================================= =========================================
    global  the company's: administrators'    the import
    group   a group mailbox': administrators' the import into that mailbox
    mailbox a user's                          the user's own copy, in one mailbox
    own     a user's                          the user's own copy, in all the user's own
    ======= ================================= =========================================
    """

    _name = "mail.import.filter"
    _inherit = [
        "mail.import.given.values.mixin",
        "mail.import.text.mixin",
        "mail.import.private.name.mixin",
        "mail.import.moved.mixin",
        "mail.import.remembered.mixin",
    ]
    _description = "E-mail Filter"
    _order = "scope, mailbox_id, sequence, id"
    _rec_names_search = ["name", "sender", "subject"]

    name = fields.Char(help="Empty: what it looks for.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(
        "Switched On", default=True, help="Switched off it does nothing, and can be tried."
    )
    scope = fields.Selection(SCOPES, "Applies To", required=True, default="own")
    user_id = fields.Many2one(
        "res.users",
        "Owner",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    mailbox_id = fields.Many2one(
        "mail.import.mailbox",
        compute="_compute_mailbox_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="cascade",
    )

    sender = fields.Text(
        "From", help="Addresses, domains or words, separated by commas: any of them."
    )
    recipients = fields.Text(
        "To or Cc", help="Addresses, domains or words, separated by commas: any of them."
    )
    subject = fields.Text(help="Words, one a line: any of them.")
    header_name = fields.Char("Header")
    header_value = fields.Text("Header Says", help="One a line: any of them. Empty: anything.")
    body_any = fields.Text("Text Contains Any Of", help="One a line.")
    body_all = fields.Text("Text Contains All Of", help="One a line.")
    has_attachments = fields.Boolean("Has Files")
    larger_than = fields.Integer("Larger Than", help="Kilobytes. 0: of any size.")
    is_list = fields.Boolean("Mailing List or Newsletter")
    is_automatic = fields.Boolean(
        "Sent by a Machine", help="Out-of-office notes, delivery reports, notifications."
    )
    sender_is = fields.Selection(
        [
            ("known", "A contact or colleague"),
            ("unknown", "Unknown"),
            ("employee", "A colleague"),
        ],
        "Sender Is",
        help="A colleague, or a contact, only where the mail is believed to be theirs. Unknown: "
        "the address is neither a contact's nor a colleague's.",
    )
    is_unverified = fields.Boolean(
        "Authentication Failed",
        help="It is marked as from an unverified sender: a check failed, or it bears a "
        "colleague's name or address and nobody vouches for it.",
    )

    destination = fields.Selection(
        [
            ("keep", "Leave it where it comes in"),
            ("folder", "Put it in a folder"),
            ("archive", "Archive it"),
            ("trash", "Put it in the trash"),
            ("skip", "Skip it: do not import it"),
        ],
        "Then",
        required=True,
        default="keep",
    )
    folder_id = fields.Many2one("mail.import.folder", ondelete="set null")
    mark_read = fields.Boolean("Mark as Read")
    star = fields.Boolean()
    silent = fields.Boolean("No Notification")

    may_change = fields.Boolean(compute="_compute_may_change", compute_sudo=False)

    # -- values that follow from others ---------------------------------------------------------

    @api.depends("scope")
    def _compute_user_id(self):
        for one in self:
            one.user_id = (one.user_id or self.env.user) if one.scope in PERSONAL else False

    @api.depends("scope")
    def _compute_mailbox_id(self):
        """One that does not fit the scope is no longer named."""
        kinds = {"group": "group", "mailbox": "personal"}
        for one in self:
            if one.mailbox_id and one.mailbox_id.kind != kinds.get(one.scope):
                one.mailbox_id = False

    @api.depends("scope", "mailbox_id.company_id")
    def _compute_company_id(self):
        """A user's own filters are the user's in all companies."""
        for one in self:
            if one.scope == "global":
                one.company_id = one.company_id or self.env.company
            else:
                one.company_id = one.scope == "group" and one.mailbox_id.company_id

    @api.depends("user_id", "scope")
    @api.depends_context("uid")
    def _compute_may_change(self):
        writable = self._filtered_access("write")
        for one in self:
            one.may_change = one in writable

    # -- what may not be ------------------------------------------------------------------------

    @api.constrains("scope", "user_id", "mailbox_id", "company_id")
    def _check_scope(self):
        for one in self:
            if bool(one.user_id) != (one.scope in PERSONAL):
                raise ValidationError(self.env._("A filter of one's own mail has an owner."))
            if one.scope == "global" and not one.company_id:
                raise ValidationError(self.env._("Name the company."))
            one._check_mailbox()

    def _check_mailbox(self):
        mailbox = self.mailbox_id
        if self.scope == "group" and mailbox.kind != "group":
            raise ValidationError(self.env._("Name the group mailbox that the filter is for."))
        if self.scope == "mailbox" and (
            mailbox.kind != "personal" or mailbox.owner_id != self.user_id
        ):
            raise ValidationError(self.env._("Name the mailbox of yours that the filter is for."))
        if self.scope in ("global", "own") and mailbox:
            raise ValidationError(self.env._("A filter for all mailboxes names none."))

    @api.constrains("destination", "folder_id", "scope", "user_id", "mailbox_id")
    def _check_folder(self):
        for one in self:
            folder = one.folder_id
            if one.destination == "folder" and not folder:
                raise ValidationError(self.env._("Name the folder."))
            if folder.kind in ("sent", "drafts"):
                raise ValidationError(
                    self.env._("Incoming mail cannot be put into “%s”.", folder.name)
                )
            if folder.kind == "own" and not one._owns(folder):
                raise ValidationError(
                    self.env._("A filter puts mail into folders of the owner of that mail.")
                )

    def _owns(self, folder):
        if self.scope in PERSONAL:
            return folder.user_id == self.user_id and not folder.mailbox_id
        return self.scope == "group" and folder.mailbox_id == self.mailbox_id

    @api.constrains("scope", "destination", *CONDITIONS)  # the first two are always given
    def _check_conditions(self):
        for one in self:
            if any(len(one[name] or "") > MAX_LENGTH for name in self._texts()):
                raise ValidationError(
                    self.env._("A condition has at most %s characters.", MAX_LENGTH)
                )
            if any(len(one._alternatives(name)) > MAX_ALTERNATIVES for name in self._texts()):
                raise ValidationError(
                    self.env._("A condition names at most %s alternatives.", MAX_ALTERNATIVES)
                )
            if not 0 <= one.larger_than <= MAX_KILOBYTES:
                raise ValidationError(self.env._("A size is from 0 to 1,000,000 kilobytes."))
            if lines_of(one.header_value) and not header_of(one.header_name):
                raise ValidationError(self.env._("Name the header."))
            one._check_says_something()

    def _check_says_something(self):
        if not conditions_of(self):
            raise ValidationError(
                self.env._("A filter without a condition would catch nothing: name one.")
            )
        for name in self._texts():
            text = self[name]
            if text and not READ_BY.get(name, lines_of)(text):
                label = self._fields[name].get_description(self.env, ["string"])["string"]
                raise ValidationError(
                    self.env._(
                        "“%(text)s” names nothing that could be looked for: %(field)s",
                        text=text.strip(),
                        field=label,
                    )
                )

    def _alternatives(self, name):
        text = self[name] or ""
        return [part for part in _BETWEEN[name in ADDRESSES].split(text) if part.strip()]

    @api.model
    def _texts(self):
        return [name for name in CONDITIONS if self._fields[name].type in ("char", "text")]
