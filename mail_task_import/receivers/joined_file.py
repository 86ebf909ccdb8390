"""Several files that are read as one, as they were cut up on their way here."""

import io
from collections.abc import Callable, Sequence
from typing import BinaryIO


class JoinedFile(io.RawIOBase):
    """At most one of them is open. Read it through ``io.BufferedReader``.

    :param parts: bytes of each, and what opens it
    """

    def __init__(self, parts: Sequence[tuple[int, Callable[[], BinaryIO]]]):
        super().__init__()
        self._parts = parts
        self._at = 0
        self._open: tuple[int, BinaryIO] | None = None

    def readable(self):
        return True

    def seekable(self):
        return True

    def tell(self):
        return self._at

    def seek(self, offset, whence=io.SEEK_SET):
        begin = (0, self._at, sum(size for size, _opener in self._parts))[whence]
        self._at = max(0, begin + offset)
        return self._at

    def readinto(self, buffer):
        place = self._place()
        if place is None:
            return 0
        number, offset, size = place
        file = self._part(number)
        file.seek(offset)
        content = file.read(min(len(buffer), size - offset))
        if not content:
            raise EOFError("A part of the file is shorter than it was")
        buffer[: len(content)] = content
        self._at += len(content)
        return len(content)

    def close(self):
        if self._open:
            self._open[1].close()
            self._open = None
        super().close()

    def _place(self):
        """Which part comes next, and from where on; None at the end."""
        begin = 0
        for number, (size, _opener) in enumerate(self._parts):
            if begin <= self._at < begin + size:
                return number, self._at - begin, size
            begin += size
        return None

    def _part(self, number):
        if self._open and self._open[0] != number:
            self._open[1].close()
            self._open = None
        if not self._open:
            self._open = number, self._parts[number][1]()
        return self._open[1]
