"""Patterns of filters: what they mean, and that no text makes them slow."""

import time
import unittest

from ..mime.parsed_mail import Address
from ..mime.spelling import readable
from ..mime.wildcards import AddressPatterns, People, Wildcard, folded, lines_of

ANN = Address("Ann Köhler", "ann.koehler@mail.firm.example")


class TestWildcards(unittest.TestCase):
    def test_a_star_stands_for_anything_and_nothing_else_is_special(self):
        for pattern, text, whole in (
            ("abc", "abc", True),
            ("abc", "abcd", False),
            ("a*", "abcd", True),
            ("*d", "abcd", True),
            ("a*d", "ad", True),
            ("a*b*c", "a-c-b-c", True),
            ("a*b*c", "a-c-b", False),
            ("ab*ba", "aba", False),
            ("ab*ba", "abba", True),
            ("*", "", True),
            ("**", "anything", True),
            ("a**b", "a-b", True),
            ("a?c", "abc", False),
            ("[ab]*", "[ab] news", True),
            (".*", ".x", True),
            (".*", "x", False),
            ("*aab*", "aaab", True),
        ):
            with self.subTest(pattern=pattern, text=text):
                self.assertEqual(Wildcard(pattern).matches(text), whole)

    def test_a_word_is_found_anywhere_and_a_star_wants_the_whole(self):
        self.assertTrue(Wildcard("order").holds("your order no. 7"))
        self.assertFalse(Wildcard("order*").holds("your order no. 7"))
        self.assertTrue(Wildcard("*order*").holds("your order no. 7"))
        self.assertTrue(Wildcard("order*7").found_in("your order no. 7 of today"))
        self.assertFalse(Wildcard("7*order").found_in("your order no. 7"))

    def test_spellings_that_people_take_for_one_are_one(self):
        self.assertEqual(folded("STRASSE"), folded("Straße"))
        self.assertEqual(folded("Ko\u0308hler"), folded("KÖHLER"))
        self.assertEqual(folded("ЗАКАЗ"), "заказ")

    def test_what_nobody_sees_is_no_part_of_a_word(self):
        for text in (
            "l\u00adot\u200bte\u2060ry",
            "\ufeffLot\u200dtery\u202e",
            "lott\u034fery\ufe0f",
            "lot\U000e0074tery",
            "ＬＯＴＴＥＲＹ",
            "𝓵𝓸𝓽𝓽𝓮𝓻𝔂",
        ):
            with self.subTest(text):
                self.assertEqual(folded(text), "lottery")
        self.assertEqual(lines_of("\u200b\nlot\u00adtery"), ["lottery"])
        self.assertEqual(readable("L\u200bo\u0308t №\u00a07"), "Löt №\u00a07")

    def test_capitals_of_turkish_are_capitals(self):
        self.assertEqual(folded("SİPARİŞ"), folded("sipariş"))
        self.assertEqual(folded("sI\u0307pari\u0307ş"), folded("SİPARİŞ"))
        self.assertEqual(folded("ISI"), folded("ısı"))

    def test_no_sign_makes_a_text_many_times_as_long(self):
        text = "\ufdfa" * 10_000
        self.assertLessEqual(len(folded(text)), 4 * len(text))

    def test_lines_are_alternatives_and_empty_ones_are_none(self):
        self.assertEqual(lines_of("  One  two \n\n\t\nTHREE"), ["one two", "three"])
        self.assertEqual(lines_of(" \n "), [])
        self.assertEqual(lines_of(False), [])

    def test_no_text_takes_longer_than_its_length(self):
        """Backtracking takes minutes for the first of these."""
        patterns = ["*a" * 50 + "*b", "a*" * 200 + "b", "*" + "ab*" * 100, "*aaaa" * 40]
        text = "a" * 1_000_000
        started = time.monotonic()
        for pattern in patterns:
            self.assertFalse(Wildcard(pattern).matches(text + "c"))
            Wildcard(pattern).found_in(text)
        self.assertLess(time.monotonic() - started, 10)


