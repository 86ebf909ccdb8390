"""How mail comes in: *known?* recognises what is here already, *store* writes what is new."""

from html import escape

from odoo import Command, api, models

from ..batch import DUPLICATE, STORED
from ..mime.subjects import kind_of
from ..mime.text import preview
from .harmless_html import Harmless
from .reference import digest_of

BODY_FIELDS = 1_000_000
"""Characters of text that are kept for searching."""


class MailImportEmail(models.Model):
    _inherit = "mail.import.email"

    # -- known? ---------------------------------------------------------------------------------

    @api.model
    def _recognise(self, batch):
        """Step *known?*: find the e-mail of each mail that is here already, its twins, its doubles.

        Fills ``email``, ``same_as``, ``twin_of``; deleted ones end here as duplicates.
        """
        known, buried = self._known(batch)
        for mail in batch.under_way:
            identity = (mail.parsed.key, mail.parsed.digest)
            if identity in buried and identity not in known:
                mail.state = DUPLICATE
                continue
            mail.email = known.get(identity) or self._own_mail_coming_back(batch, mail)
        batch.lookups["known"] = known
        self._pair(batch)

    @api.model
    def _pair(self, batch):
        """Find the doubles and twins of mails under way: again when filters have skipped some."""
        known, first = batch.lookups["known"], {}
        for mail in batch.under_way:
            identity = (mail.parsed.key, mail.parsed.digest)
            mail.same_as = first.get(identity)
            mail.twin_of = None
            if not mail.email and not mail.same_as:
                mail.twin_of = known.get(mail.parsed.key) or first.get(mail.parsed.key)
            first.setdefault(identity, mail)
            first.setdefault(mail.parsed.key, mail)
        self._leave_dropped(batch)

    @api.model
    def _known(self, batch):
        """``{(key, digest) or key: e-mail}`` and the set of ``(key, digest)`` of deleted ones."""
        keys = [mail.parsed.key for mail in batch.under_way]
        known = {}
        for email in self.search_fetch(
            [("key", "in", keys)], ["key", "digest", "twin_of_id"], order="id"
        ):
            known[email.key, email.digest] = email
            known.setdefault(email.key, email)
        stones = self.env["mail.import.tombstone"].search_fetch(
            [("key", "in", keys)], ["key", "digest"]
        )
        return known, {(stone.key, stone.digest) for stone in stones}

    @api.model
    def _own_mail_coming_back(self, batch, mail):
        """The e-mail that we sent, where the server's Sent folder holds a copy of it.

        A relay may have changed the copy, so Message-ID and the Sent folder of the mailbox that
        sent it are enough; anywhere else a mail that bears the number of ours is a twin.
        """
        if not batch.sent or not mail.parsed.message_id:
            return self.browse()
        return self.search(
            [
                ("message_id_digest", "=", digest_of(mail.parsed.message_id)),
                ("direction", "=", "outgoing"),
                ("message_id", "=", mail.parsed.message_id),
                ("entry_ids.mailbox_id", "=", batch.mailbox.id),
            ],
            limit=1,
        )

    # -- store ----------------------------------------------------------------------------------

    @api.model
    def _store(self, batch):
        """First part of *store*: one e-mail for each mail that is not here yet."""
        fresh = [mail for mail in batch.under_way if not mail.email and not mail.same_as]
        emails = self.create([self._values(batch, mail) for mail in fresh])
        for mail, email in zip(fresh, emails, strict=True):
            mail.email, mail.state = email, STORED
        for mail in batch.under_way:
            mail.email = mail.email or mail.same_as.email
            mail.state = DUPLICATE
            mail.email._hear_of(mail)
        self._store_attachments(fresh)
        self.env["mail.import.reference"]._store(fresh)
        self._connect_twins(fresh)

    def _hear_of(self, mail):
        """What the mailbox of another copy knows of the sender."""
        if mail.unverified:
            if mail.unverified == "failed" and mail.decides and not self._is_settled():
                self.write({"unverified": "failed", "author_id": False})
            return
        if self.unverified == "failed" and not mail.vouched:
            return
        if mail.author and not self.author_id:
            # the mailbox that had it first could not vouch for its sender
            self.author_id = mail.author
        if self.unverified:
            self._clear_mark()

    def _is_settled(self):
        """Marked, published, or vouched for by a server that is not an owner's own."""
        passed = self.entry_ids.filtered(lambda entry: entry.verdict == "pass")
        return bool(self.unverified or self.decided or passed.filtered(lambda e: not e.user_id))

    def _clear_mark(self):
        """Another copy came with the word of a trusted server."""
        self.unverified = False
        self.link_ids.message_id.mail_import_unverified = False

    @api.model
    def _values(self, batch, mail):
        parsed = mail.parsed
        # whose link it is that they quote, their readers are not to speak for
        impersonal = self.env["mail.import.opt.out"]._impersonal
        text, shown = impersonal(parsed.body_text), parsed.preview
        if text != parsed.body_text:
            shown = preview(text, kind_of(parsed.subject, bool(parsed.references)))
        return {
            "key": parsed.key,
            "digest": parsed.digest,
            "message_id": parsed.message_id,
            "message_id_digest": digest_of(parsed.message_id) if parsed.message_id else False,
            "references_text": " ".join(parsed.references),
            "state": "sent" if mail.outgoing else "received",
            "direction": "outgoing" if mail.outgoing else "incoming",
            "subject": parsed.subject,
            "date": parsed.date or mail.raw.received_at or self.env.cr.now(),
            "from_name": parsed.sender.name,
            "from_email": parsed.sender.email,
            "author_id": mail.author.id if mail.author else False,
            "unverified": mail.unverified or False,
            "to": ", ".join(map(str, parsed.to[:500])),
            "cc": ", ".join(map(str, parsed.cc[:500])),
            "reply_to": ", ".join(map(str, parsed.reply_to[:10])),
            "body": Harmless(impersonal(parsed.body_html)),
            "body_text": text[:BODY_FIELDS],
            "preview": shown,
            "headers": parsed.headers,
            "size": parsed.size,
            "automatic": parsed.automatic or False,
            "decided": mail.decides,
            "has_attachments": any(not part.inline for part in parsed.attachments),
            "company_id": batch.mailbox.company_id.id,
        }

    @api.model
    def _store_attachments(self, mails):
        """One row a file, owned by the e-mail; images in the body point at theirs."""
        values = [
            {
                "name": part.name,
                "raw": part.content,
                "mimetype": part.mimetype,
                "res_model": self._name,
                "res_id": mail.email.id,
                "type": "binary",
            }
            for mail in mails
            for part in mail.parsed.attachments
        ]
        rows = iter(self.env["ir.attachment"].create(values))
        owned = []
        for mail in mails:
            if parts := mail.parsed.attachments:
                ids = [next(rows).id for _part in parts]
                owned.append((mail.email, [Command.set(ids)]))
                mail.email._show_inline_images(parts, ids)
        self._fields["attachment_ids"].create(owned)  # all by one INSERT

    def _show_inline_images(self, parts, attachment_ids):
        """``cid:`` addresses of the body become those of the e-mail's own attachments."""
        pairs = zip(parts, attachment_ids, strict=True)
        images = {part.cid: id_ for part, id_ in pairs if part.inline}
        if not images:
            return
        body = str(self.body or "")
        for cid, id_ in images.items():
            source = f'src="cid:{escape(cid, quote=False)}"'
            body = body.replace(source, f'src="/web/image/{id_}"')
        if body != self.body:
            self.body = Harmless(body)

    @api.model
    def _doubled(self, batch):
        """Message-IDs of this batch that several e-mails bear: twins, or a number used twice."""
        digests = {mail.email.message_id_digest for mail in batch.mails if mail.email}
        rows = self._read_group(
            [("message_id_digest", "in", list(digests - {False}))],
            ["message_id_digest"],
            having=[("__count", ">", 1)],
        )
        several = {digest for (digest,) in rows}
        return {
            mail.email.message_id
            for mail in batch.mails
            if mail.email and mail.email.message_id_digest in several
        }

    @api.model
    def _connect_twins(self, mails):
        for mail in mails:
            if mail.twin_of:
                twin = getattr(mail.twin_of, "email", mail.twin_of)
                mail.email.write({"twin_of_id": (twin.twin_of_id or twin).id, "is_twin": True})
