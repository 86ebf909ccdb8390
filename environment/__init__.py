"""How Odoo, PostgreSQL, the IMAP server and the SMTP sink are got and started.

Standard library only (``smtp_sink`` alone needs ``aiosmtpd``), and never ``import odoo``: this
package builds the place in which Odoo runs. ``make help`` lists what it does; ``python3 -m
environment VERB`` is what the Makefile calls.
"""
