"""An SMTP server that keeps what it is given instead of sending it on. Needs ``aiosmtpd``.

For tests, which look at what was sent or want a recipient to be refused, and for the demo::

    with SmtpSink() as sink:
        sink.refuse("gone@example.com", "550 5.1.1 No such user")
        …
        (sent,) = sink.messages()
        assert sent.recipients == ("ann@example.com",)
        assert sent.message["Subject"] == "Re: Hello"

Every mail is a file in the sink's folder, so that the page of the demo and a person can open it.
"""

import asyncio
import base64
import email
import email.policy
import fnmatch
import itertools
import json
import logging
import shutil
import ssl
import tempfile
import threading
from collections.abc import Callable
from email.message import EmailMessage
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from . import certificates, places

SIZE_LIMIT = 64 * 2**20  # bytes; as much as the largest mail services take
ACCEPTED = "250 2.0.0 Kept"


class SentMail:
    """A mail that the sink accepted."""

    def __init__(self, path: Path):
        self.path = path
        self.number = int(path.stem)
        envelope = json.loads(path.with_suffix(".json").read_text())
        self.sender: str = envelope["sender"]
        self.recipients: tuple[str, ...] = tuple(envelope["recipients"])

    @cached_property
    def raw(self) -> bytes:
        return self.path.read_bytes()

    @cached_property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.raw, policy=email.policy.default)


class Refusal(NamedTuple):
    """Recipients (a pattern such as ``*@example.com``) and what they are answered."""

    pattern: str
    reply: str


