"""Headers of what leaves: names in addresses stay one line.

Python refuses a line break in a header, but not in a list of addresses, which the host gives it:
the name of a contact could add headers of its own.
"""

from odoo import models

HEADERS = ("email_from", "email_to", "email_cc", "email_bcc", "reply_to")


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    def _build_email__(self, email_from, email_to, *args, **kwargs):
        kwargs = {
            name: _lines(value) if name in HEADERS else value for name, value in kwargs.items()
        }
        return super()._build_email__(_lines(email_from), _lines(email_to), *args, **kwargs)


def _lines(addresses):
    if isinstance(addresses, list | tuple):
        return [one_line(address) for address in addresses]
    return one_line(addresses)


def one_line(text):
    return " ".join(text.splitlines()) if isinstance(text, str) else text
