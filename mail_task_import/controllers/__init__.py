from . import frame
from . import opt_out
