"""A skipped test turns the run red."""

import subprocess
import sys

TESTS = """
import unittest
import pytest

class TestSkipped(unittest.TestCase):
    def test_it(self):
        raise unittest.SkipTest("no browser")

@pytest.mark.skip(reason="too slow")
def test_marked():
    pass

@pytest.mark.xfail
def test_expected():
    assert False

def test_passes():
    pass
"""


def test_skips_are_failures_and_say_why(tmp_path):
    (tmp_path / "test_it.py").write_text(TESTS)
    plugins = ["-p", "environment.no_skips", "-p", "no:odoo", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *plugins, "--rootdir", tmp_path, tmp_path]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "1 failed, 1 passed, 1 xfailed, 1 error" in result.stdout
    assert "no browser" in result.stdout
    assert "too slow" in result.stdout
