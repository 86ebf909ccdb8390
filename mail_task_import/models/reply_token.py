"""Reply tokens: what we send says in its Message-ID, signed, which record it belongs to.

An answer names that number (References, In-Reply-To), and so finds its record also where the mail
that it answers is not known here any more, or where a program kept nothing but the last number.
The signature is made with the host's ``database.secret``; nobody else can make one.
"""

import re

from odoo import api, models
from odoo.tools import consteq
from odoo.tools.misc import hmac

from ..mime.message_id import MAX_LENGTH

SCOPE = "mail_task_import.reply"
SIGNED = re.compile(r"<([^<>@~\s]+)~([a-z0-9_.]{1,64})~(\d{1,12})~([pn])([0-9a-f]{32})@")


class MailImportReplyToken(models.AbstractModel):
    _name = "mail.import.reply.token"
    _description = "Signed Message-IDs"

    @api.model
    def _sign(self, message_id, record, public):
        """The Message-ID with the record in it; as it is where it would become too long.

        :param public: whether the message is one; an answer to a note stays a note
        """
        left, at, right = message_id.strip("<>").partition("@")
        left = left.replace("~", "-")
        kind = "p" if public else "n"
        signature = self._signature(left, record._name, record.id, kind)
        signed = f"<{left}~{record._name}~{record.id}~{kind}{signature}{at}{right}>"
        return signed if at and len(signed) <= MAX_LENGTH else message_id

    @api.model
    def _read_token(self, message_id):
        """``(model, id, whether it is public)``, or None where it is not ours."""
        match = SIGNED.match(message_id)
        if not match:
            return None
        left, model, number, kind, signature = match.groups()
        if not consteq(signature, self._signature(left, model, int(number), kind)):
            return None
        return model, int(number), kind == "p"

    @api.model
    def _signature(self, *signed):
        # sudo: the secret is read to sign, and shown to nobody
        return hmac(self.sudo().env, SCOPE, signed)[:32]
