"""Sealing passwords for the database, under keys that are not in it.

Plain Python. A key is 32 bytes in URL-safe base64, as ``cryptography``'s Fernet makes them.
"""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

SEALED = "{sealed}"
PLAIN = "{plain}"
"""In front of a plain password that begins like one of ours."""


class KeyringError(Exception):
    """A password cannot be sealed or opened; says nothing of it."""


class InvalidKey(KeyringError):
    """What was given as a key is none."""


class LostKey(KeyringError):
    """None of the keys opens the password."""


class Keyring:
    """Keys in order: the first one seals, each may open."""

    def __init__(self, text: str):
        """:param text: keys, separated by commas or blanks; empty: passwords stay plain"""
        self._keys, self.is_valid = [], True
        for key in text.replace(",", " ").split():
            try:
                self._keys.append(Fernet(key))
            except ValueError:
                self.is_valid = False
        self._all = MultiFernet(self._keys) if self._keys else None

    def __len__(self) -> int:
        return len(self._keys)

    def seal(self, password: str) -> str:
        """:raises InvalidKey: rather plain words than a plain password"""
        if not self.is_valid:
            raise InvalidKey
        if self._keys:
            return SEALED + self._keys[0].encrypt(password.encode()).decode()
        return (PLAIN if password.startswith((SEALED, PLAIN)) else "") + password

    def open(self, stored: str) -> str:
        """:raises LostKey: it was sealed under another key"""
        if stored.startswith(SEALED):
            return self._open(stored, self._all)
        return stored.removeprefix(PLAIN)

    def is_current(self, stored: str) -> bool:
        """Whether it is sealed under the first key, or plain where there is none."""
        if not self._keys:
            return not stored.startswith(SEALED)
        try:
            return stored.startswith(SEALED) and bool(self._open(stored, self._keys[0]))
        except LostKey:
            return False

    def opens(self, stored: str) -> bool:
        try:
            self.open(stored)
        except LostKey:
            return False
        return True

    @staticmethod
    def _open(stored: str, key: Fernet | MultiFernet | None) -> str:
        try:
            if key is None:
                raise LostKey
            return key.decrypt(stored.removeprefix(SEALED).encode()).decode()
        except InvalidToken:
            raise LostKey from None


def new_key() -> str:
    return Fernet.generate_key().decode()
