"""Records that people make of mail: who made which, told as far as the reader may know it."""

from odoo import models


class MailImportLink(models.Model):
    _inherit = "mail.import.link"

    def _made_words(self):
        """“Ann made LEAD-12 “Desks” of it.” The name of a record that the user may not read is left
        out.
        """
        self.ensure_one()
        # sudo: what was made, and by whom; a colleague's name
        link = self.sudo()
        who = link.user_id.name or self.env._("An import rule")
        number = f"{link.target_id.code}-{link.res_id}" if link.target_id.can_create else ""
        name = self.sudo(False).record_name
        what = " ".join(filter(None, (number, name and f"“{name}”")))
        if not what:
            return self.env._("%s made a record of it.", who)
        return self.env._("%(who)s made %(record)s of it.", who=who, record=what)
