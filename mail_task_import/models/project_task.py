"""Tasks: the e-mails that belong to them."""

from odoo import models


class ProjectTask(models.Model):
    _name = "project.task"
    _inherit = ["project.task", "mail.import.record.mixin"]
