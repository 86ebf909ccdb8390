from . import empties
from . import empties_line