class SmtpSink:
    """One server.

    :ivar host: always 127.0.0.1
    :ivar port: the SMTP port
    :ivar ca_file: PEM file of the authority behind its STARTTLS, if that is offered
    """

    host = places.HOST

    def __init__(
        self,
        folder: Path | None = None,
        port: int | None = None,
        users: dict[str, str] | None = None,
        starttls: bool = False,
        login_of: Callable[[str], str | None] | None = None,
        on_mail: Callable[[SentMail], None] | None = None,
    ):
        """
        :param folder: where mails are kept; without one, in a temporary folder until ``stop()``
        :param users: logins and passwords; with any, AUTH (PLAIN or LOGIN) is required
        :param starttls: offer STARTTLS
        :param login_of: whose access token that is; with it, AUTH XOAUTH2 is required
        :param on_mail: called with each accepted mail, in another thread
        """
        self._is_temporary = folder is None
        self.folder = folder or Path(tempfile.mkdtemp(prefix="smtp-sink-"))
        self.port = port or places.free_port()
        self.users = users or {}
        self.login_of = login_of
        self.on_mail = on_mail
        self._tls = certificates.ensure(self.folder / "tls") if starttls else None
        self.ca_file = self._tls.ca if self._tls else None
        self._refusals: list[Refusal] = []
        self._data_reply = ACCEPTED
        self._numbers = itertools.count(self._last_number() + 1)
        self._arrival = threading.Condition()
        self._controller: Controller | None = None

    def __enter__(self) -> "SmtpSink":
        return self.start()

    def __exit__(self, *exception) -> None:
        self.stop()

    # ---- for tests -------------------------------------------------------------------------------

    def start(self) -> "SmtpSink":
        self.folder.mkdir(parents=True, exist_ok=True)
        logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd tells every command
        self._controller = _Controller(self, hostname=self.host, port=self.port)
        self._controller.start()
        return self

    def stop(self) -> None:
        if self._controller:
            self._controller.stop(no_assert=True)
            self._controller = None
        if self._is_temporary:
            shutil.rmtree(self.folder, ignore_errors=True)

    def messages(self) -> list[SentMail]:
        """What was accepted, oldest first."""
        return [SentMail(path) for path in sorted(self.folder.glob("[0-9]*.eml"))]

    def wait_for(self, count: int, seconds: float = 10) -> list[SentMail]:
        """``messages()`` once there are that many; what there is when the time is up."""
        with self._arrival:
            self._arrival.wait_for(lambda: len(self.messages()) >= count, seconds)
        return self.messages()

    def clear(self) -> None:
        """Forget mails and refusals."""
        for mail in self.messages():
            mail.path.unlink()
            mail.path.with_suffix(".json").unlink()
        self._refusals.clear()
        self._data_reply = ACCEPTED

    def refuse(self, recipient: str, reply: str = "550 5.1.1 No such user") -> None:
        """Answer RCPT TO of such recipients (``*`` matches any characters) with that reply."""
        self._refusals.append(Refusal(recipient.lower(), reply))

    def refuse_content(self, reply: str = "451 4.3.0 Try again later") -> None:
        """Answer every mail with that reply after its content was sent."""
        self._data_reply = reply

    # ---- for the server --------------------------------------------------------------------------

    def answer_recipient(self, address: str) -> str:
        for refusal in self._refusals:
            if fnmatch.fnmatchcase(address.lower(), refusal.pattern):
                return refusal.reply
        return "250 2.1.5 OK"

    def keep(self, envelope: Envelope) -> str:
        """Returns the reply to the mail's content."""
        if self._data_reply != ACCEPTED:
            return self._data_reply
        path = self.folder / f"{next(self._numbers):06}.eml"
        about = {"sender": envelope.mail_from, "recipients": envelope.rcpt_tos}
        path.with_suffix(".json").write_text(json.dumps(about))
        path.with_suffix(".part").write_bytes(envelope.original_content)
        with self._arrival:  # readers list *.eml: the mail shows up whole
            path.with_suffix(".part").replace(path)
            self._arrival.notify_all()
        if self.on_mail:
            self.on_mail(SentMail(path))
        return ACCEPTED

    def is_user(self, login: str, password: str) -> bool:
        return self.users.get(login) == password

    def server_options(self) -> dict:
        """What aiosmtpd is told of TLS and AUTH."""
        options = {"data_size_limit": SIZE_LIMIT, "enable_SMTPUTF8": True, "hostname": "localhost"}
        if self.login_of:
            options |= {"auth_required": True, "auth_require_tls": True}
        if self.users:
            options |= {"authenticator": self._authenticate, "auth_required": True}
            options |= {"auth_require_tls": False}
        if self._tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self._tls.certificate, self._tls.key)
            options["tls_context"] = context
        return options

    def _authenticate(self, server, session, envelope, mechanism, data) -> AuthResult:
        known = isinstance(data, LoginPassword) and self.is_user(
            data.login.decode(), data.password.decode()
        )
        return AuthResult(success=known, handled=known)

    def _last_number(self) -> int:
        return max((mail.number for mail in self.messages()), default=0)


class _Handler:
    """What aiosmtpd calls for RCPT and for a mail's content."""

    def __init__(self, sink: SmtpSink):
        self.sink = sink

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list
    ) -> str:
        reply = self.sink.answer_recipient(address)
        if reply.startswith("2"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        return await asyncio.to_thread(self.sink.keep, envelope)


class _TokenHandler(_Handler):
    """XOAUTH2 as Google and Microsoft have it: why it is refused is said before the refusal."""

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:
        blob = base64.b64decode(args[1]) if len(args) > 1 else await server.challenge_auth("")
        user, _, rest = bytes(blob).decode().partition("\1auth=Bearer ")
        login = await asyncio.to_thread(self.sink.login_of, rest.rstrip("\1"))
        if login and user == f"user={login}":
            return AuthResult(success=True, auth_data=login)
        await server.challenge_auth('{"status":"401","schemes":"bearer"}')
        return AuthResult(success=False, handled=False)


class _Controller(Controller):
    def __init__(self, sink: SmtpSink, **options):
        self.sink = sink
        handler = _TokenHandler if sink.login_of else _Handler
        super().__init__(handler(sink), **options)

    def factory(self) -> SMTP:
        return SMTP(self.handler, **self.sink.server_options())
