"""The verb ``clean``: nothing of ours is left but the checkout and the system's packages."""

import shutil

from . import demo, places, postgres
from .trouble import say


def clean() -> None:
    """The cache is shared: another checkout of the same user will fetch Odoo again."""
    demo.stop()
    postgres.stop()
    for folder in (places.state(), places.cache()):
        shutil.rmtree(folder)
        say(f"Deleted {folder}.")
