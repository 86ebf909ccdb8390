"""A pytest plugin: how many tests passed and failed, as JSON in the file that a variable names."""

import json
import os
from collections import Counter
from pathlib import Path

FILE = "MAIL_IMPORT_OUTCOMES"


def pytest_terminal_summary(terminalreporter):
    counts = {
        name: len(terminalreporter.stats.get(name, [])) for name in ("passed", "failed", "error")
    }
    Path(os.environ[FILE]).write_text(json.dumps(counts))


def read(file: Path) -> Counter:
    """Nothing where pytest did not come to its end."""
    return Counter(json.loads(file.read_text()) if file.exists() else {})
