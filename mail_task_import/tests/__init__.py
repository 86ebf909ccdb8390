"""One file a capability; ``common.py`` sets the stage."""

from . import test_mime_bodies
from . import test_mime_corpus
from . import test_mime_fuzz
from . import test_mime_harmless
from . import test_mime_headers
from . import test_mime_hostile
from . import test_mime_nature
from . import test_receivers_check
from . import test_receivers_connection
from . import test_receivers_eml
from . import test_receivers_fetching
from . import test_receivers_folders
from . import test_receivers_searching
from . import test_receivers_settling
from . import test_thin_path
from . import test_importing
from . import test_linking
from . import test_fetching
from . import test_killed_importer
