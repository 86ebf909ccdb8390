"""Opting out of mailings: signed links, and what they do.

A link names an address and the moment when its mail was sent, and is signed; it holds no secret
and no record's number. What is opted out of is a choice (``_choices``): here all mailings, by the
host's blacklist; another add-on adds its own.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timezone
from urllib.parse import quote

import psycopg2

from odoo import api, models
from odoo.tools import email_normalize, format_datetime
from odoo.tools import hmac as signed

from ..access import as_superuser
from ..mime.opt_out import PATH, STAND_IN, quoted_impersonal

SCOPE = "mail_import-opt_out"
EVERYTHING = "all"
"""The choice that is the host's blacklist."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody may opt out of."""

    key: str
    name: str
    """For the page; "" where it is all there is."""
    is_out: bool
    may_undo: bool
    """Opted out by a link, not by somebody else's hand."""


class MailImportOptOut(models.AbstractModel):
    _name = "mail.import.opt.out"
    _description = "Opting Out of Mailings"

    # -- links ----------------------------------------------------------------------------------

    @api.model
    def _stand_in(self, base):
        """The address that a text is written with."""
        return base.rstrip("/") + STAND_IN

    @api.model
    def _links(self, base, address, sent=None):
        """The page's address for one recipient, and the one that mail programs post to."""
        sent = sent or int(datetime.now(timezone.utc).timestamp())
        rest = f"{sent}/{self._token(address, sent)}?to={quote(address, safe='')}"
        base = base.rstrip("/") + PATH
        return f"{base}/{rest}", f"{base}/one_click/{rest}"

    @api.model
    def _token(self, address, sent):
        # su: the database's secret, of which only this signature is told
        return signed(self.env(su=True), SCOPE, (address, int(sent)))

    @api.model
    def _is_signed(self, address, sent, token):
        signed_here = hmac.compare_digest(self._token(address, sent).encode(), token.encode())
        return signed_here and bool(address) and address == email_normalize(address)

    @api.model
    def _is_signed_for(self, written, sent, token):
        """The same of an address as a mail program writes it."""
        return self._is_signed(self._addressee(written), sent, token)

    @api.model
    def _addressee(self, written):
        """The address that such a text is, in capitals or not, or "". A name beside it is none of
        ours; "+" is a blank to who reads addresses.
        """
        written = written.strip().replace(" ", "+").lower()[:320]
        return written if written and written == email_normalize(written) else ""

    @api.model
    def _impersonal(self, text):
        """What somebody else wrote, without anybody's own links, however they quote them."""
        return quoted_impersonal(text, self._stand_in(self.get_base_url()), self._is_signed_for)

    # -- the page -------------------------------------------------------------------------------

    @api.model
    def _in_language_of(self, address):
        """In the recipient's language, where it is known; otherwise in their browser's."""
        # sudo: only the language of who holds the link
        partner = self.env["res.partner"].sudo()
        lang = partner.search([("email_normalized", "=", address)], limit=1).lang
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        return self.with_context(lang=lang) if lang in installed else self

    @api.model
    def _company_name(self):
        """Whose mailings they are, where it can be only one."""
        # sudo: visitors do not read companies; the name is in every letter
        companies = self.env["res.company"].sudo().search([], limit=2)
        return companies.name if len(companies) == 1 else ""

    # -- who is out -----------------------------------------------------------------------------

    @api.model
    def _opted_out(self, addresses):
        """Those that get no mailings at all.

        :param addresses: normalized
        """
        addresses = [address for address in set(addresses) if address]
        if not addresses:
            return frozenset()
        # sudo: only whether these addresses are among them is told
        blacklist = self.env["mail.blacklist"].sudo()
        return frozenset(blacklist.search([("email", "in", addresses)]).mapped("email"))

    @api.model
    def _words(self, addresses, mailing=False):
        """What is said to whoever writes to them; "" where nobody is out.

        :param mailing: it is one, and does not go to them
        """
        out = ", ".join(sorted(self._opted_out(addresses)))
        if not out:
            return ""
        if mailing:
            return self.env._("%s opted out of mailings, and will not get this one.", out)
        return self.env._("%s opted out of mailings. A personal answer still goes.", out)

    @api.model
    def _choices(self, address):
        """``Choice`` for each thing that ``address`` may opt out of."""
        entry = self._entry(address)
        return [Choice(EVERYTHING, "", entry.active, bool(entry.mail_import_opted_out_at))]

    @api.model
    def _one_click_choice(self, address):
        """The key of what a mail program's button means; nobody can ask it what of."""
        return EVERYTHING

    @api.model
    def _entry(self, address):
        """The blacklist's, active or not; none where it was never there."""
        blacklist = as_superuser(self.env["mail.blacklist"], active_test=False)
        return blacklist.search([("email", "=", address)], limit=1)

    # -- opting out and in ----------------------------------------------------------------------

    @api.model
    def _opt_out(self, key, address, sent, one_click=False):
        """Out of one of the ``_choices``; who is out already stays as they are."""
        if key != EVERYTHING or self._entry(address).active:
            return
        office = self._office()
        when = format_datetime(office.env, _at(sent), tz="UTC")
        if one_click:
            words = office.env._(
                "Opted out with their mail program's own button, in the e-mail that was sent to "
                "them on %s (UTC).",
                when,
            )
        else:
            words = office.env._(
                "Opted out by the link in the e-mail that was sent to them on %s (UTC).", when
            )
        try:
            with self.env.cr.savepoint():
                blacklist = office.env["mail.blacklist"]
                blacklist._add(address, message=words)._mail_import_note_link()
                self.env.flush_all()
        except psycopg2.errors.UniqueViolation:
            # pressed twice, or by a mail program at the same moment: it is done
            self.env.invalidate_all(flush=False)

    @api.model
    def _undo(self, key, address):
        """In again, where a link had led out; what somebody else decided stands."""
        entry = self._entry(address)
        if key == EVERYTHING and entry.active and entry.mail_import_opted_out_at:
            office = self._office()
            words = office.env._("They took back that they had opted out, on the page of the link.")
            office.env["mail.blacklist"]._remove(address, message=words)

    @api.model
    def _office(self):
        """Whoever opts out speaks another language than those who read that they did."""
        superuser = as_superuser(self)
        return superuser.with_context(lang=superuser.env.company.partner_id.lang)


def _at(sent):
    return datetime.fromtimestamp(sent, timezone.utc).replace(tzinfo=None)
