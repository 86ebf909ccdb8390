"""Posting: the messages that published e-mails are in the chatters of their records."""

import re
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from markupsafe import Markup

from odoo import api, models
from odoo.tools import email_split, formataddr

from ..access import as_superuser
from ..answering import contained
from .ir_attachment import AS_IT_CAME
from .reference import digest_of

PICTURE = re.compile(r"/web/image/(\d+)")
POSTING_READ = frozenset(
    f"odoo.addons.{name}.models.mail_thread" for name in ("mail", "rating", "sms")
)
"""Modules whose ``message_post`` does for an e-mail what ``_post_together`` does."""

IN_CHATTER = {
    "mail_import_publishing": True,
    "mail_post_autofollow": False,
    "mail_post_autofollow_author_skip": True,
    "mail_notify_force_send": False,
    "mail_create_nosubscribe": True,
    **AS_IT_CAME,
}
"""The context of a message that shows an e-mail: the host adds no followers of its own."""


@dataclass(slots=True)
class Post:
    """One e-mail that is put into the chatter of its record."""

    link: Any
    public: bool = False
    """As a discussion that outside followers see, else as an internal note."""
    made: bool = False
    """The mail made the record: the host's own subtype for that."""
    quiet: bool = True
    """Notify nobody, answer nothing."""
    seen: bool = False
    """It was read on the server already: no employee is notified."""


