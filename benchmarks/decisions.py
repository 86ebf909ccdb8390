"""200 import rules and 500 filters such as a large company has, of which a few match.

Their words are none of the mails' own, but for those that are to match: of a hundred mails 20 meet
a filter, 15 a rule. What they do with them costs as much as doing it without: a filter files, stars
or marks a mail as read, and skips none; a rule makes nothing of strangers' mail, and of others' the
lead that the mailbox would make.
"""

import random

RULES = 200
FILTERS = 500
TEXT = "ba der fin gul hok jem kan lop mir nes pol quar rud sil tov urm vex wol yan zim"
SYLLABLES = TEXT.split()
"""Of words that no mail of the benchmark has."""
HOSTS = ("customer3.example", "customer17.example", "customer40.example", "customer71.example")
"""Senders of some 4 mails in a hundred."""


class Words:
    """Words and addresses that nothing matches, the same ones each time."""

    def __init__(self, seed: int):
        self.chance = random.Random(seed)

    def word(self) -> str:
        return "".join(self.chance.choices(SYLLABLES, k=3))

    def words(self, count: int) -> list[str]:
        return [self.word() for _number in range(count)]

    def host(self) -> str:
        return f"{self.word()}.example"

    def address(self) -> str:
        return f"{self.word()}@{self.host()}"


# -- filters -------------------------------------------------------------------------------------


def filters(mailbox_id: int, folder_id: int) -> list[dict]:
    """Values of ``mail.import.filter``: two in five are for all mailboxes, the others for one.

    All 500 are asked of each mail: each scope's matching ones come last, but for three.
    """
    words = Words(1)
    kinds = [kind for kind, times in KINDS_OF_FILTERS.items() for _time in range(times)]
    words.chance.shuffle(kinds)
    values = [kind(words) for kind in kinds[: FILTERS - len(MATCHING_FILTERS)]]
    early, late = MATCHING_FILTERS[:3], MATCHING_FILTERS[3:]
    values[40:40] = early
    values += late
    ways = [
        {"mark_read": True},
        {"star": True},
        {"mark_read": True, "star": True},
        {"destination": "folder", "folder_id": folder_id},
        {"destination": "archive"},
    ]
    for number, one in enumerate(values):
        one |= ways[number % len(ways)]
        one["sequence"] = number
        is_global = number % 5 < 2 and one.get("folder_id") is None
        one |= {"scope": "global"} if is_global else {"scope": "group", "mailbox_id": mailbox_id}
    return values


KINDS_OF_FILTERS = {
    lambda w: {"sender": w.address()}: 130,
    lambda w: {"sender": ", ".join((w.host(), w.host()))}: 70,
    lambda w: {"sender": f"*@news.{w.host()}"}: 45,
    lambda w: {"sender": w.word(), "subject": w.word()}: 20,
    lambda w: {"subject": w.word()}: 70,
    lambda w: {"subject": "\n".join(w.words(3))}: 20,
    lambda w: {"subject": f"{w.word()}*{w.word()}"}: 25,
    lambda w: {"header_name": "List-Id", "header_value": f"{w.word()}.lists.example"}: 40,
    lambda w: {"header_name": "X-Mailer", "header_value": f"*{w.word()}*"}: 10,
    lambda w: {"body_any": "\n".join(w.words(3))}: 20,
    lambda w: {"body_all": "\n".join(w.words(2))}: 10,
    lambda w: {"recipients": w.address()}: 15,
    lambda w: {"larger_than": 900, "has_attachments": True, "sender": w.host()}: 10,
    lambda w: {"is_list": True, "subject": w.word()}: 5,
    lambda w: {"is_automatic": True, "sender": w.host()}: 5,
    lambda w: {"sender_is": "unknown", "subject": w.word()}: 5,
    lambda w: {"sender_is": "known", "body_any": w.word()}: 5,
    lambda w: {"is_unverified": True, "silent": True}: 5,
}
MATCHING_FILTERS = [
    {"sender": HOSTS[0]},
    {"subject": "spasibo\ninvoice*"},
    {"sender": f"*@{HOSTS[1]}"},
    {"larger_than": 30, "has_attachments": True},
    {"subject": "*спасибо договор*"},
    {"body_all": "größer für\nmeeting price"},
    {"header_name": "Return-Path", "header_value": f"*@{HOSTS[2]}*"},
]


# -- rules ---------------------------------------------------------------------------------------


def rules(mailbox_id: int, target_id: int, team_id: int) -> list[dict]:
    """Values of ``mail.import.rule``; all 200 are asked of each mail that no other step takes."""
    words = Words(2)
    kinds = [kind for kind, times in KINDS_OF_RULES.items() for _time in range(times)]
    words.chance.shuffle(kinds)
    values = [kind(words) for kind in kinds[: RULES - len(MATCHING_RULES)]]
    values[60:60] = [{**one, "unknown_sender": "refuse"} for one in MATCHING_RULES]
    return [
        {
            "name": f"Rule {number}",
            "sequence": number,
            "mailbox_ids": [(6, 0, [mailbox_id])] if number % 2 else [],
            "target_id": target_id,
            "team_id": team_id,
            **one,
        }
        for number, one in enumerate(values)
    ]


def _lines(*lines: tuple, join: str = "all") -> dict:
    names = "place", "operator", "value", "header"
    return {
        "line_join": join,
        "line_ids": [(0, 0, dict(zip(names, line, strict=False))) for line in lines],
    }


KINDS_OF_RULES = {
    lambda w: {"keyword": w.word()}: 40,
    lambda w: {"keyword": w.word(), "keyword_in": "subject"}: 20,
    lambda w: {"keyword": rf"{w.word()}\s+(?P<order>\d{{3,8}})", "keyword_kind": "regex"}: 25,
    lambda w: {
        "keyword": rf"^(re: )?{w.word()}.*{w.word()}$",
        "keyword_kind": "regex",
        "keyword_in": "subject",
    }: 15,
    lambda w: {"keyword": w.word(), "keyword_in": "headers"}: 10,
    lambda w: {"sender_domains": f"{w.host()}, {w.host()}", "subdomains": True}: 25,
    lambda w: {"recipients": w.address()}: 20,
    lambda w: {"from_unknown": False, "keyword": w.word()}: 10,
    lambda w: _lines(("subject", "contains", w.word()), ("body", "not_contains", w.word())): 12,
    lambda w: _lines(
        ("from", "contains", w.word()), ("subject", "equals", w.word()), join="any"
    ): 10,
    lambda w: _lines(("header", "contains", w.word(), "X-Mailer")): 6,
    lambda w: _lines(("body", "matches", rf"{w.word()}-\d+")): 7,
}
MATCHING_RULES = [
    {"keyword": "договор заказ"},
    {"sender_domains": HOSTS[3]},
    {"keyword": r"meeting (?P<what>price|contract) (?:week|answer|and)", "keyword_kind": "regex"},
    _lines(("subject", "contains", "lieferung in"), ("subject", "not_contains", "rechnung")),
]
