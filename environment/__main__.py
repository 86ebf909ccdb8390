"""``python3 -m environment VERB``: what the Makefile calls."""

import importlib
import os
import sys

from .trouble import Trouble

# Each verb's module is imported when it is asked for, so that one that is broken breaks no other.
VERBS = {
    "setup": ("setting_up", "set_up"),
    "run": ("demo", "run"),
    "stop": ("demo", "stop"),
    "shell": ("demo", "shell"),
    "clean": ("cleaning", "clean"),
    "test": ("testing", "test"),
    "test-host": ("host_tests", "test"),
    "lint": ("linting", "lint"),
    "fuzz": ("fuzzing", "fuzz"),
    "leak-fuzz": ("leak_fuzzing", "fuzz"),
    "translations": ("translating", "update"),
    "pictures": ("pictures", "take"),
    "bench": ("benchmarking", "bench"),
    "bench-rules": ("benchmarking", "bench_rules"),
    "bench-templates": ("benchmarking", "bench_templates"),
    "bench-watch": ("benchmarking", "bench_watch"),
    "bench-ui": ("benchmarking", "bench_ui"),
}


def main() -> int:
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    os.umask(0o022)  # servers that run as another user have to get at what root writes for them
    if len(sys.argv) != 2 or sys.argv[1] not in VERBS:
        print(f"Usage: python3 -m environment {'|'.join(VERBS)}", file=sys.stderr)
        return 2
    module, function = VERBS[sys.argv[1]]
    try:
        result = getattr(importlib.import_module(f".{module}", __package__), function)()
        return result if isinstance(result, int) else 0
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


sys.exit(main())
