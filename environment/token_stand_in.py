"""A stand-in for the sign-in of Google and Microsoft: a small HTTP server on loopback.

It gives tokens for a code or a refresh token, and tells mail servers whose token one is
(``DOVECOT_SETTINGS``). Tests let it fail, be slow, and take permissions away::

    with TokenStandIn() as provider:
        refresh = provider.grant("info@example.com")
        provider.rotates = True
        provider.revoke("info@example.com")
"""

import base64
import contextlib
import json
import secrets
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from . import places

DOVECOT_SETTINGS = """
auth_mechanisms = plain login xoauth2 oauthbearer
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {file}
}}
"""
DOVECOT_OAUTH = """
introspection_mode = post
introspection_url = {url}/introspect
username_attribute = email
active_attribute = active
active_value = true
"""


class TokenStandIn:
    """One server.

    :ivar lifetime: seconds that an access token lasts
    :ivar rotates: each refresh token is good for one renewal
    :ivar failing: (status, body) in place of a token; None: it works
    :ivar delay: seconds before it answers
    :ivar ever: all that was given; nothing of it may be found anywhere
    :ivar asked: how often tokens were asked for, by the kind of grant
    """

    def __init__(self):
        self.reset()
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer((places.HOST, 0), _handler_of(self))
        self._server.daemon_threads = True
        self.url = f"http://{places.HOST}:{self._server.server_address[1]}"

    def __enter__(self) -> "TokenStandIn":
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_exception) -> None:
        self._server.shutdown()
        self._server.server_close()

    # ---- for tests -------------------------------------------------------------------------------

    def reset(self) -> None:
        """Forget everything."""
        self.lifetime = 3600
        self.rotates = False
        self.failing: tuple[int, bytes] | None = None
        self.delay = 0.0
        self.asked = Counter()
        self.scopes: list[str] = []
        self._codes: dict[str, str] = {}
        self._refresh: dict[str, str] = {}
        self._access: dict[str, tuple[str, float]] = {}
        self.ever: set[str] = set()

    def access(self, login: str) -> str:
        """An access token."""
        token = secrets.token_urlsafe(24)
        self._access[token] = (login, time.time() + self.lifetime)
        self.ever.add(token)
        return token

    def code(self, login: str) -> str:
        """As the browser brings it back, after the user has agreed."""
        return self._kept(self._codes, login)

    def grant(self, login: str) -> str:
        """A refresh token."""
        return self._kept(self._refresh, login)

    def revoke(self, login: str) -> None:
        """All tokens of a user, at once."""
        with self._lock:
            self._refresh = {k: each for k, each in self._refresh.items() if each != login}
        self.end_access(login)

    def end_access(self, login: str) -> None:
        """Access tokens alone, before their time."""
        with self._lock:
            self._access = {k: each for k, each in self._access.items() if each[0] != login}

    def login_of(self, token: str) -> str | None:
        """Whose access token that is."""
        login, until = self._access.get(token, (None, 0))
        return login if time.time() < until else None

    def dovecot_settings(self, folder) -> str:
        """Lines for ``dovecot.conf``; the file that they name is made in a folder."""
        file = folder / "dovecot-oauth2.conf"
        file.write_text(DOVECOT_OAUTH.format(url=self.url))
        file.chmod(0o644)
        return DOVECOT_SETTINGS.format(file=file)

    # ---- for the server --------------------------------------------------------------------------

    def answer(self, path: str, values: dict[str, str]) -> tuple[int, bytes]:
        if path == "/introspect":
            login = self.login_of(values.get("token", ""))
            return 200, _json({"active": bool(login), "email": login})
        self.asked[values.get("grant_type", path)] += 1
        time.sleep(self.delay)
        if self.failing:
            return self.failing
        self.scopes.append(values.get("scope", ""))
        return self._tokens(values)

    def _tokens(self, values: dict[str, str]) -> tuple[int, bytes]:
        with self._lock:
            login, refresh = self._granted(values)
            if not login:
                description = "AADSTS70008: The grant has expired due to inactivity."
                return 400, _json({"error": "invalid_grant", "error_description": description})
            access = self.access(login)
        claims = base64.urlsafe_b64encode(_json({"email": login})).decode().rstrip("=")
        answer = {"access_token": access, "expires_in": self.lifetime, "id_token": f"x.{claims}.y"}
        return 200, _json(answer | ({"refresh_token": refresh} if refresh else {}))

    def _granted(self, values: dict[str, str]) -> tuple[str | None, str | None]:
        if values.get("grant_type") == "authorization_code":
            login = self._codes.pop(values.get("code", ""), None)
        else:
            login = self._refresh.get(values.get("refresh_token", ""))
            if not self.rotates:
                return login, None
            self._refresh.pop(values.get("refresh_token", ""), None)
        return login, self._kept(self._refresh, login) if login else None

    def _kept(self, store: dict[str, str], login: str) -> str:
        word = secrets.token_urlsafe(24)
        store[word] = login
        self.ever.add(word)
        return word


def _handler_of(provider: TokenStandIn):
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            length = int(self.headers.get("Content-Length") or 0)
            self._answer(parse_qs(self.rfile.read(length).decode()))

        def do_GET(self):
            self._answer(parse_qs(urlsplit(self.path).query))

        def _answer(self, values):
            path = urlsplit(self.path).path
            status, body = provider.answer(path, {key: each[0] for key, each in values.items()})
            with contextlib.suppress(OSError):  # who asked has gone
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_words):
            """Nobody reads it."""

    return Handler


def _json(value: dict) -> bytes:
    return json.dumps(value).encode()
