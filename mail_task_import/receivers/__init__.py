"""Where raw mail comes from. Plain Python: nothing here knows Odoo's models."""
