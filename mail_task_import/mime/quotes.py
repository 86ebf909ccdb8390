"""Which lines of a mail its writer wrote, and which are quoted from earlier mails.

Lines of text only; how they are told in HTML is in ``quotes_html``. Every line is looked at once,
and what is matched is bounded: hostile text cannot hold a pattern up.

First our own mark is looked for, then what programs write above a quotation, in the languages of
the world. What is forwarded is what the mail is about: it is no quotation. The first mail of a
thread quotes nothing but by our mark: a form on a website writes lines like those of a quotation.
"""

import re
from functools import cache

from mailparser_reply.constants import MAIL_LANGUAGES

from .subjects import ANSWER, FIRST, FORWARD

MARK = "\u200c\u200d\u200c\u200c\u200d\u200d\u200c\u200d"
"""Stands, unseen, at the head of what we send. Text survives in every program's quotation, where
attributes and comments are dropped; joiners show in no font."""

MAX_LINES = 20_000
MAX_LINE = 400
MAX_HEADER_LINES = 8
MAX_MOMENT = 40
"""Characters of a line that says when, and nothing else."""
MAX_ATTRIBUTIONS = 40
"""Lines of one mail that are tried whether they stand above a quotation."""
MAX_QUOTATIONS = 300
"""Quotations with new text between them; no person answers so often."""
MAX_KNOWN = 250
"""Characters that the library's patterns are given: some take the square of their time."""

