"""The page on which recipients opt out of mailings, without a login.

To open it changes nothing: scanners of mail open every address. A button does, or that of the mail
program (RFC 8058), which posts to an address of its own.
"""

import re

from odoo import http
from odoo.http import request

HEADERS = (
    ("Cache-Control", "private, no-store"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Robots-Tag", "noindex"),
    ("X-Content-Type-Options", "nosniff"),
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'",
    ),
)
PAGE = {"type": "http", "auth": "public", "sitemap": False}
SIGNED = "<string:sent>/<string:token>"
SENT = re.compile(r"[1-9]\d{0,14}", re.ASCII)
"""A moment, as it is written into links."""


class MailImportOptOut(http.Controller):
    @http.route(
        [f"/mail_import/opt_out/{SIGNED}", f"/mail_import/opt_out/one_click/{SIGNED}"],
        methods=["GET"],
        **PAGE,
    )
    def page(self, sent, token, to="", **_others):
        """What the link does, and a button that does it."""
        return self._shown(self._address(to, sent, token), sent, token)

    @http.route(f"/mail_import/opt_out/{SIGNED}", methods=["POST"], **PAGE)
    def press(self, sent, token, to="", what="", do="", **_others):
        """A button of the page."""
        address = self._address(to, sent, token)
        opt_out = request.env["mail.import.opt.out"]
        if address and do == "out":
            opt_out._opt_out(what, address, int(sent))
        elif address and do == "undo":
            opt_out._undo(what, address)
        return self._shown(address, sent, token, do, what)

    @http.route(
        f"/mail_import/opt_out/one_click/{SIGNED}",
        methods=["POST"],
        csrf=False,
        save_session=False,
        **PAGE,
    )
    def one_click(self, sent, token, to="", **_others):
        """The button of a mail program, which has no session and shows nothing."""
        address = self._address(to, sent, token)
        if request.httprequest.form.get("List-Unsubscribe") != "One-Click":
            return request.make_response("", headers=HEADERS, status=400)
        if not address:
            return request.make_response("", headers=HEADERS, status=404)
        opt_out = request.env["mail.import.opt.out"]
        opt_out._opt_out(opt_out._one_click_choice(address), address, int(sent), one_click=True)
        return request.make_response("", headers=HEADERS)

    @http.route("/mail_import/opt_out_here", methods=["GET"], **PAGE)
    def stand_in(self, **_others):
        """What a link leads to that is nobody's: in Odoo, where mail is written and kept."""
        return self._rendered("mail_task_import.opt_out_stand_in", {})

    def _address(self, to, sent, token):
        """The address whose link it is, or ""."""
        opt_out = request.env["mail.import.opt.out"]
        address = opt_out._addressee(to)
        is_ours = SENT.fullmatch(sent) and opt_out._is_signed(address, int(sent), token)
        return address if is_ours else ""

    def _shown(self, address, sent, token, do="", what=""):
        if not address:
            return self._rendered("mail_task_import.opt_out_invalid", {}, status=404)
        opt_out = request.env["mail.import.opt.out"]._in_language_of(address)
        page, _one_click = opt_out._links("", address, int(sent))
        choices = opt_out._choices(address)
        wanted = {"out": True, "undo": False}.get(do)
        values = {
            "address": address,
            "action": page,
            "choices": choices,
            "done": do if any((c.key, c.is_out) == (what, wanted) for c in choices) else "",
            "company": opt_out._company_name(),
        }
        return self._rendered("mail_task_import.opt_out_page", values, opt_out.env)

    def _rendered(self, template, values, env=None, status=200):
        env = env or request.env
        values = {
            **values,
            "csrf_token": request.csrf_token,
            "language": (env.lang or "en_US").replace("_", "-"),
        }
        page = env["ir.qweb"]._render(template, values)
        headers = [*HEADERS, ("Content-Type", "text/html; charset=utf-8")]
        return request.make_response(f"<!DOCTYPE html>\n{page}", headers=headers, status=status)
