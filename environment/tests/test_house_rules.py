"""Each rule of the house catches what it is there for, and the checkout keeps them all."""

import subprocess
from pathlib import Path

import pytest

from environment import house_rules

VIEW = """
<odoo><record id="v" model="ir.ui.view"><field name="model">{model}</field></record></odoo>
"""
TWO_MODELS = """
class One(models.Model):
    _name = "one"


class Two(models.Model):
    _inherit = "two"
"""


@pytest.fixture
def checkout(tmp_path):
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.py", "x = 1\n" * 501, "501 lines"),
        ("a.py", "def f():\n" + "    x = 1\n" * 60, "f() has 61 lines"),
        ("addon/models/a.py", TWO_MODELS, "Two is a second model"),
        ("addon/mime/a.py", "from odoo.tools import mail", "mime/ is plain Python"),
        ("addon/receivers/a.py", "from odoo import _, models", "receivers/ know no ORM"),
        ("addon/models/a.py", "import imaplib", "models know no sockets"),
        ("addon/views/mail.xml", "<odoo/>", "should be named"),
        ("addon/views/a_b_views.xml", VIEW.format(model="a.c"), "holds a view of a.c"),
        ("any.txt", house_rules.REGISTRIES[0], "names the package registry"),
    ],
)
def test_a_violation_is_found(checkout, name, text, expected):
    found = _check(checkout, name, text)
    assert any(expected in str(violation) for violation in found), found
    assert str(found[0]).startswith(f"{name}:")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("i18n/de.po", "\n" * 600),
        ("addon/tests/fixtures/big.txt", "\n" * 600),
        ("a.py", f'def f():\n    """{chr(10) * 60}"""\n'),
        ("addon/receivers/a.py", "import imaplib\nfrom odoo.tools import mail\n"),
        ("addon/mime/a.py", "import odoo_free\nfrom . import quotes\n"),
        ("addon/views/a_b_views.xml", VIEW.format(model="a.b")),
    ],
)
def test_what_is_allowed_is_not_found(checkout, name, text):
    assert _check(checkout, name, text) == []


def test_the_median_counts_everything_but_tests(checkout):
    long = "def f():\n" + "    x = 1\n" * 20
    assert _check(checkout, "tests/a.py", long) == []
    assert "half of all functions" in str(_check(checkout, "a.py", long)[0])


def test_this_checkout_keeps_the_rules():
    violations = house_rules.check(Path(__file__).parents[2])
    assert not violations, "\n".join(map(str, violations))


def _check(checkout: Path, name: str, text: str) -> list[house_rules.Violation]:
    path = checkout / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return house_rules.check(checkout)
