from . import mailing
from . import mail_compose_message
