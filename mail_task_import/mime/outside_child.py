"""The process that ``outside`` starts: one mail comes in, one parsed mail goes out.

It limits itself before it looks at the mail, and knows no Odoo, so that it starts quickly.
"""

import importlib.util
import pickle
import sys
from pathlib import Path

PACKAGE = "mail_import_mime"


def main():
    job = pickle.load(sys.stdin.buffer)
    limit(*job["limits"])
    sys.path[:] = job["path"]
    parse = getattr(load("parser"), job["function"])
    parsed = parse(job["raw"], **job["options"])
    pickle.dump(parsed, sys.stdout.buffer, protocol=pickle.HIGHEST_PROTOCOL)


def limit(cpu_seconds, memory):
    """End this process where it needs more; systems without limits have the parent's clock."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def load(module):
    """A module of ``mime`` under a name of its own: the add-on around it would need Odoo."""
    folder = Path(__file__).parent
    spec = importlib.util.spec_from_file_location(
        PACKAGE, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    sys.modules[PACKAGE] = importlib.util.module_from_spec(spec)
    return importlib.import_module(f"{PACKAGE}.{module}")


if __name__ == "__main__":
    main()
