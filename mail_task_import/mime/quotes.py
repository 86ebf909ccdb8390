"""Which lines of a mail its writer wrote, and which are quoted from earlier mails.

Lines of text only; how they are told in HTML is in ``quotes_html``. Every line is looked at once,
and what is matched is bounded: hostile text cannot hold a pattern up.

First our own mark is looked for, then what programs write above a quotation, in the languages of
the world. What is forwarded is what the mail is about: it is no quotation.
"""

import re
from functools import cache

from mailparser_reply.constants import MAIL_LANGUAGES

MARK = "\u200c\u200d\u200c\u200c\u200d\u200d\u200c\u200d"
"""Stands, unseen, at the head of what we send. Text survives in every program's quotation, where
attributes and comments are dropped; joiners show in no font."""

MAX_LINES = 20_000
MAX_LINE = 400
MAX_HEADER_LINES = 8
MAX_ATTRIBUTIONS = 40
"""Lines of one mail that are tried whether they stand above a quotation."""
MAX_QUOTATIONS = 300
"""Quotations with new text between them; no person answers so often."""
MAX_KNOWN = 250
"""Characters that the library's patterns are given: some take the square of their time."""

_FORWARDED = re.compile(
    r"\s*(?:fwd?|wg|tr|rv|enc|i|vs|vl|vb|pd|doorst|weitergeleitet|transféré|reenv|rif|πρθ"
    r"|на|перес?л?|转发|轉寄|転送)\s?[:：]",
    re.IGNORECASE,
)
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
_BLANK = re.compile(r"[\s>*\u200b-\u200f\u2060\ufeff]*")


def is_forward(subject):
    """Whether the subject says that the mail is forwarded: "Fwd:", "WG:", "TR:" ..."""
    return bool(_FORWARDED.match(subject[:40]))


def new_text(text, subject=""):
    """Return what of the text of a mail its writer wrote; all of it where that is nothing."""
    if is_forward(subject):
        return text
    lines = text.split("\n")
    quoted = quoted_lines(lines)
    if not quoted:
        return text
    kept = [line for place, line in enumerate(lines) if place not in quoted]
    return "\n".join(kept).strip("\n").replace(MARK, "")


def runs_of(text, forwarded=False):
    """Cut text where quotations begin and end: yield (whether it is quoted, lines)."""
    lines = text.split("\n")
    quoted = () if forwarded else quoted_lines(lines)
    if not quoted:
        yield False, text
        return
    begin = 0
    for place in range(1, len(lines) + 1):
        if place == len(lines) or (place in quoted) != (begin in quoted):
            yield begin in quoted, "\n".join(lines[begin:place])
            begin = place


def quoted_lines(lines, known=()):
    """Return the places of the lines that are quoted; none where nothing else is left.

    :param known: places that the mail's HTML says are quoted
    """
    found = _Quotations(lines, known)
    quoted = found.places
    ends = sum(1 for place in quoted if place + 1 not in quoted)
    if not quoted or ends > MAX_QUOTATIONS or found.all_quoted():
        return frozenset()
    return frozenset(quoted)


class _Quotations:
    """One walk over the lines of a mail, from the top."""

    def __init__(self, lines, known):
        self.lines = lines
        self.cut = [line[:MAX_LINE] for line in lines[:MAX_LINES]]
        self.places = set(known)
        self.attributions = 0
        place = 0
        while place < len(self.cut):
            place = self._look_at(place)

    def all_quoted(self):
        return all(
            place in self.places or _BLANK.fullmatch(line) for place, line in enumerate(self.cut)
        )

    def _look_at(self, place):
        """Note what is quoted from here on; return the next line to look at."""
        line = self.cut[place]
        if MARK in line and place:
            return self._quote_rest(self._above_mark(place))
        if line.startswith(">"):
            self.places.add(place)
        elif ":" in line or "：" in line or line.lstrip()[:2] in _DRAWN:
            return self._look_closer(place, line)
        return place + 1

    def _look_closer(self, place, line):
        if _FORWARDS.match(line):
            return len(self.cut)
        if self._begins_rest(place):
            return self._quote_rest(place)
        if line.rstrip().endswith(_ENDS) and (first := self._attribution(place)) is not None:
            return self._quote_attributed(first, place)
        return place + 1

    # -- quoted to the end ----------------------------------------------------------------------

    def _begins_rest(self, place):
        line = self.cut[place]
        if "-" in line[:10] and _SEPARATOR.match(line):
            return True
        if _RULE.fullmatch(line):
            following = self._next_filled(place + 1)
            return following is not None and bool(_FROM.match(self.cut[following]))
        return (":" in line or "：" in line) and self._is_header(place)

    def _is_header(self, place):
        """The header of a mail, as Outlook copies it: sender, and at least two more of its lines.

        Forms on websites send lines like these, so the moment, a subject or an address is there.
        """
        if not _FROM.match(self.cut[place]):
            return False
        some = [line for line in self.cut[place : place + MAX_HEADER_LINES] if line.strip()]
        sure = sum(1 for line in some[1:] if _SUBJECT.match(line) or _SENT.match(line))
        others = sum(1 for line in some[1:] if _OTHER.match(line))
        return sure + others >= 2 and bool(sure or "@" in some[0])

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
            text = f"{self.cut[first].strip()} {text}".strip()
            joined.append((first, text))
        for first, text in joined:
            if _is_attribution(text):
                return first
        if self._is_cited_below(place) and _names_a_writer(self.cut[place]):
            return place
        return None

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


def _is_attribution(text):
    """ "On <date>, <somebody> wrote:", in any language where it names an address or a moment."""
    if not _DAY.search(text) and not _TIME.search(text):
        return False
    if _ADDRESS_LAST.search(text):
        return True
    dated = _DAY.search(text) and _TIME.search(text)
    if dated and _names_a_writer(text[-60:]):
        return True
    begun = _DAY.search(text[:60]) and _WRITES_LAST.search(text[-60:])
    return bool(begun) or _is_known_attribution(text)


def _names_a_writer(text):
    return bool(_WRITES.search(text[-250:]))


def _is_known_attribution(text):
    return len(text) <= MAX_KNOWN and any(pattern.match(text) for pattern in _library())


@cache
def _library():
    """What mail-parser-reply knows, language by language; over one bounded line each time."""
    patterns = [known.get("wrote_header") for known in MAIL_LANGUAGES.values()]
    return [re.compile(pattern, re.IGNORECASE) for pattern in patterns if pattern]
