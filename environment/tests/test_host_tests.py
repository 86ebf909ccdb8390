"""What the host's tests say of our add-ons: recorded by Odoo itself, compared by us."""

import json
import os
import subprocess

import pytest

from environment import databases, host_tests, odoo_server, places
from environment.host_tests import Outcome
from environment.trouble import Trouble

PASSED, FAILED, SKIPPED = Outcome("passed"), Outcome("failed", "Traceback"), Outcome("skipped")


def test_what_passed_without_ours_has_to_pass_with_them():
    without = {"fails": PASSED, "is skipped": PASSED, "passes": PASSED, "is gone": PASSED}
    with_ours = {"fails": FAILED, "is skipped": SKIPPED, "passes": PASSED}
    assert host_tests.differences(without, with_ours) == {
        "fails": FAILED,
        "is skipped": SKIPPED,
        "is gone": Outcome("missing"),
    }


def test_what_did_not_pass_without_ours_is_no_difference():
    assert not host_tests.differences(
        {"fails": FAILED, "is skipped": SKIPPED, "starts to pass": FAILED},
        {"fails": FAILED, "is skipped": SKIPPED, "starts to pass": PASSED},
    )


def test_a_class_that_cannot_be_set_up_is_a_difference():
    found = host_tests.differences({"a": PASSED}, {"setUpClass (A)": FAILED})
    assert found == {"setUpClass (A)": FAILED, "a": Outcome("missing")}


def test_a_test_is_named_as_odoo_wants_it():
    assert host_tests.tag("odoo.addons.crm.tests.test_it.TestIt.test_one") == "/crm:TestIt.test_one"


def test_an_early_end_is_no_result(tmp_path):
    file = tmp_path / "outcomes"
    file.write_text(json.dumps({"test": "a", "outcome": "passed", "why": ""}) + "\n")
    with pytest.raises(Trouble, match="stopped before"):
        host_tests.read(file)


def test_odoo_records_its_tests(tmp_path):
    file = tmp_path / "outcomes"
    with databases.copied("recorded") as database:
        config = odoo_server.configuration(database, db_name=database, http_port=places.free_port())
        subprocess.run(
            host_tests.command(config, "/mail:TestMailUtils", file),
            cwd=places.state(),
            env={**os.environ, "PYTHONPATH": str(places.CHECKOUT)},
            check=True,
        )
        config.unlink()
    outcomes = host_tests.read(file)
    assert outcomes
    assert all(".mail.tests." in name for name in outcomes)
    assert {outcome.state for outcome in outcomes.values()} == {"passed"}
