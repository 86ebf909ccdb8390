"""A pytest plugin: a test that is skipped has failed.

Odoo skips its browser tests without a word when the browser or a Python package is missing; a green
run would then say nothing about the user interface.
"""

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = (
            f"{item.nodeid} was skipped, which counts as a failure: {call.excinfo.value}"
        )
    return report
