"""Changing the mail server: flags, moves, removals, copies of sent mail. Calls may be repeated.

A mailbox is shared with people and other programs: only what was named is ever removed, never
*everything that carries the flag Deleted*, which is what a plain EXPUNGE does (RFC 4315, 1).
"""

import re
from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from datetime import datetime, timezone

from imapclient import DELETED, SEEN

from .exceptions import FolderError, ServerRefused
from .session import UIDS_A_COMMAND, Session, chunks

_APPENDED = re.compile(rb"\[APPENDUID \d+ (\d+)\]", re.IGNORECASE)


class Settling(Session):
    """Acts on the folder that ``select(name, readonly=False)`` opened; appending needs none."""

    others: frozenset[int] = frozenset()
    """UIDs of the last ``delete`` that are another mail by now: never, by IMAP."""

    def mark_seen(self, uids: Iterable[int]) -> None:
        self._add_flag(uids, SEEN)

    def move(self, uids: Iterable[int], folder: str) -> None:
        """Move mails; those that are gone already are fine.

        :raises FolderError: there is no such folder
        :raises ServerRefused: the server cannot move without endangering the mail of others
        """
        for some in chunks(uids, UIDS_A_COMMAND):
            if self.has_capability("MOVE"):
                self._move_at_once(some, folder)
            else:
                self._copy_and_remove(some, folder)

    def delete(self, uids: Iterable[int], _digests: dict[int, str] | None = None) -> bool:
        """Remove mails.

        :param _digests: for POP3, whose servers use their ids again
        :returns: False where they are only flagged Deleted, because the server lacks UIDPLUS
        """
        removes = self.has_capability("UIDPLUS")
        for some in chunks(uids, UIDS_A_COMMAND):
            self._add_flag(some, DELETED)
            if removes:
                self._expunge(some)
        return removes

    def append(
        self,
        folder: str,
        raw: bytes,
        flags: Sequence[str] = ("\\Seen",),
        date: datetime | None = None,
    ) -> int | None:
        """Put a mail into a folder.

        Not idempotent by itself: ask ``find_message_id`` before a second try.

        :param date: the INTERNALDATE as naive UTC; now by default
        :returns: its UID, where the server tells it (UIDPLUS)
        :raises FolderError: the folder does not exist or is full
        """
        arrival = date and date.replace(tzinfo=timezone.utc)
        with self._into(folder), self._asking("settle") as client:
            answer = client.append(folder, raw, flags, arrival)
        appended = _APPENDED.search(answer or b"")
        return int(appended[1]) if appended else None

    def find_message_id(self, folder: str, message_id: str) -> list[int]:
        """UIDs in ``folder`` of the mails with this Message-ID; opens that folder for reading."""
        wanted = message_id.strip()
        if not wanted or not (wanted.isascii() and wanted.isprintable()):
            return []  # every mail holds the empty string, and no Message-ID the others (RFC 5322)
        self.select(folder)
        # SEARCH finds parts of a header, too (RFC 9051, 6.4.4).
        with self._asking("settle", "The mail server refused a search.") as client:
            candidates = client.search([b"HEADER", b"Message-ID", wanted.encode()])
            return [uid for uid in candidates if self._message_id(client, uid) == wanted]

    @staticmethod
    def _message_id(client, uid: int) -> str:
        field = "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"
        for key, content in client.fetch([uid], [field]).get(uid, {}).items():
            if key.startswith(b"BODY[HEADER.FIELDS"):
                return content.decode("utf-8", "replace").partition(":")[2].strip()
        return ""

    def _add_flag(self, uids: Iterable[int], flag: bytes) -> None:
        self._check_writable()
        for some in chunks(uids, UIDS_A_COMMAND):
            with (
                self._unless_gone(some),
                self._asking("settle", "The mail server sets no flags here.") as client,
            ):
                client.add_flags(some, [flag], silent=True)

    def _move_at_once(self, uids: list[int], folder: str) -> None:
        self._check_writable()
        with self._into(folder), self._unless_gone(uids), self._asking("settle") as client:
            client.move(uids, folder)

    def _copy_and_remove(self, uids: list[int], folder: str) -> None:
        """What MOVE does, in steps (RFC 6851, 3.3); a cut leaves a copy too many, never too few."""
        self._check_writable()
        if not self.has_capability("UIDPLUS"):
            raise ServerRefused(
                "settle",
                "This mail server has neither MOVE nor UIDPLUS: it can move mail only by removing "
                "everything that is marked as deleted, other people's too. Nothing was moved.",
            )
        uids = sorted(self.present(uids))
        if not uids:
            return
        with self._into(folder), self._asking("settle") as client:
            client.copy(uids, folder)
        self._add_flag(uids, DELETED)
        self._expunge(uids)

    def _expunge(self, uids: list[int]) -> None:
        with (
            self._unless_gone(uids),
            self._asking("settle", "The mail server does not remove mail here.") as client,
        ):
            client.uid_expunge(uids)

    def _check_writable(self) -> None:
        if self.folder is None or self.folder.readonly:
            raise FolderError("settle", "The folder was opened for reading only.")

    @contextmanager
    def _unless_gone(self, uids: Iterable[int]):
        """Some servers refuse what names only mails that are gone; that is no failure."""
        try:
            yield
        except ServerRefused:
            if self.present(uids):
                raise

    @contextmanager
    def _into(self, folder: str):
        try:
            yield
        except ServerRefused as error:
            raise FolderError(
                "settle", f'The folder "{folder}" takes no mail.', error.server_words
            ) from error
