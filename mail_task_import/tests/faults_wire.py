"""Lines to a real mail server that break, and mail servers that misbehave, as the test says."""

import contextlib
import socket
import threading
import time

from environment.places import HOST


class CuttingLine:
    """Passes bytes on, of TLS too; each connection is cut after so many in one direction.

    :ivar budget: called for each connection: ``(direction, bytes)`` with "down" (from the server)
        or "up", or None where the connection lasts
    """

    def __init__(self, port):
        self._upstream = port
        self.budget = lambda: None
        self.cuts = 0
        self._listening = socket.create_server((HOST, 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _address = self._listening.accept()
                server = socket.create_connection((HOST, self._upstream))
                direction, limit = self.budget() or ("down", None)
                for source, target, here in ((client, server, "up"), (server, client, "down")):
                    threading.Thread(
                        target=self._pass_on,
                        args=(source, target, limit if here == direction else None),
                        daemon=True,
                    ).start()

    def _pass_on(self, source, target, limit):
        with contextlib.suppress(OSError):
            while data := source.recv(4096):
                target.sendall(data if limit is None else data[:limit])
                if limit is not None:
                    limit -= len(data)
                    if limit <= 0:
                        self.cuts += 1
                        break
        for side in (source, target):
            with contextlib.suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def server_that_never_accepts():
    """Its queue is full, so that the kernel leaves whoever connects without an answer."""
    with contextlib.ExitStack() as stack:
        listening = stack.enter_context(socket.socket())
        listening.bind((HOST, 0))
        listening.listen(0)
        for _waiting in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listening.getsockname())
        time.sleep(0.05)
        yield listening.getsockname()[1]
