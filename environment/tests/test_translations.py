"""Each add-on is there in Russian: every string, with its placeholders and its markup."""

import re
import tempfile
import unittest
from collections import Counter
from pathlib import Path

import polib

from environment import addons, places, translations

LANGUAGES = ("ru",)

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
        self.check(translations.is_untranslated)

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


class TestMerging(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.template = Path(folder.name) / "shop.pot"
        self.translation = Path(folder.name) / "ru.po"

    def write(self, path, date, **strings):
        file = polib.POFile()
        file.metadata = dict.fromkeys(translations.DATES, date)
        for name, msgstr in strings.items():
            comment = f"of {name}" if msgstr else ""
            file.append(polib.POEntry(msgid=name, msgstr=msgstr, tcomment=comment))
        file.save(str(path))

    def merge(self):
        return translations.merge(self.template, self.translation)

    def test_new_strings_are_named_old_ones_go_and_the_others_stay(self):
        self.write(self.template, "today", Apple="", Pear="", Plum="")
        self.write(self.translation, "once", Cherry="Вишня", Plum="Слива", Apple="Яблоко")
        self.assertEqual(self.merge(), ["Pear"])
        merged = polib.pofile(str(self.translation))
        self.assertEqual(
            [(entry.msgid, entry.msgstr, entry.tcomment) for entry in merged],
            [("Apple", "Яблоко", "of Apple"), ("Pear", "", ""), ("Plum", "Слива", "of Plum")],
        )
        self.assertEqual(set(merged.metadata.values()), {"today"})

    def test_a_translation_to_which_nothing_is_new_is_left_as_it_is(self):
        self.write(self.template, "today", Apple="", UID="")
        self.write(self.translation, "once", Apple="Яблоко", UID="")
        before = self.translation.read_bytes()
        self.assertEqual(self.merge(), [])
        self.assertEqual(self.translation.read_bytes(), before)


def _differing(pattern, entry):
    found = Counter(pattern.findall(entry.msgid))
    kept = Counter(pattern.findall(entry.msgstr or entry.msgid))
    return (found - kept) + (kept - found)
