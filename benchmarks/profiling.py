"""Where the time goes: Python's by cProfile, PostgreSQL's by statement."""

import cProfile
import pstats
import re
import time
from collections import defaultdict
from pathlib import Path

from odoo.sql_db import Cursor

from benchmarks.steps import shares

LISTED = 40
VALUES = re.compile(r"'(?:[^']|'')*'|\b\d+\b")
LISTS = re.compile(r"\((?:\s*\(?\?(?:::\w+)?\)?,?)+\)|(?:\(\?[^()]*\),?\s*)+")


class Profile:
    """Writes ``NAME.prof``, for ``pstats``, ``NAME.sql``, the dearest statements first, and

    ``NAME.steps``: which step of our side takes how much.
    """

    def __init__(self, path: str):
        self.path = Path(path)
        self.statements = defaultdict(lambda: [0.0, 0])
        self.profile = cProfile.Profile()

    def start(self) -> "Profile":
        self.original = Cursor.execute
        noted = self._note

        def execute(cursor, *args, **kwargs):
            begin = time.perf_counter()
            try:
                return original(cursor, *args, **kwargs)
            finally:
                noted(cursor, time.perf_counter() - begin)

        original = self.original
        Cursor.execute = execute
        self.profile.enable()
        return self

    def stop(self) -> None:
        self.profile.disable()
        Cursor.execute = self.original
        self.profile.dump_stats(self.path.with_suffix(".prof"))
        steps = shares(pstats.Stats(self.profile))
        self.path.with_suffix(".steps").write_text("\n".join([*steps, ""]))
        dearest = sorted(self.statements.items(), key=lambda item: -item[1][0])[:LISTED]
        lines = [f"{1000 * s:8.1f} ms {calls:6} times  {text}" for text, (s, calls) in dearest]
        self.path.with_suffix(".sql").write_text("\n".join([*lines, ""]))

    def _note(self, cursor, seconds: float) -> None:
        text = (cursor._obj.query or b"").decode(errors="replace")[:20_000]
        text = LISTS.sub("(…)", VALUES.sub("?", " ".join(text.split())))
        total = self.statements[text[:1000]]
        total[0] += seconds
        total[1] += 1