class TestFolded(unittest.TestCase):
    def test_two_spellings_are_one_in_texts_of_any_length(self):
        for length in (0, 498, 499, 500, 501, 998, 999, 1000):
            around = "é" * length
            self.assertIn("ü ", folded(f"{around}u\u0308 {around}"), length)

    def test_marks_without_end_take_no_time(self):
        started = time.monotonic()
        folded("\u0301\u0316" * 200_000)
        self.assertLess(time.monotonic() - started, 30)


class TestAddressPatterns(unittest.TestCase):
    def holds(self, value, *addresses):
        return AddressPatterns.read(value).hold(People(addresses or [ANN]))

    def test_an_address_is_meant_as_a_whole(self):
        self.assertTrue(self.holds("ANN.Koehler@Mail.Firm.Example"))
        self.assertFalse(self.holds("koehler@mail.firm.example"))
        self.assertFalse(self.holds("ann.koehler@firm.example"))
        self.assertTrue(self.holds('"Köhler, Ann" <ann.koehler@mail.firm.example>'))

    def test_a_domain_is_meant_with_all_below_it(self):
        for value in ("firm.example", "@firm.example", "Mail.Firm.Example", "@mail.firm.example"):
            self.assertTrue(self.holds(value), value)
        for value in ("irm.example", "firm.example.org", "@irm.example", "x.mail.firm.example"):
            self.assertFalse(self.holds(value), value)

    def test_a_domain_with_other_letters_is_found_in_both_spellings(self):
        for email in ("a@müller.example", "a@xn--mller-kva.example"):
            self.assertTrue(self.holds("Müller.example", Address("", email)), email)

    def test_a_word_is_contained_in_name_or_address(self):
        for value in ("köhler", "KOEHLER", "ann kö"):
            self.assertTrue(self.holds(value), value)
        self.assertFalse(self.holds("bob"))

    def test_a_star_wants_the_whole_name_or_address(self):
        for value in ("ann*", "*@*.firm.example", "*köhler", "ann* <*@mail.*>", "*"):
            self.assertTrue(self.holds(value), value)
        for value in ("koehler*", "*@firm.example", "ann*@*bob"):
            self.assertFalse(self.holds(value), value)

    def test_several_are_alternatives(self):
        self.assertTrue(self.holds("bob@x.example, firm.example"))
        self.assertTrue(self.holds("bob@x.example\nköhler"))
        self.assertTrue(self.holds("Bob <bob@x.example>; Ann <ann.koehler@mail.firm.example>"))
        self.assertFalse(self.holds("bob@x.example, other.example; carl"))
        self.assertTrue(self.holds("carl@x.example", ANN, Address("", "carl@x.example")))

    def test_nothing_is_no_pattern(self):
        for value in ("", False, " ", ",", ";\n,", "<>", '""'):
            self.assertFalse(AddressPatterns.read(value), value)

    def test_commas_in_the_name_before_an_address_separate_nothing(self):
        value = '"Smith, Ann" <bob@x.example>, Carl <carl@x.example> dora'
        patterns = AddressPatterns.read(value)
        self.assertEqual(patterns.keys, {"bob@x.example", "carl@x.example"})
        self.assertEqual(patterns.words, ("dora",))
        self.assertEqual(AddressPatterns.read('"ann, bob"').words, ("ann", "bob"))

    def test_what_is_entered_is_read_once_whatever_it_is(self):
        started = time.monotonic()
        for piece in ("a", "<", '"', "<a", '"a', "a.", "@", "a@", "*", "-", "a <", "\u0301\u0316"):
            AddressPatterns.read(piece * (200_000 // len(piece)))
        self.assertLess(time.monotonic() - started, 30)

    def test_a_mail_without_an_address_meets_none(self):
        for value in ("firm.example", "ann@firm.example", "ann"):
            self.assertFalse(self.holds(value, Address()), value)
