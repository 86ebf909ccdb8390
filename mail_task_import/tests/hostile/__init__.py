"""Mails written to stop, blind or fool an importer: ``CASES``. Plain Python, without Odoo too."""

from . import files, structure, words
from .builders import CASES
