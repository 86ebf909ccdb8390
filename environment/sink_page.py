"""The demo's page of sent mail: a list, and one mail. Nothing in a mail can act on the page.

Text is escaped; an HTML body is shown in a frame without scripts and without any address of its
own, and the page's content security policy lets nothing be loaded from elsewhere.
"""

import re
from email.message import EmailMessage
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .smtp_sink import SentMail, SmtpSink

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = (
    "From",
    "To",
    "Cc",
    "Reply-To",
    "Date",
    "Subject",
    "Message-ID",
    "In-Reply-To",
    "References",
)

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 0; color: #1f2430; background: #f5f6f8 }
header { background: #714b67; color: #fff; padding: .8rem 1.5rem }
header a { color: inherit; text-decoration: none }
main { max-width: 64rem; margin: 1.5rem auto; padding: 0 1rem }
table { width: 100%; border-collapse: collapse; background: #fff }
td, th { padding: .5rem .8rem; text-align: left; border-bottom: 1px solid #e3e5ea;
         vertical-align: top; overflow-wrap: anywhere }
th { font-weight: 600; color: #596072; white-space: nowrap }
tr:hover td { background: #faf8fa }
iframe, pre { width: 100%; box-sizing: border-box; background: #fff; border: 1px solid #e3e5ea }
iframe { height: 28rem } pre { padding: 1rem; white-space: pre-wrap; overflow-wrap: anywhere }
.empty { padding: 3rem; text-align: center; color: #596072; background: #fff }
"""


def page(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style><header><a href='/'>Sent mail</a></header>"
        f"<main>{body}</main></html>"
    )


def list_page(mails: list[SentMail]) -> str:
    """Newest first."""
    if not mails:
        return page("Sent mail", "<p class='empty'>Nothing was sent yet.</p>")
    head = "<tr><th>No.</th><th>From</th><th>To</th><th>Subject</th><th>Date</th></tr>"
    rows = "".join(_row(mail) for mail in reversed(mails))
    return page(f"Sent mail ({len(mails)})", f"<table>{head}{rows}</table>")


def mail_page(mail: SentMail) -> str:
    message = mail.message
    shown = [(name, message[name]) for name in HEADERS if message[name]]
    envelope = f"{mail.sender or '<>'} → {', '.join(mail.recipients)}"
    rows = [("Envelope", envelope), *shown, *_attachments(message)]
    table = "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(str(text))}</td></tr>" for name, text in rows
    )
    original = f'<p><a href="/{mail.number}.eml">Download the original</a></p>'
    return page(_subject(message), f"<table>{table}</table>{original}{_body(message)}")


def _row(mail: SentMail) -> str:
    message = mail.message
    cells = [message["From"] or mail.sender, ", ".join(mail.recipients)]
    text = "".join(f"<td>{escape(str(cell))}</td>" for cell in cells)
    link = f'<td><a href="/{mail.number}">{escape(_subject(message))}</a></td>'
    return (
        f"<tr><td>{mail.number}</td>{text}{link}<td>{escape(str(message['Date'] or ''))}</td></tr>"
    )


def _subject(message: EmailMessage) -> str:
    return str(message["Subject"] or "(no subject)")


def _attachments(message: EmailMessage) -> list[tuple[str, str]]:
    names = [part.get_filename() or part.get_content_type() for part in message.iter_attachments()]
    return [("Attachments", ", ".join(names))] if names else []


def _body(message: EmailMessage) -> str:
    part = message.get_body(("html", "plain"))
    if part is None:
        return "<p class='empty'>No text.</p>"
    text = _content(part)
    if part.get_content_type() == "text/html":
        return f'<iframe sandbox="" srcdoc="{escape(text)}"></iframe>'
    return f"<pre>{escape(text)}</pre>"


def _content(part: EmailMessage) -> str:
    try:
        return part.get_content()
    except (LookupError, ValueError):  # a charset that Python does not know
        return part.get_payload(decode=True).decode("utf-8", "replace")


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        mails = self.server.sink.messages()
        if self.path == "/":
            return self._answer(list_page(mails).encode())
        wanted = re.fullmatch(r"/(\d{1,9})(\.eml)?", self.path)
        for mail in mails:
            if wanted and mail.number == int(wanted[1]):
                return self._answer_mail(mail, is_original=bool(wanted[2]))
        return self._answer(page("Not found", "<p class='empty'>No such mail.</p>").encode(), 404)

    def _answer_mail(self, mail: SentMail, is_original: bool) -> None:
        if is_original:
            self._answer(mail.raw, content_type="message/rfc822")
        else:
            self._answer(mail_page(mail).encode())

    def _answer(self, content: bytes, code: int = 200, content_type: str = "text/html") -> None:
        self.send_response(code)
        self.send_header("Content-Type", f"{content_type}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *words: object) -> None:
        """Nobody reads it."""


def serve(sink: SmtpSink, port: int) -> ThreadingHTTPServer:
    """The server; ``serve_forever()`` is the caller's."""
    server = ThreadingHTTPServer((sink.host, port), _Handler)
    server.sink = sink
    return server
