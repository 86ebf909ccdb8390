"""Odoo in a process of the benchmark's own."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config


@contextmanager
def odoo_environment(task: dict) -> Iterator[api.Environment]:
    """An environment of the superuser on the task's database."""
    config.parse_config(["-c", task["config"], "-d", task["database"], "--log-level", "warn"])
    with closing(Registry(task["database"]).cursor()) as cr:
        yield api.Environment(cr, SUPERUSER_ID, {})
