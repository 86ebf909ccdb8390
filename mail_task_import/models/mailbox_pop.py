"""POP3: what a mailbox does otherwise where its server is spoken to by POP3.

The inbox of the server is one watched folder. Its messages are numbered at the beginning of each
look (``unique_id.py``), and their headers are asked when they came; after that all goes as by IMAP.
"""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..receivers.exceptions import ConnectionLost
from ..receivers.pop import INBOX, PopReceiver

BY_IMAP_ALONE = ("seen", "move")


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    provider_pop_host = fields.Char(related="provider_id.pop_host")

    # -- what may not be ------------------------------------------------------------------------

    @api.onchange("protocol")
    def _onchange_protocol(self):
        if self.protocol != "pop":
            return
        self.folder_pattern = False
        if self.after_import in BY_IMAP_ALONE:
            self.after_import = "untouched"
        if self.unmatched in BY_IMAP_ALONE:
            self.unmatched = "keep"

    @api.constrains("protocol", "after_import", "unmatched", "folder_pattern")
    def _check_possible_by_pop(self):
        for mailbox in self.filtered(lambda mailbox: mailbox.protocol == "pop"):
            if mailbox.after_import in BY_IMAP_ALONE or mailbox.unmatched in BY_IMAP_ALONE:
                raise ValidationError(
                    self.env._(
                        "By POP3 mail can be left untouched on the server, or deleted there; it "
                        "is neither marked nor moved."
                    )
                )
            if mailbox.folder_pattern:
                raise ValidationError(self.env._("By POP3 only the inbox can be read."))

    @api.model_create_multi
    def create(self, vals_list):
        mailboxes = super().create(vals_list)
        mailboxes._watch_only_inbox()
        return mailboxes

    def write(self, vals):
        result = super().write(vals)
        if "protocol" in vals:
            self._watch_only_inbox()
        return result

    def _watch_only_inbox(self):
        # sudo: positions are the importer's; who chose POP3 has chosen the inbox
        for mailbox in self.sudo().filtered(lambda mailbox: mailbox.protocol == "pop"):
            folders = mailbox.with_context(active_test=False).remote_folder_ids
            inbox = folders.filtered(_is_inbox)[:1]
            (folders - inbox).filtered("active").active = False
            if not inbox:
                mailbox.remote_folder_ids = [fields.Command.create({"name": INBOX})]
            elif not inbox.active:
                inbox.active = True

    # -- the messages of a look -----------------------------------------------------------------

    def _receiver(self):
        if self.protocol != "pop":
            return super()._receiver()
        return PopReceiver(*self._connection__(), look_up=self._known_by_pop)

    def _new_receiver(self, settings, sign_in):
        if self.protocol != "pop":
            return super()._new_receiver(settings, sign_in)
        return PopReceiver(settings, sign_in)

    def _known_by_pop(self, listing):
        return self.env["mail.import.unique.id"]._known(self._pop_inbox(), listing)

    def _pop_inbox(self):
        # sudo: positions are the importer's
        return self.sudo().remote_folder_ids.filtered(_is_inbox)[:1]

    def _connect(self, look):
        yield from super()._connect(look)
        if self.protocol == "pop" and (inbox := self._pop_inbox()):
            listing = yield look.ask(lambda receiver: receiver.listing())
            number = self.env["mail.import.unique.id"]._number
            look.reader.receiver.number(*self._committed(number, inbox, listing))

    def _fetch_folder(self, look, folder, history):
        if self.protocol == "pop" and (yield from self._learn_arrivals(look, folder)):
            return True
        return (yield from super()._fetch_folder(look, folder, history))

    def _count_waiting(self, look, folder, notes):
        if self.protocol == "pop" and (yield from self._learn_arrivals(look, folder)):
            return True
        return (yield from super()._count_waiting(look, folder, notes))

    def _learn_arrivals(self, look, folder):
        """When each message came, before any is chosen. True where the time did not suffice."""
        receiver, note = look.reader.receiver, self.env["mail.import.unique.id"]._note_dates
        while _is_inbox(folder) and receiver.undated():
            if look.time_is_over():
                return True
            try:
                dates = yield look.ask(lambda receiver: receiver.read_arrivals())
            except ConnectionLost as error:
                self._note_cut_at_headers(folder, receiver.in_flight, str(error))
                raise
            self._committed(note, folder, dates)
        return False

    def _note_cut_at_headers(self, folder, uids, words):
        """A mail at whose headers the line always breaks is put aside after a while."""
        self._committed(folder._attempts(True).note_cut, uids, words)
        if uids and not folder._undone(uids):
            note = self.env["mail.import.unique.id"]._note_dates
            self._committed(note, folder, dict.fromkeys(uids))

    def _new_uids(self, look, folder):
        """Not what came before the first day of all: it would be read, and dropped."""
        uids = yield from super()._new_uids(look, folder)
        if self.protocol != "pop":
            return uids
        since = self._audited_since().date()
        recent = yield look.ask(lambda receiver: set(receiver.uids_since(since)))
        return [uid for uid in uids if uid in recent]

    def _import_batch(self, folder, fetched, history, left, killer):
        if self.protocol == "pop":
            dates = {raw.uid: raw.received_at for raw in fetched.mails}
            self.env["mail.import.unique.id"]._note_dates(folder, dates)
        return super()._import_batch(folder, fetched, history, left, killer)

    # -- what POP3 cannot -----------------------------------------------------------------------

    def _plan_sent_copy(self, raw, message_id):
        if self.protocol != "pop":
            super()._plan_sent_copy(raw, message_id)


def _is_inbox(folder):
    return folder.name.upper() == INBOX
