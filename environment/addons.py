"""Which add-ons are ours, and which of the host's and the OCA's they are tried with."""

import hashlib
from pathlib import Path

from . import odoo_source, places

OURS = (
    "mail_task_import",
    "mail_task_import_helpdesk",
    "mail_task_import_mass_mailing",
    "mail_task_import_queue",
)

# What ours extend, and what they must get along with. The host's automatic add-ons come by
# themselves.
HOST = (
    "crm",
    "google_gmail",
    "helpdesk_mgmt",
    "mass_mailing",
    "microsoft_outlook",
    "project",
    "queue_job",
)

# Do not change what an installed database holds.
NOT_INSTALLED = {"tests", "static", "readme", "__pycache__"}


def ours() -> list[str]:
    """Those of our add-ons that are in this checkout."""
    return [name for name in OURS if (places.CHECKOUT / name / "__manifest__.py").is_file()]


def search_path() -> list[Path]:
    """Odoo's ``addons_path``; a folder without a single add-on is not allowed on it."""
    found = [places.CHECKOUT] if ours() else []
    return [*found, *odoo_source.addons_paths()] or [odoo_source.path() / "odoo" / "addons"]


def digest() -> str:
    """Changes when something of ours changes that is written into a database by installing it."""
    result = hashlib.sha256()
    for name in ours():
        for file in sorted((places.CHECKOUT / name).rglob("*")):
            part = file.relative_to(places.CHECKOUT)
            if file.is_file() and not NOT_INSTALLED.intersection(part.parts):
                result.update(f"{part}\0".encode() + file.read_bytes())
    return result.hexdigest()[:12]
