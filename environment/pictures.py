"""The verb ``pictures``: the demo's main screens, for people to look at. Nothing compares them."""

import os
import subprocess
from pathlib import Path

from . import demo, places, virtualenv
from .trouble import say

LANGUAGE = """
lang = env["res.lang"]._activate_lang("ru_RU")
modules = env["ir.module.module"].search([("state", "=", "installed")])
modules._update_translations(["ru_RU"], overwrite=True)
env.cr.commit()
"""


def take() -> int:
    """Starts the demo where it is not running. Returns 0 where all pictures were taken."""
    demo.run()
    say("Loading the Russian of all screens.")
    demo.run_in_shell(LANGUAGE)
    folder = Path(os.environ.get("ARGS") or places.state() / "pictures").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    say("Taking pictures.")
    command = [virtualenv.python(), "-m", f"{__package__}.picture_taking", demo.address(), folder]
    code = subprocess.run(command, cwd=places.CHECKOUT, check=False).returncode
    say(f"Pictures are in {folder}.")
    return code
