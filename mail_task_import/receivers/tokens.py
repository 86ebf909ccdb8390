"""Access tokens from a provider's token endpoint (RFC 6749, 6).

It is asked with a refresh token, which is sent to no other host, and never stands in an error.
"""

import json
import re
import time
from dataclasses import dataclass

import requests

SILENCE_SECONDS = 5
ANSWER_SECONDS = 10
ANSWER_LIMIT_BYTES = 64 * 1024
USUAL_SECONDS = 3600
"""How long a token lasts where the endpoint does not say."""
LONGEST_SECONDS = 24 * 3600
WITHDRAWN = frozenset(
    {"invalid_grant", "interaction_required", "consent_required", "login_required"}
)
"""What only the owner of the account mends (RFC 6749, 5.2; OpenID Connect Core, 3.1.2.6)."""

REVOKED, REFUSED, UNAVAILABLE = "revoked", "refused", "unavailable"


class TokenError(Exception):
    """There is no token.

    :ivar kind: ``REVOKED``: the account is to be connected again; ``REFUSED``: this Odoo is not
        set up as the provider has it; ``UNAVAILABLE``: the provider is in trouble
    :ivar code: a word of the provider or ours, with nothing secret in it
    """

    def __init__(self, kind: str, code: str = ""):
        super().__init__(code or kind)
        self.kind, self.code = kind, code


@dataclass(frozen=True, slots=True)
class Tokens:
    access: str
    refresh: str
    """The one given, or the one that the provider gave in its place."""
    seconds: int
    """How long ``access`` lasts, from now."""

    def __repr__(self) -> str:
        return f"Tokens(for {self.seconds} seconds)"


def renew(url: str, client_id: str, client_secret: str, refresh: str, scope: str = "") -> Tokens:
    """:raises TokenError:"""
    values = {
        "client_id": client_id,
        "client_secret": client_secret,
        "grant_type": "refresh_token",
        "refresh_token": refresh,
    }
    if scope:
        values["scope"] = scope
    status, answer = _ask(url, values)
    if status != 200:
        raise _refusal(status, answer)
    access = answer.get("access_token")
    if not _is_token(access):
        raise TokenError(UNAVAILABLE, "no token in the answer")
    given = answer.get("refresh_token")
    return Tokens(access, given if _is_token(given) else refresh, _lifetime(answer))


def _ask(url: str, values: dict[str, str]) -> tuple[int, dict]:
    """Status, and what stands in the answer. Whoever is redirected is not followed."""
    deadline = time.monotonic() + ANSWER_SECONDS
    try:
        with requests.post(
            url, data=values, timeout=SILENCE_SECONDS, stream=True, allow_redirects=False
        ) as response:
            content = b""
            for part in response.iter_content(4096):
                content += part
                if len(content) > ANSWER_LIMIT_BYTES or time.monotonic() > deadline:
                    raise TokenError(UNAVAILABLE, "the answer does not end")
    except requests.Timeout:
        raise TokenError(UNAVAILABLE, "no answer in time") from None
    except (requests.RequestException, OSError, ValueError):
        # its words may hold what was sent
        raise TokenError(UNAVAILABLE, "no connection") from None
    return response.status_code, _parsed(content)


def _parsed(content: bytes) -> dict:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _refusal(status: int, answer: dict) -> TokenError:
    code = answer.get("error")
    code = code if isinstance(code, str) and code.isidentifier() else ""
    if code in WITHDRAWN:
        return TokenError(REVOKED, code)
    if status in (400, 401, 403) and code and code != "temporarily_unavailable":
        return TokenError(REFUSED, code[:60])
    return TokenError(UNAVAILABLE, f"HTTP {status}")


def _is_token(value: object) -> bool:
    """Of visible ASCII (RFC 6750, 2.1): it becomes part of a command."""
    return isinstance(value, str) and re.fullmatch(r"[!-~]+", value) is not None


def _lifetime(answer: dict) -> int:
    """Some say it as text."""
    try:
        return min(max(int(answer["expires_in"]), 0), LONGEST_SECONDS)
    except (KeyError, TypeError, ValueError, OverflowError):
        return USUAL_SECONDS


def bearer(login: str, token: str) -> str:
    """What XOAUTH2 sends, for a user.

    :raises ValueError: a login that would say more than who it is
    """
    if not login.isascii() or not login.isprintable():
        raise ValueError("a login of one line")
    return f"user={login}\1auth=Bearer {token}\1\1"
