"""The set-up that every verb begins with: system programs, Odoo, virtual environment.

Safe to call at any time and by two processes at once; takes a fraction of a second when all is
there.
"""

from pathlib import Path

from . import odoo_source, places, system_packages, virtualenv
from .locks import locked


def set_up() -> Path:
    """Returns the Python of the virtual environment, in which ``import odoo`` works."""
    with locked(places.cache() / "lock"):
        system_packages.ensure()
        odoo_source.ensure()
        return virtualenv.ensure()
