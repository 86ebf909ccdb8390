"""A copied database is a real one with our add-ons, and leaves nothing behind."""

from environment import addons, databases, odoo_server, postgres

INSTALLED = "SELECT name FROM ir_module_module WHERE state = 'installed'"


def test_a_copy_has_the_add_ons_and_goes_away():
    with databases.copied("environment") as name:
        installed = postgres.query(INSTALLED, name).split()
        assert {*addons.HOST, *addons.ours()} <= set(installed)
        assert (odoo_server.data_folder() / "filestore" / name).is_dir()
    assert name not in postgres.databases()
    assert not (odoo_server.data_folder() / "filestore" / name).exists()
