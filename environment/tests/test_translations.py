"""Each add-on is there in Russian: every string, with its placeholders and its markup."""

import re
import unittest
from collections import Counter

import polib

from environment import addons, places

LANGUAGES = ("ru",)

# Left empty, as OCA does with strings that are the same in the translation.
THE_SAME = {
    "/etc/ssl/our-authority.pem",
    "ID",
    "Message-ID",
    "OAuth",
    "SSL/TLS",
    "STARTTLS",
    "UID",
}

PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sdifr]")
TAG = re.compile(r"</?\w+")


def _load(module, name):
    return polib.pofile(str(places.CHECKOUT / module / "i18n" / name))


def _pairs():
    """Each add-on's template, and each of its translations."""
    for module in addons.ours():
        template = _load(module, f"{module}.pot")
        for language in LANGUAGES:
            yield f"{module}: {language}", template, _load(module, f"{language}.po")


class TestTranslations(unittest.TestCase):
    def check(self, wrong):
        """Each translated string is right.

        :param wrong: a function that returns what is wrong with an entry, or nothing
        """
        for name, _template, translation in _pairs():
            with self.subTest(name):
                self.assertEqual(
                    {entry.msgid: wrong(entry) for entry in translation if wrong(entry)}, {}
                )

    def test_a_translation_has_the_strings_of_its_template(self):
        for name, template, translation in _pairs():
            with self.subTest(name):
                strings = Counter(entry.msgid for entry in template)
                self.assertTrue(strings)
                self.assertEqual(Counter(entry.msgid for entry in translation), strings)

    def test_nothing_is_left_untranslated(self):
        self.check(lambda entry: not entry.msgstr.strip() and entry.msgid not in THE_SAME)

    def test_nothing_is_fuzzy_or_obsolete(self):
        self.check(lambda entry: entry.fuzzy or entry.obsolete)

    def test_placeholders_are_kept(self):
        self.check(lambda entry: _differing(PLACEHOLDER, entry))

    def test_markup_is_kept(self):
        """A tag that got lost would break the view that the string stands in."""
        self.check(lambda entry: _differing(TAG, entry))

    def test_a_string_begins_and_ends_with_the_lines_of_its_original(self):
        def lines(text):
            return text.startswith("\n"), text.endswith("\n")

        self.check(lambda entry: lines(entry.msgid) != lines(entry.msgstr or entry.msgid))


def _differing(pattern, entry):
    found = Counter(pattern.findall(entry.msgid))
    kept = Counter(pattern.findall(entry.msgstr or entry.msgid))
    return (found - kept) + (kept - found)
