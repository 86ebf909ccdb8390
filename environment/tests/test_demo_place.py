"""The demo is where it was, unless somebody names other ports."""

import pytest

from environment import demo_place, places


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setattr(demo_place, "folder", lambda: tmp_path)
    for name in places.PORTS:
        # set first, or what the code under test sets would outlive the test
        monkeypatch.setenv(name, "")
    return monkeypatch


def test_a_new_demo_has_the_usual_ports(place):
    assert demo_place.keep_ports() == {}
    assert demo_place.ports()["ODOO_PORT"] == places.PORTS["ODOO_PORT"]


def test_the_demo_keeps_its_ports(place):
    place.setenv("ODOO_PORT", "9000")
    demo_place.note_ports()
    place.setenv("ODOO_PORT", "")
    assert demo_place.keep_ports() == demo_place.ports()
    assert demo_place.ports()["ODOO_PORT"] == 9000


def test_a_named_port_moves_the_demo(place):
    demo_place.note_ports()
    place.setenv("SMTP_PORT", "9025")
    had = demo_place.keep_ports()
    assert had["SMTP_PORT"] == places.PORTS["SMTP_PORT"]
    assert demo_place.ports() == {**had, "SMTP_PORT": 9025}