_FORWARDS = re.compile(
    r"[-\s>*]*(?:begin forwarded message|forwarded (?:message|mail)|weitergeleitete nachricht"
    r"|anfang der weitergeleiteten|message transféré|début du message (?:réexpédié|transféré)"
    r"|mensaje reenviado|inicio del mensaje reenviado|messaggio inoltrato|inizio messaggio"
    r" inoltrato"
    r"|doorgestuurd bericht|begin doorgestuurd bericht|mensagem encaminhada"
    r"|wiadomość przekazana|treść przekazanej wiadomości|vidarebefordrat|videresendt"
    r"|přeposlaná zpráva|пересланное сообщение|пересылаемое сообщение"
    r"|начало переадресованного сообщения|начало переадресованного письма|переслане повідомлення"
    r"|转发的邮件|轉寄郵件|転送メール|転送されたメッセージ|전달된 메시지)",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(
    r"[\s>*]*-{2,20}\s?(?:original(?:nachricht| message| appointment|e nachricht)"
    r"|original-nachricht|ursprüngliche (?:nachricht|mail)|ursprungligt meddelande"
    r"|message (?:d['’]origine|original)|mensaje original|messaggio originale"
    r"|oorspronkelijk bericht|mensagem original|oprindelig meddelelse|opprinnelig melding"
    r"|alkuperäinen viesti|původní (?:zpráva|e-mail)|wiadomość oryginalna|oryginalna wiadomość"
    r"|eredeti üzenet|mesaj original|orijinal (?:mesaj|ileti)|αρχικό μήνυμα"
    r"|исходное сообщение|исходное письмо|оригинальное сообщение|вихідне повідомлення"
    r"|原始邮件|原始郵件|邮件原件|元のメッセージ|원본 메시지|원본 메일)",
    re.IGNORECASE,
)
_RULE = re.compile(r"\s*[_\u2500-]{20,}\s*")

_FROM = re.compile(
    r"[>*\s]{0,40}(?:from|von|de|da|van|od|från|fra|lähettäjä|от(?: кого)?|від(?: кого)?|feladó"
    r"|gönderen|kimden|από|de la|发件人|寄件者|寄件人|差出人|送信者|보낸\s?사람|ผู้ส่ง|מאת|من)"
    r"\s?\*?\s?[:：]",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"[>*\s]{0,40}(?:subject|betreff|objet|asunto|oggetto|onderwerp|assunto|ämne|emne|aihe|temat"
    r"|předmět|predmet|тема|tárgy|konu|θέμα|subiect|主题|主旨|件名|제목|เรื่อง|נושא|الموضوع)"
    r"\s?\*?\s?[:：]",
    re.IGNORECASE,
)
_SENT = re.compile(
    r"[>*\s]{0,40}(?:sent|gesendet|envoyé(?: le)?|enviado(?: el)?|enviada(?: em)?|inviato|verzonden"
    r"|skickat|sendt|lähetetty|wysłano|odesláno|отправлено|надіслано|küldve|elküldve|gönderilen"
    r"|gönderildi|gönderme tarihi|στάλθηκε|trimis|发送时间|寄件日期|送信日時|보낸\s?날짜|נשלח)"
    r"\s?\*?\s?[:：]",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"[>*\s]{0,40}(?:date|to|cc|reply-to|datum|an|à|fecha|data|para|a|aan|till|kopia|dato|til|kopi"
    r"|vastaanottaja|kopio|do|dw|komu|kopie|дата|кому|копия|копія|dátum|címzett|másolat|tarih"
    r"|kime|bilgi|ημερομηνία|προς|către|日期|收件人|抄送|收件者|副本|日時|宛先|날짜|받는\s?사람"
    r"|참조|אל|التاريخ|إلى)\s?\*?\s?[:：]",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"[>*\s]{0,40}(?:date|datum|fecha|data|dato|дата|dátum|tarih|ημερομηνία|日期|日時|날짜|التاريخ)"
    r"\s?\*?\s?[:：]",
    re.IGNORECASE,
)
# Notes, in mails of text: the names of the lines stand before a tab
_NOTES_TO = re.compile(r"(?:to|an|à|a|para|aan|till|do|кому|宛先)\t\S", re.IGNORECASE)
_NOTES_SUBJECT = re.compile(
    r"(?:subject|thema|betreff|objet|asunto|oggetto|onderwerp|assunto|ämne|temat|тема|件名)\t",
    re.IGNORECASE,
)
_WRITES = re.compile(
    r"wrote|writes|schrieb|a écrit|escribió|ha scritto|schreef|escreveu|napisał|napsal|skrev"
    r"|kirjoitti|írta|yazdı|έγραψε|a scris|napísal|пише[тш]?|писала?|написала?|пісав"
    r"|写道|寫道|写了|のメール|さんが書きました|が送信|님이 작성|작성:|เขียนว่า|כתב"
    r"|كتب|viết|menulis|je napisao|је написао",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"\b(?:19|20)\d\d\b|\d[年년]|\b\d{1,2}[./-]\d{1,2}[./-](?:\d\d){1,2}\b|[\u0660-\u0669]{4}|25\d\d"
)
_TIME = re.compile(r"\b\d{1,2}[:.h]\d\d\b|[\u0660-\u0669]{1,2}:[\u0660-\u0669]{2}")
# the writer's address, then at most the verb, then the colon
_WRITES_LAST = re.compile(
    rf"(?:{_WRITES.pattern})(?:\(\w{{1,3}}\))?\s?[:：][*_\s]*$", re.IGNORECASE
)
_ADDRESS_LAST = re.compile(
    r"[<(\[][^\s<>@]{1,100}@[^\s<>@]{1,250}[>)\]][^<>@:：]{0,40}[:：][*_\s]*$"
)
_DRAWN = ("--", "__", "\u2500\u2500", "- ")
_ENDS = (":", "：", ":*", ":_")
_NAME = re.compile(r"[^\W\d_]{2}")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_UNSEEN = " \t\r\u00a0\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
# letters, figures, what asks, and pictures that answer by themselves
_SUBSTANCE = re.compile("[^\\W_]|[?!？！]|[:;]-?[()]|[\u2600-\u27bf\U0001f000-\U0001faff]")
_BY_DEVICE = re.compile(
    r"\s*(?:sent from|gesendet (?:mit|von)|von meinem \w+ gesendet|envoyé de(?:puis)?"
    r"|enviado (?:desde|do|de)|inviato da|verzonden (?:vanaf|met|van)|wysłane z|skickat från"
    r"|sendt fra|lähetetty|отправлено (?:с|из)|надіслано з|get outlook|从我的|iphoneから送信)",
    re.IGNORECASE,
)
_BLANK = re.compile(r"[\s>*\u200b-\u200f\u2060\ufeff]*")


def new_text(text, kind=ANSWER):
    """Return what of the text of a mail its writer wrote; all of it where that is nothing."""
    lines = text.split("\n")
    quoted = quoted_lines(lines, kind=kind)
    if not quoted:
        return text
    kept = [line for place, line in enumerate(lines) if place not in quoted]
    return "\n".join(kept).strip("\n").replace(MARK, "")


def runs_of(text, kind=ANSWER):
    """Cut text where quotations begin and end: yield (whether it is quoted, lines)."""
    lines = text.split("\n")
    quoted = quoted_lines(lines, kind=kind)
    if not quoted:
        yield False, text
        return
    begin = 0
    for place in range(1, len(lines) + 1):
        if place == len(lines) or (place in quoted) != (begin in quoted):
            yield begin in quoted, "\n".join(lines[begin:place])
            begin = place


def quoted_lines(lines, known=(), kind=ANSWER):
    """Return the places of the lines that are quoted; none where nothing else is left.

    :param known: places that the mail's HTML says are quoted
    :param kind: what ``subjects.kind_of`` says of the mail
    """
    if kind == FORWARD or (kind == FIRST and not any(MARK in line for line in lines)):
        return frozenset()
    found = _Quotations(lines, known, kind)
    quoted = found.places
    ends = sum(1 for place in quoted if place + 1 not in quoted)
    if not quoted or ends > MAX_QUOTATIONS or found.nothing_else():
        return frozenset()
    return frozenset(quoted)


class _Quotations:
    """One walk over the lines of a mail, from the top."""

    def __init__(self, lines, known, kind):
        self.lines = lines
        self.cut = [line[:MAX_LINE] for line in lines[:MAX_LINES]]
        self.places = set(known)
        self.attributions = 0
        place = 0
        look = self._look_for_mark if kind == FIRST else self._look_at
        while place < len(self.cut):
            place = look(place)

    def nothing_else(self):
        """Whether nobody would miss what is not quoted: blanks, lines, a signature."""
        signed = False
        for place, line in enumerate(self.cut):
            if place in self.places:
                signed = False
            elif line.rstrip() == "--":
                signed = True
            elif not signed and _SUBSTANCE.search(line) and not _BY_DEVICE.match(line):
                return False
        return True

    def _look_for_mark(self, place):
        """In a first mail ours is quoted where a program says so above it; a warning of a mail
        server is not of that kind.
        """
        if MARK not in self.cut[place] or not place:
            return place + 1
        begin = self._above_mark(place)
        if begin == place and not self.cut[place].startswith(">"):
            return place + 1
        return self._quote_rest(begin)

    def _look_at(self, place):
        """Note what is quoted from here on; return the next line to look at."""
        line = self.cut[place]
        if MARK in line and place:
            return self._quote_rest(self._above_mark(place))
        if line.startswith(">"):
            self.places.add(place)
        elif "\t" in line and (first := self._notes_header(place)) is not None:
            return self._quote_rest(first)
        elif ":" in line or "：" in line or line.lstrip()[:2] in _DRAWN:
            return self._look_closer(place, line)
        return place + 1

    def _look_closer(self, place, line):
        if _FORWARDS.match(line):
            return len(self.cut)
        if self._begins_rest(place):
            return self._quote_rest(place)
        if line.rstrip(_UNSEEN).endswith(_ENDS) and (first := self._attribution(place)) is not None:
            return self._quote_attributed(first, place)
        return place + 1

    # -- quoted to the end ----------------------------------------------------------------------

    def _begins_rest(self, place):
        line = self.cut[place]
        if "-" in line[:10] and _SEPARATOR.match(line):
            return True
        return (":" in line or "：" in line) and self._is_header(place)

    def _is_header(self, place):
        """The header of a mail, as Outlook copies it: sender, and at least two more of its lines.

        People write lines like these, and forms send them, so the day is one of them, and the
        sender's address or the very moment is there.
        """
        if not _FROM.match(self.cut[place]):
            return False
        some = [line for line in self.cut[place : place + MAX_HEADER_LINES] if line.strip()]
        named = [line for line in some[1:] if _names_a_header(line)]
        dated = [line for line in named if _SENT.match(line) or _DATE.match(line)]
        sure = "@" in some[0] or any(map(_is_moment, dated))
        return len(named) >= 2 and bool(dated) and sure

    def _notes_header(self, place):
        """The first line of a header of Notes whose addressee is here: who, when, to whom, what."""
        if not _NOTES_TO.match(self.cut[place]):
            return None
        following = self.cut[place + 1 : place + MAX_HEADER_LINES]
        above = place - 1
        while above > 0 and place - above < 3 and not self.cut[above].strip():
            above -= 1
        if above < 1 or not _is_moment(self.cut[above]) or len(self.cut[above]) > MAX_MOMENT:
            return None
        if not any(map(_NOTES_SUBJECT.match, following)):
            return None
        return above - bool(self.cut[above - 1].strip())

    def _quote_rest(self, place):
        while place and _is_blank_or_rule(self.cut[place - 1]):
            place -= 1
        self.places.update(range(place, len(self.lines)))
        return len(self.cut)

    def _above_mark(self, place):
        """Where begins what the answering program, in whatever language, wrote above our mail."""
        above = place
        while above and _BLANK.fullmatch(self.cut[above - 1]):
            above -= 1
        first = above
        while first and above - first < MAX_HEADER_LINES and self.cut[first - 1].strip(" >*"):
            first -= 1
        block = self.cut[first:above]
        if not block:
            return place
        named = sum(1 for line in block if ":" in line[:40] or "：" in line[:40])
        if named >= 2 and named * 2 > len(block):
            return first
        for begin in range(above - 1, max(first, above - 3) - 1, -1):
            if _is_attribution(" ".join(self.cut[begin:above])):
                return begin
        return above - 1 if block[-1].rstrip().endswith(_ENDS) else place

    # -- quoted below a line that says who wrote it -----------------------------------------------

    def _attribution(self, place):
        """The first line of the attribution that ends here, or None; programs wrap long ones."""
        if self.attributions >= MAX_ATTRIBUTIONS:
            return None
        self.attributions += 1
        joined, text = [], ""
        for first in range(place, max(place - 3, -1), -1):
            if first in self.places or not self.cut[first].strip():
                break
            text = f"{_BIDI.sub('', self.cut[first]).strip()} {text}".strip()
            joined.append((first, text))
        is_cited = self._is_cited_below(place)
        for first, text in joined:
            named = self._begins_paragraph(first) and _is_named_at_a_moment(text)
            if _is_attribution(text, is_cited or named):
                return first
        if is_cited and _names_a_writer(self.cut[place]):
            return place
        return None

    def _begins_paragraph(self, place):
        return not place or place - 1 in self.places or bool(_BLANK.fullmatch(self.cut[place - 1]))

    def _is_cited_below(self, place):
        following = self._next_filled(place + 1)
        if following is None:
            return False
        return self.cut[following].startswith(">") or following in self.places

    def _quote_attributed(self, first, last):
        if not self._is_cited_below(last):
            return self._quote_rest(first)
        following = self._next_filled(last + 1)
        self.places.update(range(first, following))
        return following

    def _next_filled(self, place):
        """The next line that is not blank, within reach."""
        for each in range(place, min(place + 4, len(self.cut))):
            if self.cut[each].strip():
                return each
        return None


def _is_blank_or_rule(line):
    return bool(_BLANK.fullmatch(line) or _RULE.fullmatch(line))


def _names_a_header(line):
    """A line of a header with something in it."""
    match = _SUBJECT.match(line) or _SENT.match(line) or _OTHER.match(line)
    return bool(match) and not _BLANK.fullmatch(line, match.end())


def _is_moment(text):
    day = _DAY.search(text)
    return bool(day) and bool(_TIME.search(text, 0, day.start()) or _TIME.search(text, day.end()))


def _is_attribution(text, by_address=True):
    """ "On <date>, <somebody> wrote:", in any language where it names an address or a moment.

    :param by_address: whether a date and an address say it; in a list of appointments they do not
    """
    if not _DAY.search(text) and not _TIME.search(text):
        return False
    if by_address and _ADDRESS_LAST.search(text):
        return True
    dated = _is_moment(text)
    if dated and _names_a_writer(text[-60:]):
        return True
    begun = _DAY.search(text[:60]) and _WRITES_LAST.search(text[-60:])
    return bool(begun) or _is_known_attribution(text)


def _is_named_at_a_moment(text):
    """A line that begins with a day, then a time, then the name of whose address follows."""
    before = text.partition("<")[0]
    moments = list(_TIME.finditer(before))
    name = before[moments[-1].end() :] if moments else ""
    return bool(_NAME.search(name)) and "(" not in name and bool(_DAY.search(text[:40]))


def _names_a_writer(text):
    return bool(_WRITES.search(text[-250:]))


def _is_known_attribution(text):
    return len(text) <= MAX_KNOWN and any(pattern.match(text) for pattern in _library())


@cache
def _library():
    """What mail-parser-reply knows, language by language; over one bounded line each time."""
    patterns = [known.get("wrote_header") for known in MAIL_LANGUAGES.values()]
    return [re.compile(pattern, re.IGNORECASE) for pattern in patterns if pattern]
