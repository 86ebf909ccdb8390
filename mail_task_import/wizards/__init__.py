from . import link_to
from . import pick_folders
from . import pick_folders_line
from . import reset_position
from . import test_connection
from . import test_connection_stage
