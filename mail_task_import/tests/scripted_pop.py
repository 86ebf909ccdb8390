"""A POP3 server that does what the book allows and Dovecot does not: no unique ids, the same one
twice, ids that change, no TOP, no QUIT that is answered.
"""

import socket

from .test_receivers_common import _Server


class PopScript(_Server):
    """Serves ``mails``, whoever signs in; what is removed is gone after QUIT.

    :ivar ids: the unique id of each; None: the server has no UIDL
    :ivar gives_headers: whether it has TOP
    :ivar answer: what is said in the place of the usual: ``answer(command) -> bytes or None``
    :ivar commands: what was asked
    """

    def __init__(self, *mails: bytes, ids: list[str] | None = None, gives_headers: bool = True):
        self.mails = list(mails)
        self.ids = ids
        self.gives_headers = gives_headers
        self.answer = lambda command: None
        self.commands: list[str] = []
        super().__init__(self._play)

    def _play(self, client: socket.socket) -> None:
        here, removed = list(self.mails), set()
        client.sendall(b"+OK ready\r\n")
        for line in client.makefile("rb"):
            command = line.decode().strip()
            self.commands.append(command)
            verb, *words = command.upper().split() or [""]
            said = self.answer(command)
            if said is None:
                numbers = [int(word) for word in words if word.isdigit()]
                said = self._said(verb, numbers, here, removed)
            client.sendall(said)
            if verb == "QUIT":
                if said.startswith(b"+OK"):
                    self._remove(removed)
                return

    def _remove(self, numbers: set[int]) -> None:
        left = [place for place in range(len(self.mails)) if place + 1 not in numbers]
        self.mails = [self.mails[place] for place in left]
        if self.ids is not None:
            self.ids = [self.ids[place] for place in left]

    def _said(self, verb: str, numbers: list[int], here: list[bytes], removed: set[int]) -> bytes:
        match verb:
            case "LIST":
                return _lines(f"{n + 1} {len(raw)}".encode() for n, raw in enumerate(here))
            case "UIDL" if self.ids is not None:
                return _lines(f"{n + 1} {name}".encode() for n, name in enumerate(self.ids))
            case "TOP" if self.gives_headers:
                return _lines([*here[numbers[0] - 1].partition(b"\r\n\r\n")[0].split(b"\r\n"), b""])
            case "RETR":
                return _lines(here[numbers[0] - 1].removesuffix(b"\r\n").split(b"\r\n"))
            case "DELE":
                removed.add(numbers[0])
                return b"+OK\r\n"
            case "USER" | "PASS" | "QUIT":
                return b"+OK\r\n"
        return b"-ERR what?\r\n"


def _lines(lines) -> bytes:
    stuffed = [b"." + line if line.startswith(b".") else line for line in lines]
    return b"\r\n".join([b"+OK", *stuffed, b".", b""])
