"""Reading mail by IMAP, without leaving a trace on the server."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timezone

from .exceptions import ServerRefused
from .raw_mail import RawMail, is_shorter
from .reading import NOTHING_SENT, SIZE_TOLERANCE, TEMPORARY, FetchFailure, Reading
from .session import UIDS_A_COMMAND, chunks, text

# PEEK leaves \Seen alone (RFC 9051, 6.4.5).
_WHOLE = "BODY.PEEK[]"
_HEADERS = "BODY.PEEK[HEADER]"
_FACTS = ["RFC822.SIZE", "INTERNALDATE", "FLAGS"]

LEAST_SHARE = 0.5
"""Of what was announced. A literal that is cut is an error; and Exchange only guesses its sizes."""


class Fetching(Reading):
    def fetch_headers_sizes(self, uids: Iterable[int]) -> list[RawMail]:
        """Headers only (``truncated``), with size, flags and arrival, in the order asked for."""
        self._forget_outcomes()
        mails = []
        for some in chunks(uids, UIDS_A_COMMAND):
            facts = self._facts(some)
            contents = self._contents(list(facts), _HEADERS)
            mails += [
                _with_content(facts[uid], contents[uid], True) for uid in some if uid in contents
            ]
        return mails

    def _planned(self, uids: Iterable[int]) -> Iterator[list[RawMail]]:
        for some in chunks(uids, UIDS_A_COMMAND):
            facts = self._facts(some)
            yield [facts[uid] for uid in some if uid in facts]

    def _facts(self, uids: Sequence[int]) -> dict[int, RawMail]:
        """Size, arrival and flags of those that are there; the others have vanished or failed."""
        answers = self._fetch_each(uids, _FACTS)
        self._account_for(set(uids) - set(answers))
        return {uid: _facts_of(uid, answer) for uid, answer in answers.items()}

    def _read_batch(self, batch: list[RawMail], size_limit_bytes: int) -> list[RawMail]:
        large = [mail.uid for mail in batch if mail.size > size_limit_bytes]
        whole = [mail.uid for mail in batch if mail.size <= size_limit_bytes]
        with self._literals_up_to(size_limit_bytes * SIZE_TOLERANCE):
            contents = self._contents(whole, _WHOLE)
            headers = self._contents(large, _HEADERS)
        self._leave_out_empty(batch, contents)
        contents.update(headers)
        return [
            _with_content(mail, contents[mail.uid], mail.uid in headers)
            for mail in batch
            if mail.uid in contents
        ]

    def _leave_out_empty(self, batch: list[RawMail], contents: dict[int, bytes]) -> None:
        for mail in batch:
            content = contents.get(mail.uid, b"?")
            if not content.strip() and len(content) < mail.size:
                del contents[mail.uid]
                self.failures.append(FetchFailure(mail.uid, NOTHING_SENT))

    def _contents(self, uids: Sequence[int], section: str) -> dict[int, bytes]:
        key = section.replace(".PEEK", "").encode()
        answers = self._fetch_each(uids, [section])
        contents = {
            uid: answer[key]
            for uid, answer in answers.items()
            if isinstance(answer.get(key), bytes)
        }
        self._account_for(set(uids) - set(contents))
        return contents

    def _fetch_each(self, uids: Sequence[int], items: list[str]) -> dict[int, dict]:
        """FETCH of many; where the server refuses, halves find the mail that it means.

        :raises ServerRefused: it refuses every one of several, so that the mails are not to blame
        """
        answers: dict[int, dict] = {}
        refused: dict[int, ServerRefused] = {}
        pending = [list(uids)] if uids else []
        while pending:
            some = pending.pop()
            try:
                answers.update(self._fetch_together(some, items))
            except ServerRefused as error:
                if TEMPORARY.search(error.server_words):
                    raise
                if len(some) == 1:
                    refused[some[0]] = error
                else:
                    middle = len(some) // 2
                    pending += [some[:middle], some[middle:]]
        if len(refused) == len(uids) > 1:
            raise refused[uids[0]]
        self.failures += [FetchFailure(uid, str(error)) for uid, error in refused.items()]
        return answers

    def _fetch_together(self, uids: list[int], items: list[str]) -> dict[int, dict]:
        self.in_flight = tuple(uids)
        with self._asking("fetch", "The mail server does not hand out a mail.") as client:
            answers = client.fetch(uids, items)
        self.in_flight = ()
        return answers

    def _account_for(self, missing: set[int]) -> None:
        """Of a mail that did not come without a word: was it removed, or is it broken there?"""
        missing = missing - {failure.uid for failure in self.failures}
        if not missing:
            return
        broken = self.present(missing)
        self.vanished |= missing - broken
        self.failures += [FetchFailure(uid, NOTHING_SENT) for uid in sorted(broken)]

    @contextmanager
    def _literals_up_to(self, size_bytes: int) -> Iterator[None]:
        connection = self._client._imap
        connection.literal_limit = size_bytes
        try:
            yield
        finally:
            del connection.literal_limit


def _facts_of(uid: int, answer: dict) -> RawMail:
    size = answer.get(b"RFC822.SIZE")
    return RawMail(
        content=b"",
        uid=uid,
        flags=tuple(text(flag) for flag in answer.get(b"FLAGS") or ()),
        received_at=_naive_utc(answer.get(b"INTERNALDATE")),
        size=size if isinstance(size, int) else 0,
    )


def _with_content(facts: RawMail, content: bytes, truncated: bool) -> RawMail:
    short = not truncated and is_shorter(content, facts.size, LEAST_SHARE)
    return replace(facts, content=content, truncated=truncated, is_short=short)


def _naive_utc(moment: datetime | None) -> datetime | None:
    try:
        return moment and moment.astimezone(timezone.utc).replace(tzinfo=None)
    except OverflowError:  # the first or the last day that Python knows
        return None
