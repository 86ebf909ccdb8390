"""What people do with links: make them by hand, publish, take back, remove, accept proposals."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..access import as_superuser
from ..actions import go_back
from .link_posting import IN_CHATTER, Post


class MailImportLink(models.Model):
    _inherit = "mail.import.link"

    has_remote_pictures = fields.Boolean(related="email_id.has_remote_pictures")
    files = fields.Json(related="email_id.files")
    email_text = fields.Text(related="email_id.body_text", string="Text")
    correspondent = fields.Char(related="email_id.correspondent")
    customer_id = fields.Many2one(
        "res.partner", "Account", compute="_compute_customer_id", search="_search_customer_id"
    )
    my_entry_id = fields.Many2one("mail.import.entry", compute="_compute_my_entry_id")

    @api.depends_context("uid")
    def _compute_my_entry_id(self):
        """The reader's own copy of the mail, from which it is answered; none for other readers."""
        entries = self.env["mail.import.entry"].search(
            [("email_id", "in", self.sudo().email_id.ids)]
        )
        for link in self:
            link.my_entry_id = entries.filtered(
                lambda entry, link=link: entry.email_id == link.sudo().email_id
            )[:1]

    # -- the e-mails of an account --------------------------------------------------------------

    def _compute_customer_id(self):
        for link in self:
            link.customer_id = link.res_model == "res.partner" and link.res_id

    @api.model
    def _search_customer_id(self, operator, value):
        """Links of accounts and contacts, those below them, and records whose customer they are."""
        if operator != "in":
            return NotImplemented
        Partner = self.env["res.partner"].with_context(active_test=False)
        partners = Partner.search([("id", "child_of", list(value))])
        domain = Domain("res_model", "=", "res.partner") & Domain("res_id", "in", partners.ids)
        for name, paths in sorted(self._paths_to_customers().items()):
            Model = self.env[name].with_context(active_test=False)
            if Model.has_access("read"):
                records = Model.search(Domain.OR([(path, "in", partners.ids)] for path in paths))
                domain |= Domain("res_model", "=", name) & Domain("res_id", "in", records.ids)
        return domain

    @api.model
    def _paths_to_customers(self):
        """``{model: {path to its customer}}`` of the targets that are no accounts."""
        # sudo: targets are settings
        targets = self.env["mail.import.target"].sudo()
        found = targets.search([("is_account", "=", False), ("partner_field", "!=", False)])
        paths = defaultdict(set)
        for target in found._installed():
            paths[target.model].add(target.partner_field)
        return paths

    # -- by hand --------------------------------------------------------------------------------

    @api.model
    def _link_by_hand(self, email, records, publish, **values):
        """Link an e-mail, and what of its thread has no record yet, where the user says.

        What only its readers see is shown to others one by one: of the thread, only open mail is
        published along.

        :param email: an e-mail that the user reads as an owner
        :param records: a record that the user can read, or a list of such, of any models
        :param values: more of the e-mail's own links
        :return: the links that were made
        """
        email.check_access("read")
        for record in records:
            record.check_access("read")
            if publish:
                record._mail_import_check_may_post()
        thread = email._thread_to_take_along()
        links = self.sudo().browse()
        for record in records:
            links |= links._make_by_hand(email.sudo(), record, **values)
            for other in thread:
                links |= links._make_by_hand(other, record)
        if publish:
            for link in links.sorted("date"):
                if link.email_id == email.sudo() or link.email_id.visibility == "linked":
                    link._publish_by_hand()
        return links.sudo(False)

    @api.model
    def _make_by_hand(self, email, record, **more):
        """As superuser; a proposal of the same record becomes the link."""
        values = {"step": "user", "suggested": False, "user_id": self.env.uid, **more}
        link = self.search(
            [
                ("email_id", "=", email.id),
                ("res_model", "=", record._name),
                ("res_id", "=", record.id),
            ]
        )
        if link:
            if link.suggested:
                link.write(values)
                link._note_by_hand("linked")
            return link
        link = self.create(
            {
                "email_id": email.id,
                "res_model": record._name,
                "res_id": record.id,
                "target_id": self.env["mail.import.target"]._of_record(record).id,
                **values,
            }
        )
        link._note_by_hand("made" if link.made_record else "linked")
        return link

    def _note_by_hand(self, result):
        """In the journals of the e-mails' copies."""
        for link in self:
            link.email_id.entry_ids._note_by("hand", result, model=link.res_model, id=link.res_id)

    def _publish_by_hand(self):
        """As superuser: quietly, as an internal note; a draft is posted when it is sent."""
        if self.message_id or self.email_id.state == "draft" or self._has_published_copy():
            return
        as_superuser(self)._publish(public=False, quiet=True)

    # -- buttons --------------------------------------------------------------------------------

    def _check_may_change(self):
        """Readers of the e-mail; and for their record, those who may change it."""
        own = set(self._own_ids())
        for link in self.filtered(lambda link: link.id not in own):
            link.check_access("read")
            record = link._get_record()
            if record is None or not record.has_access("write"):
                raise AccessError(
                    self.env._("You may not change which e-mails belong to this record.")
                )

    def action_unlink_email(self):
        """Take the mail back from the chatter and remove the link; its thread keeps its own."""
        self._check_may_change()
        # sudo: links are the importer's, the right to change them was checked
        links = self.sudo()
        links._note_by_hand("unlinked")
        links._withdraw()
        links.unlink()
        if not self.env.context.get("mail_import_go_back"):
            return None
        return go_back(self.env._("The e-mail no longer belongs to the record."))

    def action_delete_for_everyone(self):
        """Who reads the record reads the mail: its readers are not the only ones to be harmed."""
        self.check_access("read")
        # sudo: who reads a mail by its record does not read the e-mail itself
        self.sudo().email_id.with_env(self.env)._delete_for_everyone()
        return go_back(self.env._("The e-mail is deleted for everyone."))

    def action_publish(self):
        self._check_is_own()
        for link in self:
            if record := link._existing_record():
                record._mail_import_check_may_post()
        for link in self.sudo():
            if not link.suggested:
                link._publish_by_hand()

    def action_withdraw(self):
        self._check_may_change()
        # sudo: see action_unlink_email
        self.sudo()._withdraw()

    def action_accept(self):
        """A proposal becomes a link."""
        self._check_is_own()
        for link in self:
            self._link_by_hand(
                link.email_id, link._get_record(), link.email_id.visibility == "linked"
            )
        return {"type": "ir.actions.act_window_close"}

    def action_dismiss(self):
        self._check_is_own()
        # sudo: a proposal opens nothing, who reads the e-mail may dismiss it
        self.sudo().filtered("suggested").unlink()

    def _check_is_own(self):
        if set(self.ids) - set(self._own_ids()):
            raise AccessError(self.env._("Only those who read the e-mail itself decide that."))

    def action_open_record(self):
        self.ensure_one()
        record = self._get_record()
        if record is None or not record.exists():
            raise UserError(self.env._("The record is gone."))
        return record.get_formview_action()

    def _entry_to_answer(self):
        self.ensure_one()
        if not self.my_entry_id:
            raise AccessError(
                self.env._(
                    "This e-mail came to a mailbox that you do not read: answer in the record's "
                    "chatter."
                )
            )
        return self.my_entry_id

    def action_reply(self):
        return self._entry_to_answer().action_reply()

    def action_reply_all(self):
        return self._entry_to_answer().action_reply_all()

    def action_forward(self):
        return self._entry_to_answer().action_forward()

    # -- what is sent from a draft --------------------------------------------------------------

    def _post_sent(self, public):
        """Post a mail that leaves; following colleagues are told, outsiders get the mail itself."""
        self.ensure_one()
        author = self.env.user.partner_id
        record = self._get_record().with_context(**IN_CHATTER)
        return self._post_leaving(
            record,
            public,
            author_id=author.id,
            parent_id=self._named_parents([Post(self)])[self],
            partner_ids=(self._internal_followers(record) - author).ids,
        )

    def _post_leaving(self, record, public, **more):
        """In the chatter of its record, in the mailbox's name."""
        email = self.email_id
        message = record.message_post(
            body=self._body_for(record),
            subject=email.subject,
            message_type="email_outgoing",
            subtype_id=self._subtype(record, public, made=False),
            email_from=email._from_header(),
            message_id=email.message_id,
            attachments=self._attachments(),
            notify_skip_followers=True,
            **more,
        )
        # given to message_post, these would be sent a mail of the host's own
        message.outgoing_email_to = email.to
        self.message_id = message
        return message
