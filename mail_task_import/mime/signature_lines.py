"""What the lines below a mail say of who wrote it: company, phones, job title and website.

Plain Python; each line is looked at a bounded number of times, and long ones not at all. Only what
is certain is told, for it stands in a form afterwards, and people trust forms:

* Lines count that come after a farewell, after ``--``, or after the writer's own name near the end,
  and only where one of the first three bears the *name or address* that the mail is from. What
  programs and lawyers write below, and all after it, does not.
* Where an address in these lines is another's, or one of ours, nothing is told at all.
* A *phone* has a label, or begins with ``+``, and 7 to 15 digits; a fax is none.
* A *company* ends, or in Russian begins, with its legal form, or is what the domain of the address
  spells; of two different ones none is.
* A *title* stands beside the name or right below it, and holds a word that titles are made of.
* A *website* is at the domain of the address, or the only one of a writer with free mail.
"""

import re
from dataclasses import dataclass, field

from .free_mail import is_free_mail
from .signature_words import (
    COMMA,
    DISCLAIMER,
    FAREWELL,
    LEGAL_END,
    LEGAL_START,
    NOT_THEIR_SITES,
    PHONE,
    PHONE_LABEL,
    TITLE,
)
from .spelling import folded

MAX_TEXT = 200_000
MAX_LINES = 60
"""Lines at the end of a mail that are looked at, blank ones left out."""
MAX_LINE = 160
"""A longer one is a sentence of somebody, not a line of a signature."""
MAX_BLOCK = 14
MAX_ANCHORS = 8
MAX_PARTS = 8

