"""Sealing: what a database holds of a password, with keys, without, and with the wrong ones."""

import unittest

from ..keyring import PLAIN, SEALED, InvalidKey, Keyring, LostKey, new_key

WORD = "pässword with {sealed} in it"


class TestKeyring(unittest.TestCase):
    def test_what_is_sealed_is_opened_and_shows_nothing(self):
        keyring = Keyring(new_key())
        stored = keyring.seal(WORD)
        self.assertEqual(keyring.open(stored), WORD)
        self.assertNotIn("word", stored)
        self.assertNotEqual(stored, keyring.seal(WORD))

    def test_without_a_key_it_stays_as_it_is(self):
        self.assertEqual(Keyring("").seal(WORD), WORD)
        self.assertEqual(Keyring(new_key()).open(WORD), WORD)

    def test_a_password_that_looks_like_a_sealed_one(self):
        for word in (SEALED + "x", PLAIN + "x", SEALED, PLAIN):
            for keyring in (Keyring(""), Keyring(new_key())):
                with self.subTest(word, keys=len(keyring)):
                    self.assertEqual(keyring.open(keyring.seal(word)), word)

    def test_the_first_key_seals_and_each_opens(self):
        old, new = new_key(), new_key()
        stored = Keyring(old).seal(WORD)
        both = Keyring(f"{new}, {old}")
        self.assertEqual(both.open(stored), WORD)
        self.assertFalse(both.is_current(stored))
        self.assertEqual(Keyring(new).open(both.seal(WORD)), WORD)
        self.assertTrue(both.is_current(both.seal(WORD)))

    def test_another_key_and_no_key_say_that_it_is_lost(self):
        stored = Keyring(new_key()).seal(WORD)
        for keyring in (Keyring(new_key()), Keyring("")):
            self.assertFalse(keyring.opens(stored))
            with self.assertRaises(LostKey) as caught:
                keyring.open(stored)
            self.assertNotIn("word", repr(caught.exception))

    def test_what_was_tampered_with_is_not_opened(self):
        keyring = Keyring(new_key())
        stored = keyring.seal(WORD)
        for other in (
            stored[:-6],
            f"{SEALED}AAAA{stored}",
            SEALED,
            SEALED + "ä",
            stored.swapcase(),
        ):
            self.assertFalse(other.startswith(SEALED) and keyring.opens(other), other)

    def test_a_key_that_is_none_seals_nothing(self):
        for text in ("short", f"{new_key()}, short", new_key()[:-3]):
            with self.assertRaises(InvalidKey):
                Keyring(text).seal(WORD)
