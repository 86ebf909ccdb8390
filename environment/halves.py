"""Which test files are run beside which: `make test` runs two pytest processes at once.

Both should take about the same time. What takes long is listed; a file that is not, a new one too,
is in the other half.
"""

from pathlib import Path

LONG = (
    "environment/tests/test_benchmark.py",
    "environment/tests/test_fuzzing.py",
    "mail_task_import/tests/test_faults_",
    "mail_task_import/tests/test_leak_fuzz.py",
    "mail_task_import/tests/test_looks.py",
    "mail_task_import/tests/test_password_keys.py",
    "mail_task_import/tests/test_sending_broken.py",
    "mail_task_import/tests/test_uninstalling.py",
)
"""How the paths of these files begin."""


def halves(checkout: Path, folders: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """The test files below these folders, divided: those that are not listed come first."""
    files = sorted(
        str(path.relative_to(checkout))
        for folder in folders
        for path in (checkout / folder / "tests").rglob("test_*.py")
    )
    listed = [file for file in files if file.startswith(LONG)]
    return [file for file in files if file not in listed], listed