_DASHES = re.compile(r"\s{0,3}(?:--|—|––|__{1,30}|-{3,40}|={3,40}|\*{3,40})\s{0,3}")
_PARTS = re.compile(r"\s{0,9}(?:[|•·¦▪●‖]|\t|\s{2,9}|(?<!\d)\s//?\s(?!\d)|\s[–—-]\s)\s{0,9}")
_EMAIL = re.compile(r"[\w.+-]{1,64}@((?:[\w-]{1,63}\.){1,5}[a-zа-яё]{2,20})", re.IGNORECASE)
_SITE = re.compile(
    r"(?:https?://)?((?:[\w-]{1,63}\.){1,5}[a-zа-яё]{2,20})(?:[/?#]\S{0,100})?", re.IGNORECASE
)
_SITE_LABEL = re.compile(
    r"(?:web(?:site|seite)?|internet|site(?: web)?|url|home|w|сайт)\s{0,2}[:.]\s{0,3}",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{2,40}(?:['’-][^\W\d_]{1,40}){0,3}")
_MARKS = "*_ \t>\u00a0\u200b\ufeff\u200c\u200d"
_BESIDE = f"{_MARKS}-–—"
_AT = re.compile(r"\s(?:at|@|bei|chez|в)\s")


@dataclass(slots=True)
class SignatureLines:
    """What is certain; the rest is empty."""

    name: str = ""
    company: str = ""
    phones: list = field(default_factory=list)
    title: str = ""
    website: str = ""

    @property
    def phone(self):
        return self.phones[0] if self.phones else ""


def read_signature(text, name, address, ours=None):
    """Return what the end of a mail says of its writer.

    :param text: what the writer wrote, without what is quoted
    :param name: of From; may be empty
    :param address: of From
    :param ours: our own ``Domains``
    """
    lines = _last_lines(text)
    domain = address.rpartition("@")[2].lower()
    wanted = _Writer(name, address)
    for start in _anchors(lines, wanted):
        block = _block(lines, start)
        place = next((n for n, line in enumerate(block[:3]) if wanted.is_named_in(line)), None)
        if place is None:
            continue
        if _is_of_others(block, address, domain, ours):
            return SignatureLines()
        return _read(block[place:], wanted, domain)
    return SignatureLines()


def _last_lines(text):
    lines = [line.replace("*", "").strip(_MARKS) for line in text[-MAX_TEXT:].split("\n")]
    return [line for line in lines if line][-MAX_LINES:]


def _anchors(lines, wanted):
    """Places where a signature may begin, the certain ones first."""
    places = [
        number + 1
        for number, line in enumerate(lines)
        if len(line) < 50 and (_DASHES.fullmatch(line) or FAREWELL.fullmatch(folded(line)))
    ]
    alone = [
        number
        for number, line in enumerate(lines)
        if number >= len(lines) - MAX_BLOCK and number and wanted.is_alone_in(line)
    ]
    return [*places[:MAX_ANCHORS], *alone[:MAX_ANCHORS]]


def _block(lines, start):
    """The lines of a signature, up to what others put below it."""
    block = []
    for line in lines[start : start + MAX_BLOCK]:
        if len(line) > MAX_LINE or DISCLAIMER.search(folded(line)):
            break
        if block and (FAREWELL.fullmatch(folded(line)) or line.startswith("-- ")):
            break
        if not _DASHES.fullmatch(line):
            block.append(line)
    return block


def _is_of_others(block, address, domain, ours):
    """An address of somebody else, or of ours: whose signature that is, nobody knows."""
    for line in block:
        for match in _EMAIL.finditer(line):
            there = match[1].lower()
            if ours is not None and ours.likeness(there) == "own":
                return True
            if match[0].lower() != address.lower() and (there != domain or is_free_mail(domain)):
                return True
    return False


class _Writer:
    """Who the mail says it is from, and which lines agree."""

    def __init__(self, name, address):
        local = address.partition("@")[0].partition("+")[0]
        self.has_name = len(_words_of(name)) > 0 and "@" not in name
        self.words = _words_of(name) if self.has_name else set()
        self.local = [one for one in re.split(r"[._-]", folded(local[:64])) if one]

    def is_named_in(self, line):
        return bool(self._part(line))

    def is_alone_in(self, line):
        """Both names, and nothing else: in the middle of a text one name says nothing."""
        words = _words_of(line)
        return len(words) > 1 and len(line) < 60 and words == self.words

    def _part(self, line):
        """The part of a line that is the writer's name."""
        for part in _parts_of(line)[:3]:
            for piece in (part, part.partition(",")[0]):
                if self._agrees(piece):
                    return piece
        return ""

    def _agrees(self, piece):
        words = _words_of(piece)
        if not 1 <= len(words) <= 5 or any(sign.isdigit() for sign in piece) or "@" in piece:
            return False
        if not piece[0].isupper() or LEGAL_END.search(piece):
            return False
        if self.has_name:
            return words <= self.words or (len(self.words) > 1 and self.words <= words)
        return len(words) > 1 and self._is_local(words)

    def _is_local(self, words):
        """ann.smith@, smith.ann@, a.smith@, asmith@, annsmith@: two names, both in the address."""
        names = sorted(words, key=len)
        if len(self.local) > 1:
            return all(
                any(name == one or (len(one) == 1 and name[0] == one) for name in names)
                for one in self.local
            ) and any(one in words for one in self.local)
        joined = "".join(self.local)
        return any(joined in (a + b, a[0] + b) for a in names for b in names if a != b)

    def rest_of(self, line):
        """The parts beside the name."""
        name = self._part(line)
        parts = _parts_of(line)
        for number, part in enumerate(parts[:3]):
            if name and (part == name or part.startswith(name)):
                beside = part[len(name) :].strip(" ,")
                return name, [*filter(None, [beside]), *parts[number + 1 :]]
        return "", parts


def _words_of(text):
    return {folded(word) for word in _WORD.findall(text[:200])}


def _parts_of(line):
    """What separators divide; a colon is left to its label."""
    parts = [part.strip(_BESIDE) for part in _PARTS.split(line[:MAX_LINE], maxsplit=MAX_PARTS)]
    return [part for part in parts if part]


def _read(block, wanted, domain):
    name, beside = wanted.rest_of(block[0])
    if len(block) > 1 and len(_words_of(name)) == 1 and wanted.is_named_in(block[1]):
        # "Ann", and below it the whole signature
        block = block[1:]
        name, beside = wanted.rest_of(block[0])
    parts = [*beside, *(part for line in block[1:] for part in _parts_of(line))]
    below = [*beside, *(part for line in block[1:3] for part in _parts_of(line))]
    company = _company(parts, domain)
    return SignatureLines(
        name=name if len(_words_of(name)) > 1 else "",
        company=company,
        phones=_phones(parts),
        title=_title(below, company),
        website=_website(parts, domain),
    )


# -- phones ---------------------------------------------------------------------------------------


def _phones(parts):
    found = []
    for part in parts:
        # "Tel. 12, Mob. 34": a number has no comma in it
        for piece in re.split(r"[,;]\s{1,3}", part)[:MAX_PARTS]:
            label = PHONE_LABEL.match(piece)
            match = PHONE.fullmatch(piece, label.end() if label else 0)
            if match and (number := _number(match["number"], bool(label))):
                found.append(number)
    return list(dict.fromkeys(found))[:4]


def _number(text, labelled):
    number = " ".join(text.replace("\u00a0", " ").replace("\u2011", "-").split())
    digits = sum(sign.isdigit() for sign in number)
    if not 7 <= digits <= 15 or "  " in number or "+" in number[1:]:
        return ""
    if number.startswith("+"):
        return number
    # without a label it could be anything: a date, an account, the number of an order
    return number if labelled and _looks_national(number) else ""


def _looks_national(number):
    digits = re.sub(r"\D", "", number)
    is_date = re.fullmatch(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}", number)
    return not is_date and len(digits) >= 7


# -- company, title, website ----------------------------------------------------------------------


def _company(parts, domain):
    certain, spelled = {}, {}
    for part in parts:
        for piece in _company_pieces(part):
            if not _may_be_name(piece):
                continue
            if _has_legal_form(piece) and not TITLE.search(folded(piece)):
                certain.setdefault(folded(piece), piece)
            elif _is_spelled_by(piece, domain):
                spelled.setdefault(folded(piece), piece)
    if len(certain) > 1:
        certain = {key: one for key, one in certain.items() if _is_spelled_by(one, domain)}
        spelled = {}
    found = list((certain or spelled).values())
    return found[0] if len(found) == 1 else ""


def _company_pieces(part):
    """The whole part, and what stands before an address or behind a title."""
    pieces = [piece.strip() for piece in COMMA.split(part)[:4]]
    return [*pieces, *(piece.strip() for piece in _AT.split(part, maxsplit=1)[1:])]


def _may_be_name(piece):
    return (
        2 <= len(piece) <= 80 and len(piece.split()) <= 9 and ":" not in piece and "@" not in piece
    )


def _has_legal_form(piece):
    if LEGAL_START.match(piece):
        return True
    match = LEGAL_END.search(piece)
    return bool(match and _WORD.search(piece[: match.start()]))


def _is_spelled_by(piece, domain):
    """ "Acme Tools" is what acme-tools.com says; three letters say nothing."""
    if is_free_mail(domain) or not piece[0].isupper():
        return False
    match = LEGAL_END.search(piece)
    bare = re.sub(r"[^\w]", "", folded(piece[: match.start()] if match else piece))
    labels = {re.sub(r"[^\w]", "", label) for label in domain.split(".")[:-1]}
    return len(bare) > 3 and not labels.isdisjoint({bare, bare.removeprefix("the")})


def _title(parts, company):
    for part in parts:
        piece = _AT.split(part, maxsplit=1)[0].strip(" ,")
        if company and company in piece:
            piece = piece.partition(company)[0].strip(" ,")
        if _is_title(piece):
            return piece
    return ""


def _is_title(piece):
    if not piece or len(piece) > 70 or len(piece.split()) > 8:
        return False
    if any(sign.isdigit() or sign in ":@!?;" for sign in piece) or piece.endswith("."):
        return False
    if _has_legal_form(piece) or not piece[0].isalpha():
        return False
    return bool(TITLE.search(folded(piece)))


def _website(parts, domain):
    own, others = [], []
    for part in parts:
        piece = next((one for one in COMMA.split(part)[:4] if "." in one and " " not in one), part)
        label = _SITE_LABEL.match(piece)
        match = _SITE.fullmatch(piece, label.end() if label else 0)
        host = match[1].lower() if match else ""
        if not host or _below(host, NOT_THEIR_SITES):
            continue
        bare = host.removeprefix("www.")
        if not is_free_mail(domain) and (_below(domain, {bare}) or _below(bare, {domain})):
            own.append(host)
        elif bare != host or label or "://" in piece:
            others.append(host)
    if own:
        return own[0]
    alone = len(set(others)) == 1 and is_free_mail(domain)
    return others[0] if alone else ""


def _below(host, domains):
    labels = host.split(".")
    return any(".".join(labels[start:]) in domains for start in range(len(labels)))
