"""Messages: internal ones are read by employees only, whatever their type.

A mail in a chatter is read through its record: the host lets an author read any message, and who
wrote a mail is what somebody has typed into its From.
"""

from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.mail.tools.discuss import Store

from ..access import as_seen_by
from ..batch import UNVERIFIED


class MailMessage(models.Model):
    _inherit = "mail.message"

    mail_import_link_ids = fields.One2many(
        "mail.import.link", "message_id", groups="base.group_system"
    )

    mail_import_unverified = fields.Selection(
        UNVERIFIED,
        "Unverified Sender",
        copy=False,
        # not read along where the host reads messages
        prefetch=False,
        groups=fields.NO_ACCESS,
        help="Why the sender of the mail is not believed.",
    )

    def _to_store_defaults(self, target):
        defaults = super()._to_store_defaults(target)
        if target.is_internal(self.env) and self._mail_import_is_used():
            # sudo: whoever reads the message is told; only the importer says so
            defaults.append(Store.Attr("mail_import_unverified", sudo=True))
        return defaults

    @api.model
    def _mail_import_is_used(self):
        """Where no mailbox is set up, the host goes its own ways without a query of ours."""
        return self.env["mail.import.mailbox"]._any()

    @api.depends_context("uid")
    def _compute_display_name(self):
        """The host names a message by its subject, also to who only reads what points at it.

        Employees read all notifications; they would read the subjects of all mail in chatters.
        """
        result = super()._compute_display_name()
        if self.env.uid != api.SUPERUSER_ID and self._mail_import_is_used():
            mine = self.sudo(False)._origin
            for message in self.browse((mine - mine._filtered_access("read")).ids):
                message.display_name = False
        return result

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs):
        if bypass_access and self._is_guessed_by_outsider():
            domain = Domain(domain) & self._get_search_domain_share()
        query = super()._search(domain, offset, limit, order, bypass_access=bypass_access, **kwargs)
        if self.env.su or bypass_access or not self._mail_import_is_used():
            return query
        found = self.browse(query)
        if others := found._by_name_only():
            return (found - others)._as_query(ordered=bool(order))
        return query

    @api.model
    def _is_guessed_by_outsider(self):
        """A search for records by ``message_ids.body`` asks no rule of messages: the host has it
        bypass them. Outsiders who read a record could guess its notes, word by word.
        """
        outside = not self.env.su and not self.env.user._is_internal()
        return outside and self._mail_import_is_used()

    def _get_forbidden_access(self, operation):
        forbidden = super()._get_forbidden_access(operation)
        if not self._mail_import_is_used():
            return forbidden
        if operation == "read":
            forbidden += (self - forbidden)._internal_for_outsiders()
        if operation in ("read", "write"):
            forbidden += (self - forbidden)._by_name_only()
        return forbidden

    def _internal_for_outsiders(self):
        """The host refuses outsiders internal messages of type "comment" only.

        A note that a mail was published as has type "email", and would be readable by its id.
        """
        if not self or self.env.user._is_internal():
            return self.browse()
        rows = self.env.execute_query(
            SQL(
                """SELECT message.id FROM mail_message message
               LEFT JOIN mail_message_subtype subtype ON subtype.id = message.subtype_id
               WHERE message.id = ANY(%s) AND message.message_type IN ('email', 'email_outgoing')
               AND (message.is_internal OR message.subtype_id IS NULL OR subtype.internal)""",
                list(self.ids),
            )
        )
        return self.browse(id_ for [id_] in rows)

    def _by_name_only(self):
        """Published mails that bear the user's name, in records that the user cannot read.

        Who reads a mailbox may answer its mail without reading the record; the host would tell an
        author the record's name.
        """
        if not self:
            return self
        rows = self.env.execute_query(
            SQL(
                """SELECT message.id, message.model, message.res_id FROM mail_message message
               WHERE message.id = ANY(%(ids)s) AND message.author_id = %(partner)s
               AND message.message_type IN ('email', 'email_outgoing') AND EXISTS (
                   SELECT FROM mail_import_link link WHERE link.message_id = message.id)
               AND NOT EXISTS (
                   SELECT FROM mail_notification told
                   WHERE told.mail_message_id = message.id AND told.res_partner_id = %(partner)s)
               AND NOT EXISTS (
                   SELECT FROM mail_message_res_partner_rel named
                   WHERE named.mail_message_id = message.id
                   AND named.res_partner_id = %(partner)s)""",
                ids=list(self.ids),
                partner=self.env.user.partner_id.id,
            )
        )
        places = defaultdict(lambda: defaultdict(set))
        for id_, model, res_id in rows:
            places[model][res_id].add(id_)
        allowed = self._find_allowed_doc_ids(places)
        return self.browse(id_ for id_, _model, _res_id in rows if id_ not in allowed)

    def _notify_message_notification_update(self):
        """The host tells the author when a notification fails, with the name of the record."""
        told = self
        if self._mail_import_is_used():
            told = self.filtered(lambda message: not message._is_kept_from_author())
        return super(MailMessage, told)._notify_message_notification_update()

    def _is_kept_from_author(self):
        # sudo: whose mail it is; the author is asked below
        message = self.sudo()
        author = message.author_id.main_user_id
        if not author or not message.mail_import_link_ids:
            return False
        return not as_seen_by(self.sudo(False), author).has_access("read")

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        """The host fetches messages unchecked, relying on ``read``, which an export does not use.

        Reached by exports of messages, and of what leads to one (``mail_message_id/body``).
        """
        if self.env["mail.import.mailbox"]._any():
            self.check_access("read")
        return super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)

    @api.model_create_multi
    def create(self, vals_list):
        self._check_mailbox_server(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_mailbox_server([vals])
        return super().write(vals)

    @api.model
    def _check_mailbox_server(self, vals_list):
        """Nobody names the server of a mailbox that they may not send from."""
        ids = {vals["mail_server_id"] for vals in vals_list if vals.get("mail_server_id")}
        anything = ids and self.env["mail.import.mailbox"]._any()
        if not anything or self.env.uid == api.SUPERUSER_ID:
            return
        # sudo: users do not read mail servers
        servers = self.env["ir.mail_server"].sudo().browse(ids)
        if mailboxes := servers.mail_import_mailbox_ids:
            mailboxes.with_user(self.env.user)._check_may_send()