class MailImportLink(models.Model):
    _inherit = "mail.import.link"

    @api.model
    def _post_all(self, posts):
        """Post e-mails in the chatters of their records, with attachments of the records' own.

        Messages are made together where the record's model posts as the host has it, and one by
        one where an add-on posts in its own way.
        """
        # only neighbours together: messages keep the order of the mails
        for (model, quiet, seen), some in groupby(  # pylint: disable=bad-builtin-groupby
            posts, lambda post: (post.link.res_model, post.quiet, post.seen)
        ):
            some = list(some)
            records = self._in_chatter(model, [post.link.res_id for post in some], quiet, seen)
            post_them = self._post_together if _posts_plainly(records) else self._post_singly
            for post, message in zip(some, post_them(records, some), strict=True):
                post.link.message_id = message
        if not all(post.quiet for post in posts):
            self._send_soon()

    @api.model
    def _in_chatter(self, model, ids, quiet, seen=False):
        """One record a post, in order, as superuser and without the host's subscriptions."""
        told = {"mail_import_quiet": quiet, "mail_import_seen": seen}
        Model = as_superuser(self.env[model], **IN_CHATTER, **told)._fallback_lang()
        return [record.with_prefetch(ids) for record in map(Model.browse, ids)]

    def _shown_sender(self):
        """Who names nobody bears the mailbox's address: the host tells no follower of a message
        without one.
        """
        email = self.email_id
        if email.from_email:
            return email.sender
        address = email.entry_ids.mailbox_id[:1]._sender_address()
        name = email.from_name and self.env._("%s (no address)", email.from_name)
        return formataddr((name or self.env._("Unknown sender"), address))

    @api.model
    def _post_singly(self, records, posts):
        parents = self._named_parents(posts)
        return [
            record.message_post(
                **self._content(record, post),
                parent_id=parents[post.link],
                attachments=post.link._attachments(),
                **self._recipients(record, post),
            )
            for record, post in zip(records, posts, strict=True)
        ]

    @api.model
    def _content(self, record, post):
        """What both ways of posting write into the message."""
        email = post.link.email_id
        body = post.link._body_for(record)
        return {
            # tasks take their description from it
            "body": contained(body) if post.made else body,
            "subject": email.subject or False,
            "message_type": "email",
            "email_from": post.link._shown_sender() or False,
            "author_id": email.author_id.id or False,
            "message_id": email.message_id or None,
            "date": email.date,
            "subtype_id": self._subtype(record, post.public, post.made),
            "incoming_email_to": email.to or False,
            "incoming_email_cc": email.cc or False,
            "mail_import_unverified": email.unverified,
        }

    @api.model
    def _recipients(self, record, post):
        """Followers by their subtypes, or the employees among them where it is a note."""
        noted = not (post.public or post.quiet or post.seen)
        return {
            "partner_ids": self._internal_followers(record).ids if noted else [],
            "notify_skip_followers": post.quiet or not post.public,
        }

    # -- many at once ---------------------------------------------------------------------------

    @api.model
    def _post_together(self, records, posts):
        """What the host's ``message_post`` does for each, with one ``create`` for all.

        All hooks of the host are called: ``_message_create``, ``_message_post_after_hook`` and
        ``_notify_thread``.
        """
        values_list, notifying = [], []
        shared = self._shared_values(records)
        parents = self._parents(records, posts)
        reply_to = self._reply_to(records, posts)
        for record, post in zip(records, posts, strict=True):
            recipients = self._recipients(record, post)
            values = {
                **self._content(record, post),
                **shared[record.id],
                "parent_id": parents[post.link],
                "partner_ids": recipients.pop("partner_ids"),
                "reply_to": reply_to[post.link],
            }
            attachments = post.link._attachments()
            values |= record._process_attachments_for_post(attachments, [], values)
            values_list.append(values)
            notifying.append(recipients)
        messages = records[0]._message_create(values_list)
        for record, message, values in zip(records, messages, values_list, strict=True):
            record._message_post_after_hook(message, values)
        self.env["mail.followers"]._mail_import_look_up(records, values_list, notifying)
        with records[0]._mail_import_inboxes_together():
            for record, message, values, recipients in zip(
                records, messages, values_list, notifying, strict=True
            ):
                record._notify_thread(message, values, **recipients)
        return messages

    @api.model
    def _shared_values(self, records):
        """``{record id: values}`` that the host asks of the record, not of the mail."""
        together = records[0].browse({record.id for record in records})
        company = self.env.company
        domains = together.sudo()._mail_get_alias_domains(default_company=company)
        companies = together._mail_get_companies(default=company)
        return {
            record.id: {
                "model": record._name,
                "res_id": record.id,
                "author_guest_id": False,
                "email_add_signature": True,
                "outgoing_email_to": False,
                "record_alias_domain_id": domains[record.id].id,
                "record_company_id": companies[record.id].id,
            }
            for record in together
        }

    @api.model
    def _reply_to(self, records, posts):
        """``{link: address}``: of the record's alias or the company's, else the sender's own."""
        together = records[0].browse({record.id for record in records})
        found = together._notify_get_reply_to(default=False)
        answers = {}
        for record, post in zip(records, posts, strict=True):
            author, address = post.link.email_id.author_id.id, found.get(record.id)
            if address and author:
                # the address bears the author's name; asked whole, the host looks for it again
                address = record._notify_get_reply_to_formatted_email(
                    email_split(address)[0], author_id=author
                )
            answers[post.link] = address or post.link.email_id.sender or False
        return answers

    @api.model
    def _parents(self, records, posts):
        """``{link: message id}``: of the mail that is answered, else what the host would take."""
        parents = self._named_parents(posts)
        begun = self._with_messages(records)
        for record, post in zip(records, posts, strict=True):
            if not parents[post.link] and record.id in begun:
                parents[post.link] = record._message_compute_parent_id(False)
        return parents

    @api.model
    def _with_messages(self, records):
        """Ids of the records whose chatter is not empty."""
        rows = self.env["mail.message"]._read_group(
            [("model", "=", records[0]._name), ("res_id", "in", [r.id for r in records])],
            ["res_id"],
        )
        return {res_id for (res_id,) in rows}

    @api.model
    def _named_parents(self, posts):
        """``{link: message id or False}``: of the latest mail named that is in the same chatter."""
        named = {post.link: {digest_of(name) for name in post.link._named_ids()} for post in posts}
        links = self.search(
            [
                ("email_id.message_id_digest", "in", list(set().union(*named.values()))),
                ("res_model", "in", list({link.res_model for link in named})),
                ("res_id", "in", list({link.res_id for link in named})),
                ("message_id", "!=", False),
            ],
            order="date",
        )
        latest = {
            (link.res_model, link.res_id, link.email_id.message_id_digest): link for link in links
        }
        parents = {}
        for link, digests in named.items():
            keys = [(link.res_model, link.res_id, digest) for digest in digests]
            found = [latest[key] for key in keys if key in latest]
            newest = max(found, key=lambda parent: parent.date, default=self.browse())
            parents[link] = newest.message_id.id
        return parents

    def _named_ids(self):
        return (self.email_id.references_text or "").split()

    # -- content --------------------------------------------------------------------------------

    def _body_for(self, record):
        """The body as the chatter shows it: inline images by the record's own copies."""
        ids = set(self.email_id.attachment_ids.ids)

        def own_copy(address):
            number = int(address[1])
            return f"cid:mail-import-{number}" if number in ids else address[0]

        return Markup(PICTURE.sub(own_copy, self.email_id.body or ""))

    def _attachments(self):
        """``(name, bytes, {"cid": …})`` for the host: it makes rows of the record's own."""
        return [
            (attachment.name, attachment.raw or b"", {"cid": f"mail-import-{attachment.id}"})
            for attachment in self.email_id.attachment_ids
        ]

    @api.model
    def _subtype(self, record, public, made):
        """Id of the subtype."""
        subtype_id = self.env["ir.model.data"]._xmlid_to_res_id
        if not public:
            return subtype_id("mail.mt_note")
        creation = made and record._creation_subtype()
        return creation.id if creation else subtype_id("mail.mt_comment")

    @api.model
    def _send_soon(self):
        """Have the host's queue sent after the commit; one call for all mails of a batch."""
        told = self.env.cr.postcommit.data
        if not told.setdefault("mail_task_import.send_soon", False):
            told["mail_task_import.send_soon"] = True
            self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()


def _posts_plainly(records):
    """Whether no add-on changes how the model posts, but for those that were read."""
    return POSTING_READ.issuperset(
        cls.__module__ for cls in type(records[0]).__mro__ if "message_post" in vars(cls)
    )
