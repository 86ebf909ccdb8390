from . import archive
from . import connect_account
from . import download
from . import frame
from . import opt_out
from . import upload
