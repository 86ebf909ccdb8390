"""The folders of a mail server: what each is for, and which a pattern means."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

ROLE_OF_FLAG = {
    # RFC 6154, 2; XLIST names for servers that kept them
    "\\sent": "sent",
    "\\drafts": "drafts",
    "\\junk": "junk",
    "\\spam": "junk",
    "\\trash": "trash",
    "\\archive": "archive",
    "\\all": "all",
    "\\allmail": "all",
    # Not folders but views of mail that lies elsewhere as well (RFC 6154; RFC 8457).
    "\\flagged": "all",
    "\\important": "all",
}

NAMES_OF_ROLE = {
    "sent": """
        Sent|Sent Items|Sent Mail|Sent Messages|Gesendet|Gesendete Objekte|Gesendete Elemente|
        Envoyés|Éléments envoyés|Messages envoyés|Enviados|Elementos enviados|Itens enviados|
        Mensajes enviados|Posta inviata|Inviati|Inviata|Verzonden|Verzonden items|Wysłane|
        Elementy wysłane|Skickat|Skickade objekt|Sendt|Sendte elementer|Lähetetyt|Odeslané|
        Odeslaná pošta|Odoslané|Elküldött|Elküldött elemek|Trimise|Отправленные|Надіслані|
        Відправлені|Изпратени|Послати|Gönderilmiş|Gönderilmiş Öğeler|Gönderilenler|Απεσταλμένα|
        已发送|已发送邮件|已傳送的郵件|寄件備份|送信済み|送信済みメール|送信済みアイテム|
        보낸 편지함|보낸편지함|פריטים שנשלחו|נשלח|البريد المرسل|العناصر المرسلة|Terkirim|Đã gửi|
        ส่งแล้ว""",
    "drafts": """
        Draft|Drafts|Entwürfe|Brouillons|Borradores|Rascunhos|Bozze|Concepten|Szkice|
        Wersje robocze|Utkast|Kladder|Luonnokset|Koncepty|Rozpracované|Piszkozatok|Ciorne|
        Черновики|Чернетки|Чернови|Taslaklar|Πρόχειρα|草稿|草稿箱|草稿匣|下書き|임시 보관함|
        임시보관함|טיוטות|المسودات|Draf|Thư nháp|ร่าง""",
    "junk": """
        Junk|Junk E-mail|Junk Email|Junk Mail|Spam|Bulk|Bulk Mail|Spamverdacht|Junk-E-Mail|
        Unerwünscht|Werbung|Courrier indésirable|Indésirables|Pourriel|Correo no deseado|
        No deseado|Lixo eletrônico|Lixo Eletrónico|Posta indesiderata|Ongewenste e-mail|
        Ongewenst|Wiadomości-śmieci|Niechciane|Skräppost|Søppelpost|Uønsket mail|Roskaposti|
        Nevyžádaná pošta|Levélszemét|Nedorite|Спам|Нежелательная почта|Небажана пошта|Önemsiz|
        Gereksiz E-posta|Ανεπιθύμητα|垃圾邮件|垃圾郵件|迷惑メール|스팸|스팸 메일함|정크 메일|
        דואר זבל|البريد غير الهام|Thư rác|จดหมายขยะ""",
    "trash": """
        Trash|Deleted|Deleted Items|Deleted Messages|Bin|Papierkorb|Gelöscht|Gelöschte Objekte|
        Gelöschte Elemente|Corbeille|Éléments supprimés|Messages supprimés|Papelera|
        Elementos eliminados|Eliminados|Lixeira|Lixo|Itens excluídos|Itens eliminados|Cestino|
        Posta eliminata|Prullenbak|Verwijderde items|Kosz|Elementy usunięte|Papperskorg|
        Papperskorgen|Borttagna objekt|Papirkurv|Slettede elementer|Slettet post|Roskakori|
        Poistetut|Koš|Odstraněná pošta|Kôš|Kuka|Törölt elemek|Coș de gunoi|Elemente șterse|
        Корзина|Удаленные|Удалённые|Кошик|Видалені|Кошче|Çöp Kutusu|Çöp|Silinmiş Öğeler|Κάδος|
        Διεγραμμένα|已删除|已删除邮件|垃圾箱|废件箱|刪除的郵件|垃圾桶|ごみ箱|ゴミ箱|
        削除済みアイテム|휴지통|지운 편지함|אשפה|פריטים שנמחקו|المهملات|العناصر المحذوفة|Sampah|
        Thùng rác|ถังขยะ""",
    "archive": """
        Archive|Archives|Archiv|Archivo|Arquivo|Arquivo morto|Archivio|Archief|Archiwum|Arkiv|
        Arkisto|Archív|Archivum|Arhiva|Архив|Архів|Arşiv|Αρχείο|归档|存档|封存|アーカイブ|
        보관함|ארכיון|الأرشيف|Arsip|Lưu trữ""",
    "all": """
        All Mail|Alle Nachrichten|Tous les messages|Todos|Tutti i messaggi|Вся почта|所有邮件|
        すべてのメール|전체보관함""",
}

UNWATCHED_ROLES = frozenset({"junk", "trash", "drafts", "all"})

# Well-known folders lie at the top, or under these; "Projects/Sent" is somebody's own.
_ROOTS = frozenset({"inbox", "[gmail]", "[google mail]"})
_UNSELECTABLE = frozenset({"\\noselect", "\\nonexistent"})


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold().strip()


_ROLE_OF_NAME = {
    _folded(name): role for role, names in NAMES_OF_ROLE.items() for name in names.split("|")
}


@dataclass(frozen=True, slots=True)
class FolderInfo:
    name: str
    """Readable, as every call of the receiver takes it."""
    delimiter: str = "/"
    """Between a folder and its parent; empty on a server without a hierarchy."""
    role: str = ""
    """'', 'inbox', 'sent', 'drafts', 'junk', 'trash', 'all' or 'archive'."""
    selectable: bool = True

    @property
    def path(self) -> list[str]:
        return self.name.split(self.delimiter) if self.delimiter else [self.name]


def folder_infos(listed: Iterable[tuple[str, str, Iterable[str]]]) -> list[FolderInfo]:
    """From (name, delimiter, flags): the server's flags say what a folder is for, else its name
    does.

    Where flags tell which folder is *sent* or *archive*, a name makes no second one of it; another
    *junk*, *trash* or *drafts* is believed all the same, since these are left unread.
    """
    rows = [
        (name, delimiter, [flag.lower() for flag in flags]) for name, delimiter, flags in listed
    ]
    flagged = [_role_by_flags(name, flags) for name, _delimiter, flags in rows]
    infos = []
    for (name, delimiter, flags), role in zip(rows, flagged, strict=True):
        info = FolderInfo(name, delimiter, role, _UNSELECTABLE.isdisjoint(flags))
        by_name = "" if role else _role_by_name(info)
        if by_name in UNWATCHED_ROLES or (by_name and by_name not in flagged):
            info = FolderInfo(name, delimiter, by_name, info.selectable)
        infos.append(info)
    return infos


def _role_by_flags(name: str, flags: list[str]) -> str:
    if name.upper() == "INBOX":
        return "inbox"
    return next((ROLE_OF_FLAG[flag] for flag in flags if flag in ROLE_OF_FLAG), "")


def _role_by_name(info: FolderInfo) -> str:
    *parents, last = info.path
    if len(parents) > 1 or not _ROOTS.issuperset(map(_folded, parents)):
        return ""
    return _ROLE_OF_NAME.get(_folded(last), "")


def watched(patterns: str | Iterable[str], infos: Iterable[FolderInfo]) -> list[FolderInfo]:
    """The folders that one or several patterns mean, in the server's order.

    A plain name means that folder, whatever it is for. A wildcard, ``*`` for anything and ``%`` for
    anything within one level (RFC 9051, 6.3.9), leaves out junk, trash, drafts and *all mail*, with
    what lies below them.
    """
    infos = list(infos)
    left_out = [info for info in infos if info.role in UNWATCHED_ROLES]
    patterns = [patterns] if isinstance(patterns, str) else list(patterns)
    return [
        info
        for info in infos
        if info.selectable and any(_means(pattern, info, left_out) for pattern in patterns)
    ]


def _means(pattern: str, info: FolderInfo, left_out: list[FolderInfo]) -> bool:
    if _same_name(pattern, info.name):
        return True
    if not re.search(r"[*%]", pattern) or any(_within(info, other) for other in left_out):
        return False
    return re.fullmatch(_regex(pattern, info.delimiter), info.name, re.DOTALL) is not None


def _same_name(one: str, other: str) -> bool:
    """INBOX alone is the same in any case (RFC 9051, 5.1)."""
    return one == other or one.upper() == other.upper() == "INBOX"


def _within(info: FolderInfo, other: FolderInfo) -> bool:
    return info.path[: len(other.path)] == other.path


def _regex(pattern: str, delimiter: str) -> str:
    level = f"[^{re.escape(delimiter)}]*" if delimiter else ".*"
    wildcards = {"*": ".*", "%": level}
    return "".join(wildcards.get(character) or re.escape(character) for character in pattern)
