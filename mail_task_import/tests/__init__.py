"""One file a capability; ``common.py`` sets the stage. Every ``test_*.py`` beside this is run."""

from importlib import import_module
from pathlib import Path

for _path in sorted(Path(__file__).parent.glob("test_*.py")):
    import_module(f".{_path.stem}", __name__)
