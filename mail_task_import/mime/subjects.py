"""Subjects as people would call them the same: without what mail programs put before and into them;
and what a mail is by it: an answer, forwarded, or the first of its thread.

Plain Python; linear in the length of the subject.
"""

import re

from .spelling import folded

FIRST, ANSWER, FORWARD = "first", "answer", "forward"
"""What a mail can be, for whoever asks what in it is quoted."""
LONGEST = 500
"""Characters of a subject that are compared."""
ANSWERED = (
    "re", "aw", "sv", "vs", "antw", "antwort", "odp", "res", "r", "rif", "ref", "ynt", "vl", "bls",
    "atb", "hl", "att", "отв", "ответ", "на", "απ", "σχετ", "回复", "回覆", "答复", "返信",
)  # fmt: skip
"""What the programs of different languages put before the subject of an answer."""
UNSURE = frozenset(("ref", "rif", "att"))
"""People write these before subjects of their own, too."""
FORWARDED = (
    "fw", "fwd", "wg", "vb", "tr", "rv", "enc", "pd", "doorst", "ilt", "i", "fs", "trs",
    "weitergeleitet", "transféré", "reenv", "továbbítás", "перес", "пересл", "перенапр", "πρθ",
    "转发", "轉寄", "転送",
)  # fmt: skip
FORWARDED_SOMEWHERE = frozenset((*FORWARDED, "vs", "vl"))
"""A Danish "VS:" is forwarded, a Finnish one an answer: nothing of either is left out."""

_PREFIX = re.compile(
    rf"({'|'.join(map(re.escape, ANSWERED + FORWARDED))})"
    r"\s{0,3}(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3})?\s{0,3}[:：]\s*",
)
_MARK = re.compile(r"\[(?:ext|extern|external|spam|[a-z]{2,12}-\d{1,12})\]\s*")
"""What mail servers put in for outsiders' mail, and our own tokens."""


_TAGS = re.compile(r"(?:\s*\[[^\[\]]{0,60}\])*\s*")
"""Of lists and servers, before the prefix."""


def kind_of(subject, names_others):
    """``FIRST``, ``ANSWER`` or ``FORWARD``: by the first prefix, else by what the mail names.

    :param names_others: whether its headers name a mail before it
    """
    text = folded((subject or "")[:LONGEST])
    match = _PREFIX.match(text, _TAGS.match(text).end())
    prefix = match[1] if match else ""
    if prefix in FORWARDED_SOMEWHERE:
        return FORWARD
    return ANSWER if names_others or prefix not in {"", *UNSURE} else FIRST


def bare(subject):
    """The subject without "Re:" and "Fwd:" of any language, tokens, capitals and double spaces."""
    text = folded((subject or "")[:LONGEST])
    text = " ".join(_MARK.sub(" ", text).split())
    while match := _PREFIX.match(text):
        text = text[match.end() :]
    return text
