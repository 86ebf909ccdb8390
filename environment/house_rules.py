"""Rules of the house that no linter knows: how long things may be, and who may import what.

``check()`` returns what breaks them. A rule is a function from a file to its violations;
``RULES`` lists them all.
"""

import ast
import fnmatch
import re
import statistics
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from . import commands

LONGEST_FILE = 500  # lines
LONGEST_FUNCTION = 60  # lines
MEDIAN_FUNCTION = 10  # lines; the median has to be below

# Not written by hand, or not for reading: translations, mails as they came, material of tests.
MAY_BE_LONG = ("*.po", "*.pot", "*.eml", "*/fixtures/*", "*/static/lib/*", "*.svg", "LICENSE*")

VIEW_NAME = re.compile(r"[a-z][a-z0-9_]*_(views|menus|templates|actions)\.xml")

# Joined here, or this file would break its own rule.
REGISTRIES = tuple(
    ".".join(words)
    for words in (
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("deb", "debian", "org"),
        ("snapshot", "debian", "org"),
    )
)


class Violation(NamedTuple):
    """Prints as ``path:line: what is wrong``, which editors jump to."""

    path: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


class Forbidden(NamedTuple):
    """Modules (by prefix) that files of some folders do not import, and why."""

    folders: tuple[str, ...]
    modules: tuple[str, ...]
    why: str


FORBIDDEN = (
    Forbidden(("mime",), ("odoo",), "mime/ is plain Python"),
    Forbidden(
        ("receivers",),
        ("odoo.models", "odoo.fields", "odoo.api"),
        "receivers/ know no ORM",
    ),
    Forbidden(
        ("models",),
        ("socket", "imaplib", "imapclient", "poplib", "smtplib", "ssl"),
        "models know no sockets; receivers/ do",
    ),
)


class SourceFile:
    """A tracked text file, read once."""

    def __init__(self, root: Path, path: Path):
        self.path = path
        self.text = (root / path).read_text(errors="replace")

    def matches(self, patterns: Iterable[str]) -> bool:
        return any(fnmatch.fnmatch(f"/{self.path}", f"*/{pattern}") for pattern in patterns)

    def is_in(self, folder: str) -> bool:
        return folder in self.path.parts[:-1]

    @property
    def is_python(self) -> bool:
        return self.path.suffix == ".py"

    @property
    def is_test(self) -> bool:
        return self.is_in("tests")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, str(self.path))

    def violation(self, line: int, text: str) -> Violation:
        return Violation(self.path, line, text)

    def functions(self) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, int]]:
        """Each function with its length in lines, its docstring not counted."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node, _length(node)


def check(root: Path) -> list[Violation]:
    """:returns: everything in the checkout that breaks a rule, in the order of the files"""
    files = [SourceFile(root, path) for path in _files(root)]
    found = [violation for file in files for rule in RULES for violation in rule(file)]
    return [*found, *_median(files)]


def _files(root: Path) -> list[Path]:
    """What git tracks or would track."""
    words = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    # A checkout that belongs to somebody else is no danger: git only lists its files.
    git = [commands.find("git"), "-c", f"safe.directory={root}", "-C", root]
    names = commands.run([*git, *words], "Listing the checkout's files").split("\0")
    paths = sorted({Path(name) for name in names if name})
    return [path for path in paths if (root / path).is_file() and _is_text(root / path)]


def _is_text(path: Path) -> bool:
    with path.open("rb") as file:
        return b"\0" not in file.read(8192)


# ---- rules: a file in, its violations out --------------------------------------------------------


def file_is_short(file: SourceFile) -> Iterator[Violation]:
    length = file.text.count("\n")
    if length > LONGEST_FILE and not file.matches(MAY_BE_LONG):
        yield file.violation(1, f"{length} lines; {LONGEST_FILE} are the most a file may have")


def functions_are_short(file: SourceFile) -> Iterator[Violation]:
    if file.is_python:
        for node, length in file.functions():
            if length > LONGEST_FUNCTION:
                text = f"{node.name}() has {length} lines; {LONGEST_FUNCTION} are the most"
                yield file.violation(node.lineno, text)


def one_model_a_file(file: SourceFile) -> Iterator[Violation]:
    if not file.is_python or not (file.is_in("models") or file.is_in("wizards")):
        return
    models = [node for node in file.tree.body if isinstance(node, ast.ClassDef) and _is_model(node)]
    for node in models[1:]:
        yield file.violation(node.lineno, f"{node.name} is a second model; one model, one file")


def imports_keep_apart(file: SourceFile) -> Iterator[Violation]:
    if not file.is_python or file.is_test:
        return
    for forbidden in FORBIDDEN:
        if any(file.is_in(folder) for folder in forbidden.folders):
            for line, module in _imports(file.tree):
                if any(f"{module}.".startswith(f"{name}.") for name in forbidden.modules):
                    yield file.violation(line, f"imports {module}: {forbidden.why}")


def views_are_named_after_models(file: SourceFile) -> Iterator[Violation]:
    if file.path.suffix != ".xml" or not (file.is_in("views") or file.is_in("wizards")):
        return
    if not VIEW_NAME.fullmatch(file.path.name):
        yield file.violation(1, "should be named <model>_views.xml (_menus, _templates, _actions)")
    elif file.path.name.endswith("_views.xml"):
        expected = file.path.name.removesuffix("_views.xml")
        for model in _viewed_models(file.text):
            if model.replace(".", "_") != expected:
                yield file.violation(1, f"holds a view of {model}, which has a file of its own")


def no_registry_is_named(file: SourceFile) -> Iterator[Violation]:
    for number, line in enumerate(file.text.splitlines(), start=1):
        for host in REGISTRIES:
            if host in line:
                yield file.violation(number, f"names the package registry {host}")


RULES: tuple[Callable[[SourceFile], Iterator[Violation]], ...] = (
    file_is_short,
    functions_are_short,
    one_model_a_file,
    imports_keep_apart,
    views_are_named_after_models,
    no_registry_is_named,
)


def _median(files: list[SourceFile]) -> list[Violation]:
    """Tests are left out: a test is allowed to tell a story."""
    lengths = [
        length
        for file in files
        if file.is_python and not file.is_test
        for _, length in file.functions()
    ]
    median = statistics.median(lengths) if lengths else 0
    if median < MEDIAN_FUNCTION:
        return []
    text = f"half of all functions have {median:.0f} lines or more, not below {MEDIAN_FUNCTION}"
    return [Violation(Path("."), 1, text)]


# ---- reading code --------------------------------------------------------------------------------


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[0]
    documented = ast.get_docstring(node, clean=False) is not None
    docstring = first.end_lineno - first.lineno + 1 if documented else 0
    return node.end_lineno - node.lineno + 1 - docstring


def _is_model(node: ast.ClassDef) -> bool:
    assigned = {
        target.id
        for statement in node.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    return bool(assigned & {"_name", "_inherit"})


def _imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and full name of whatever is imported absolutely."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def _viewed_models(text: str) -> set[str]:
    records = ElementTree.fromstring(text.encode()).iter("record")
    views = [record for record in records if record.get("model") == "ir.ui.view"]
    names = [view.find("field[@name='model']") for view in views]
    return {field.text.strip() for field in names if field is not None and field.text}
