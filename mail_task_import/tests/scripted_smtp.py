"""An SMTP server that refuses, hangs up or falls silent exactly where a test wants it to.

::

    with ScriptedSmtp() as server:
        server.does["content"] = HANG_UP    # after the final dot
        …
        (mail,) = server.contents           # what it was given, whatever it said
"""

import socketserver
import threading
import time

HANG_UP = "hang up"
SILENCE = "silence"
STEPS = ("connect", "EHLO", "MAIL", "RCPT", "DATA", "content", "QUIT")
USUAL = {"connect": "220 scripted", "DATA": "354 go on", "QUIT": "221 bye"}


class ScriptedSmtp(socketserver.ThreadingTCPServer):
    """
    :ivar does: what it does at a step: ``HANG_UP``, ``SILENCE`` or a reply; else as usual
    :ivar refusals: replies to RCPT, by address
    :ivar spam: replies to the content, by address of a recipient; such a mail is not kept
    :ivar contents: ``(recipients, bytes)`` of each mail whose final dot came
    :ivar got_content: set with each of them, before it is answered
    :ivar may_answer: cleared, it waits with the answer to a content
    """

    pause = 0
    """Seconds before each line of an answer."""
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.port = self.server_address[1]
        self.does, self.refusals, self.spam, self.contents = {}, {}, {}, []
        self.got_content, self.over = threading.Event(), threading.Event()
        self.may_answer = threading.Event()
        self.may_answer.set()

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_exc_info):
        self.over.set()
        self.shutdown()
        self.server_close()

    def recover(self):
        """Forget what it was told and given."""
        self.does.clear()
        self.refusals.clear()
        self.spam.clear()
        self.contents.clear()
        self.got_content.clear()


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        recipients = []
        goes_on = self._answer("connect")
        while goes_on:
            line = self.rfile.readline().decode().strip()
            step = line[:4].upper().replace("HELO", "EHLO")
            if not line:
                return
            if step == "MAIL":
                recipients = []
            if step == "RCPT":
                goes_on = self._answer_recipient(line, recipients)
            else:
                goes_on = self._answer(step)
            if step == "DATA" and goes_on == "354":
                goes_on = self._take_content(recipients)
            if step == "QUIT":
                return

    def _answer_recipient(self, line, recipients):
        address = line.partition("<")[2].partition(">")[0]
        refusal = self.server.refusals.get(address)
        if not refusal and "RCPT" not in self.server.does:
            recipients.append(address)
        return self._answer("RCPT", refusal)

    def _take_content(self, recipients):
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return False
            lines.append(line)
        for address in set(recipients) & set(self.server.spam):
            return self._answer("content", self.server.spam[address])
        self.server.contents.append((tuple(recipients), b"".join(lines)))
        self.server.got_content.set()
        self.server.may_answer.wait(60)
        return self._answer("content")

    def _answer(self, step, refusal=None):
        """False where the conversation is over, else the code that was said."""
        does = refusal or self.server.does.get(step) or USUAL.get(step, "250 OK")
        if does == HANG_UP:
            return False
        if does == SILENCE:
            self.server.over.wait(60)
            return False
        for line in does.splitlines():
            time.sleep(self.server.pause)
            self.wfile.write(line.encode() + b"\r\n")
        return does[:3]
