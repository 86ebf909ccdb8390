"""Reads each hostile mail in a process of its own, without Odoo: ``{name: [CPU seconds, bytes]}``.

The bytes are the most memory it had, above what it had before and above the mail's own size.
"""

import json
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]


def measure(step):
    """CPU seconds and peak memory (bytes) of a forked process that does only this."""
    child = os.fork()
    if not child:
        try:
            step()
        except BaseException:
            os._exit(1)
        os._exit(0)
    _pid, status, used = os.wait4(child, 0)
    if status:
        return [-1, -1]
    return [used.ru_utime + used.ru_stime, used.ru_maxrss * 1024]


def main():
    from hostile import CASES
    from mime.parser import parse

    parse(b"Content-Type: text/html\n\n<p>x")  # what is loaded once is no mail's own
    _seconds, idle = measure(lambda: None)
    found = {}
    for name, (raw, _expected) in CASES.items():
        seconds, peak = measure(lambda raw=raw: parse(raw))
        found[name] = [seconds, peak - idle - len(raw)]
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
