"""What a mail is. Plain Python: nothing here knows Odoo, sockets or a database."""
