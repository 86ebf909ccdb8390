"""Translations brought up to date with the templates that Odoo has just exported.

``python -m environment.translations MODULE…`` prints what is left to be translated.
"""

import sys
from pathlib import Path

import polib

from . import places

# Left empty, as OCA does with strings that are the same in the translation.
THE_SAME = {
    "%(placeholder)s: %(problem)s",
    ".mbox",
    "/etc/ssl/our-authority.pem",
    "Google",
    "ID",
    "IMAP",
    "List-Id",
    "Message-ID",
    "Microsoft",
    "OAuth",
    "POP3",
    "Re: {{ object.name }}",
    "Re: {{ object.subject or '' }}",
    "SSL/TLS",
    "STARTTLS",
    "UID",
    "ann@firm.example, other.example, *@news.*",
    "sales@company.example",
}

DATES = ("POT-Creation-Date", "PO-Revision-Date")


def merge(template: Path, translation: Path) -> list[str]:
    """Give a translation the strings of its template, in the template's order.

    What is translated stays, with its translator's comments; strings that are gone go. The dates
    stay, too, where nothing else has changed.

    :return: the strings that have no translation
    """
    new, old = polib.pofile(str(template)), polib.pofile(str(translation))
    known = {_key(entry): entry for entry in old if not entry.obsolete}
    merged = polib.POFile(wrapwidth=78)
    merged.header, merged.metadata = old.header, dict(old.metadata)
    for entry in new:
        if _key(entry) in known:
            entry.msgstr = known[_key(entry)].msgstr
            entry.tcomment = known[_key(entry)].tcomment
        merged.append(entry)
    if _text(merged) != _text(old):
        merged.metadata.update({name: new.metadata[name] for name in DATES})
        merged.save(str(translation))
    return [entry.msgid for entry in merged if is_untranslated(entry)]


def is_untranslated(entry: polib.POEntry) -> bool:
    return not entry.msgstr.strip() and entry.msgid not in THE_SAME


def _key(entry: polib.POEntry) -> tuple[str | None, str]:
    return entry.msgctxt, entry.msgid


def _text(file: polib.POFile) -> str:
    return "\n".join(str(entry) for entry in file)


def main(modules: list[str]) -> int:
    left = 0
    for module in modules:
        folder = places.CHECKOUT / module / "i18n"
        translations = sorted(folder.glob("*.po"))
        if not translations:
            left += 1
            print(f"{module}: has no translation yet")
        for translation in translations:
            missing = merge(folder / f"{module}.pot", translation)
            left += len(missing)
            for string in missing:
                print(f"{module} {translation.stem}: {string!r}")
    print(f"{left} to be translated." if left else "All is translated.")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
