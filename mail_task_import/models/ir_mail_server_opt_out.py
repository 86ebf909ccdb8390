"""Headers of what leaves, where recipients may opt out.

Addresses in them leave as they are.

Python folds a long one into encoded words (RFC 2047), which is no address to a mail program: its
*Unsubscribe* button would be missing. The host has the same for Message-IDs.
"""

import email.policy

from odoo import models

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from ..receivers.smtp import is_refusal

ADDRESSES = frozenset({"list-unsubscribe"})


class _Unfolded(type(email.policy.SMTP)):
    def _fold(self, name, value, *args, **kwargs):
        if name.lower() in ADDRESSES and value.isascii():
            return f"{name}: {value}{self.linesep}"
        return super()._fold(name, value, *args, **kwargs)


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    def _build_email__(self, *args, **kwargs):
        headers = dict(kwargs.get("headers") or {})
        date = headers.pop("Date", None)
        if date:
            kwargs["headers"] = headers
        message = super()._build_email__(*args, **kwargs)
        if date:
            # of several copies of one mail; the host gives each its own
            message.replace_header("Date", date)
            message.mail_import_is_copy = True
        if any(message[name] for name in ADDRESSES):
            message.policy = _Unfolded(linesep=message.policy.linesep)
        return message

    def send_email(self, message, *args, **kwargs):
        """One recipient's copy that is refused does not keep the others from theirs."""
        try:
            return super().send_email(message, *args, **kwargs)
        except MailDeliveryException as error:
            if getattr(message, "mail_import_is_copy", False) and is_refusal(error.__context__):
                # the words by which the host goes on
                raise AssertionError(self.NO_VALID_RECIPIENT) from error
            raise
