"""Subjects as people would call them the same: without what mail programs put before and into them.

Plain Python; linear in the length of the subject.
"""

import re

from .spelling import folded

LONGEST = 500
"""Characters of a subject that are compared."""
ANSWERED = (
    "re", "aw", "sv", "vs", "antw", "antwort", "odp", "res", "r", "rif", "ref", "ynt", "vl", "bls",
    "atb", "hl", "att", "отв", "ответ", "на", "απ", "σχετ", "回复", "回覆", "答复", "返信",
)  # fmt: skip
"""What the programs of different languages put before the subject of an answer."""
FORWARDED = (
    "fw", "fwd", "wg", "vb", "tr", "rv", "enc", "pd", "doorst", "ilt", "i", "fs", "trs",
    "továbbítás", "пересл", "перенапр", "πρθ", "转发", "轉寄", "転送",
)  # fmt: skip

_PREFIX = re.compile(
    rf"(?:{'|'.join(map(re.escape, ANSWERED + FORWARDED))})"
    r"\s{0,3}(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3})?\s{0,3}[:：]\s*",
)
_MARK = re.compile(r"\[(?:ext|extern|external|spam|[a-z]{2,12}-\d{1,12})\]\s*")
"""What mail servers put in for outsiders' mail, and our own tokens."""


def bare(subject):
    """The subject without "Re:" and "Fwd:" of any language, tokens, capitals and double spaces."""
    text = folded((subject or "")[:LONGEST])
    text = " ".join(_MARK.sub(" ", text).split())
    while match := _PREFIX.match(text):
        text = text[match.end() :]
    return text
