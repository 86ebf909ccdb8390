"""The journal in words: confirmations, and mail that nothing matched."""

from odoo import models


class MailImportEntry(models.Model):
    _inherit = "mail.import.entry"

    def _words_of_confirm(self, note):
        env, address = self.env, note.get("address") or "–"
        result = note["result"]
        if result == "sent":
            return env._("A confirmation was sent to %s.", address)
        if result == "failed":
            return env._(
                "No confirmation was sent: the template “%s” failed.", note.get("template") or ""
            )
        reasons = {
            "automatic": env._("it was sent by a program or a list"),
            "loop": env._("one of our own addresses has had it before"),
            "nobody": env._("it names no sender"),
            "old": env._("it is over two days old"),
            "unverified": env._("its sender may be forged"),
            "trashed": env._("a filter put it into the trash"),
            "own": env._("%s is one of our own addresses", address),
            "no_send": env._("nothing is sent to %s by itself", address),
            "too_many": env._("%s has had enough of them lately", address),
            "again": env._("its conversation was confirmed already"),
            "cannot_send": env._("the mailbox has no SMTP server"),
            "outside": env._("the mailbox writes to people inside the company only"),
        }
        reason = reasons.get(result)
        return reason and env._("No confirmation was sent: %s.", reason)

    def _words_of_unmatched(self, note):
        env, result = self.env, note["result"]
        done = {
            "move": env._(
                "Nothing matched it: it moves to “%s” on the server.", note.get("folder")
            ),
            "delete": env._("Nothing matched it: it is deleted on the mail server."),
            "forward": env._("Nothing matched it: it was forwarded to %s.", note.get("address")),
        }
        if result in done:
            return done[result]
        reasons = {
            "automatic": env._("it was sent by a program in answer to something"),
            "from_there": env._("it came from the address that it would go to"),
            "not_whole": env._("it is not stored whole"),
            "old": env._("it is over two days old"),
            "own": env._("that address is watched here"),
            "cannot_send": env._("the mailbox has no SMTP server"),
            "outside": env._("the mailbox writes to people inside the company only"),
            "too_many": env._("too many were forwarded within the last hour"),
        }
        reason = reasons.get(result)
        return reason and env._("Nothing matched it, but it was not forwarded: %s.", reason)
