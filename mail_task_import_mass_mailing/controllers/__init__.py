from . import mailing_page
