"""Tokens: how they are asked for, and that no error repeats one."""

import base64
import imaplib
import smtplib
import unittest

from environment.token_stand_in import TokenStandIn

from ..receivers.sign_in import NotedSignIn, token_login
from ..receivers.smtp import sign_in_by_token
from ..receivers.tokens import REFUSED, REVOKED, UNAVAILABLE, TokenError, bearer, renew

LOGIN, TOKEN = "ann@company.example", "ya29.planted-Zwiebel"
MESSAGE = bearer(LOGIN, TOKEN)


class TestRenewing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.provider = cls.enterClassContext(TokenStandIn())

    def setUp(self):
        self.provider.reset()

    def renew(self, refresh):
        return renew(f"{self.provider.url}/token", "odoo", "client-secret", refresh)

    def trouble(self, status, body):
        self.provider.failing = status, body
        with self.assertRaises(TokenError) as caught:
            self.renew(self.provider.grant(LOGIN))
        for each in self.provider.ever:
            self.assertNotIn(each, repr(caught.exception) + str(caught.exception))
        return caught.exception.kind

    def test_a_provider_that_gives_no_new_refresh_token_leaves_the_old_one(self):
        refresh = self.provider.grant(LOGIN)
        tokens = self.renew(refresh)
        self.assertEqual((tokens.refresh, tokens.seconds), (refresh, 3600))
        self.assertEqual(self.provider.login_of(tokens.access), LOGIN)
        self.assertNotIn(tokens.access, repr(tokens))

    def test_a_provider_that_gives_one_has_it_used_once(self):
        self.provider.rotates = True
        refresh = self.provider.grant(LOGIN)
        self.assertNotEqual(self.renew(refresh).refresh, refresh)
        with self.assertRaises(TokenError) as caught:
            self.renew(refresh)
        self.assertEqual(caught.exception.kind, REVOKED)

    def test_what_went_wrong_is_told_apart(self):
        for kind, status, body in (
            (REVOKED, 400, b'{"error": "invalid_grant"}'),
            (REVOKED, 400, b'{"error": "interaction_required"}'),
            (REFUSED, 401, b'{"error": "invalid_client"}'),
            (REFUSED, 400, b'{"error": "unauthorized_client"}'),
            (UNAVAILABLE, 400, b"Bad Request"),
            (UNAVAILABLE, 429, b'{"error": {"code": 429}}'),
            (UNAVAILABLE, 500, b'{"error": "server_error"}'),
            (UNAVAILABLE, 302, b""),
            (UNAVAILABLE, 200, b'{"access_token": 7}'),
            (UNAVAILABLE, 200, b'{"access_token": "two words"}'),
            (UNAVAILABLE, 200, b"[" * 50_000),
            (UNAVAILABLE, 200, b'{"x": "' + b"y" * 1_000_000 + b'"}'),
        ):
            with self.subTest(status=status, body=body[:40]):
                self.assertEqual(self.trouble(status, body), kind)

    def test_nobody_there(self):
        with self.assertRaises(TokenError) as caught:
            renew("http://127.0.0.1:1/token", "odoo", "x", TOKEN)
        self.assertEqual(caught.exception.kind, UNAVAILABLE)
        self.assertNotIn(TOKEN, str(caught.exception))


class Repeating:
    """A server that says in its refusal what it was sent."""

    def __init__(self, said):
        self.said = said

    def authenticate(self, mechanism, answer):
        self.first, self.second = answer(b""), answer(b'{"status":"401"}')
        raise imaplib.IMAP4.error(self.said)

    def ehlo_or_helo_if_needed(self):
        """It was greeted."""

    def auth(self, mechanism, answer):
        self.first, self.second = answer(), answer(b'{"status":"401"}')
        raise smtplib.SMTPAuthenticationError(535, self.said)


class TestSigningIn(unittest.TestCase):
    def refusals(self):
        encoded = base64.b64encode(MESSAGE.encode()).decode()
        for said in (MESSAGE, encoded, MESSAGE.replace("\1", " "), f"bad token {TOKEN}"):
            yield f"Refused: {said}", encoded

    def test_no_refusal_repeats_a_token(self):
        for said, encoded in self.refusals():
            for sign_in, kind in (
                (token_login("XOAUTH2", MESSAGE), imaplib.IMAP4.error),
                (lambda server: sign_in_by_token(server, MESSAGE), smtplib.SMTPAuthenticationError),
            ):
                with self.subTest(said=said, kind=kind):
                    server = Repeating(said)
                    with self.assertRaises(kind) as caught:
                        sign_in(server)
                    self.assertIn("Refused", str(caught.exception))
                    self.assertNotIn(TOKEN, str(caught.exception))
                    self.assertNotIn(encoded, str(caught.exception))
                    self.assertEqual(server.first, MESSAGE)
                    self.assertFalse(server.second)

    def test_what_was_noted_is_done_the_same_way(self):
        noted = NotedSignIn()
        token_login("XOAUTH2", MESSAGE)(noted)
        server = Repeating(f"Refused: {TOKEN}")
        with self.assertRaises(imaplib.IMAP4.error) as caught:
            noted(server)
        self.assertEqual((server.first, bool(server.second)), (MESSAGE, False))
        self.assertNotIn(TOKEN, str(caught.exception))

    def test_a_login_says_no_more_than_who_it_is(self):
        for login in ("ann\1auth=Bearer x", "ann\r\n", "ann\0"):
            with self.subTest(login=login):
                self.assertRaises(ValueError, bearer, login, TOKEN)
