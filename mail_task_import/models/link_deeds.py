"""Links that somebody made or removed a moment ago, and takes back.

What comes back into a chatter comes as an internal note, whatever it was there.
"""

from odoo import models

KEPT = ("email_id", "res_model", "res_id", "target_id", "step", "made_record", "rule_id", "user_id")
"""Of a link that was removed."""


class MailImportLink(models.Model):
    _inherit = "mail.import.link"

    # -- made -----------------------------------------------------------------------------------

    def _told_as_made(self, proposals):
        """:param proposals: ids of those that were only proposed before"""
        # sudo: links of e-mails that the user has just linked
        links = self.sudo()
        changes = [{"id": link.id, "proposed": link.id in proposals} for link in links]
        deed = self.env["mail.import.deed"]._note("link", changes, len(links.email_id))
        return deed._told()

    def _undo_linking(self, changes):
        proposed = {change["id"]: change["proposed"] for change in changes}
        # sudo: whether somebody still has them so; the right to change them is checked
        links = self.sudo().browse(proposed).exists()
        links = links.filtered(
            lambda link: (
                link.step == "user" and link.user_id == self.env.user and not link.suggested
            )
        )
        links = links.sudo(False)._that_may_be_changed().sudo()
        links._note_by_hand("unlinked")
        links._withdraw()
        again = links.filtered(lambda link: proposed[link.id])
        again.write({"suggested": True, "step": "address", "user_id": False})
        (links - again).unlink()
        return len(changes) - len(links)

    def _that_may_be_changed(self):
        own = set(self._own_ids())
        return self.filtered(lambda link: link.id in own or link._is_of_own_record())

    def _is_of_own_record(self):
        if not self.has_access("read"):
            return False
        record = self._existing_record()
        return record is not None and record.has_access("write")

    # -- removed --------------------------------------------------------------------------------

    def action_unlink_email(self):
        self._check_may_change()
        # sudo: links are the importer's, the right to change them was checked
        links = self.sudo().filtered(lambda link: not link.suggested)
        changes = [
            {
                **{name: _plain(link[name]) for name in KEPT},
                "published": bool(link.message_id) and link.step != "sent",
            }
            for link in links
        ]
        count = len(links.email_id)
        back = super().action_unlink_email()
        deed = self.env["mail.import.deed"]._note("unlink", changes, count)
        return deed._told(back=bool(back))

    def _undo_unlinking(self, changes):
        left = 0
        for change in changes:
            left += not self._link_again(dict(change))
        return left

    def _link_again(self, values):
        """With the rights that one needs to link it by hand, or to unlink it once more."""
        published = values.pop("published")
        # sudo: links are the importer's; the user's right to both ends is checked
        email = self.env["mail.import.email"].sudo().browse(values["email_id"]).exists()
        if not email or values["res_model"] not in self.env:
            return False
        record = self.env[values["res_model"]].browse(values["res_id"]).exists()
        own = email.sudo(False).has_access("read")
        may = record and record.has_access("read" if own else "write")
        if not may or not (own or email.visibility == "linked"):
            return False
        place = [(name, "=", values[name]) for name in ("email_id", "res_model", "res_id")]
        if self.sudo().search_count(place, limit=1):
            return False
        for name in ("target_id", "rule_id", "user_id"):
            found = self.env[self._fields[name].comodel_name].sudo().browse(values[name] or [])
            values[name] = found.exists().id
        link = self.sudo().create(values)
        link._note_by_hand("linked")
        if published:
            link._publish_by_hand()
        return True


def _plain(value):
    return value.id if isinstance(value, models.BaseModel) else value
