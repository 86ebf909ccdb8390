"""One file a capability; ``common.py`` sets the stage. Every ``test_*.py`` beside this is run.

The stage (mail servers, browser) is the checkout's own. An Odoo that runs other add-ons' tests
where this one is installed without its checkout finds none here, instead of failing.
"""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

if find_spec("environment"):
    for _path in sorted(Path(__file__).parent.glob("test_*.py")):
        import_module(f".{_path.stem}", __name__)
