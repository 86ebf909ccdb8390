"""Distributions: to whom the records that mail makes are assigned, in turn or by what they have.

Here is what is set up, and who is there to take something. How one is chosen is in
``distribution_assigning.py``, whose turn it is in ``distribution_turn.py``, and what the form says
of it in ``distribution_next.py``.
"""

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..access import as_seen_by


class MailImportDistribution(models.Model):
    _name = "mail.import.distribution"
    _inherit = [
        "mail.import.given.values.mixin",
        "mail.import.text.mixin",
        "mail.import.moved.mixin",
        "mail.import.remembered.mixin",
    ]
    _description = "Distribution"
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    way = fields.Selection(
        [
            ("direct", "Always the same person"),
            ("round_robin", "In turn"),
            ("least_busy", "Whoever has least to do"),
        ],
        "Assigned To",
        required=True,
        default="round_robin",
    )
    people = fields.Selection(
        [
            ("users", "Chosen people"),
            ("team", "The members of a sales team"),
            ("project", "The team of a project"),
        ],
        required=True,
        default=lambda self: self._usual_people(),
        help="The team of a project is its manager, and the employees who follow it.",
    )
    user_id = fields.Many2one(
        "res.users", "Person", ondelete="restrict", domain="[('share', '=', False)]"
    )
    user_ids = fields.Many2many(
        "res.users",
        "mail_import_distribution_user_rel",
        string="Chosen People",
        domain="[('share', '=', False)]",
    )
    team_id = fields.Many2one("crm.team", "Sales Team", ondelete="restrict")
    project_id = fields.Many2one("project.project", "Project", ondelete="restrict")
    capacity = fields.Integer(
        "At Most",
        help="Open records that one person may have; who has so many gets no more. 0: any number.",
    )

    _capacity_not_negative = models.Constraint(
        "CHECK (capacity >= 0)", "A number of records cannot be negative."
    )

    @api.model
    @tools.ormcache()
    def _any(self):
        """Whether anything is distributed at all."""
        # sudo: settings, whoever asks first
        return bool(self.sudo().search_count([], limit=1))

    @api.model
    def _usual_people(self):
        """Whoever is no administrator sets up those of an own project or team."""
        if self.env["mail.import.mailbox"]._is_administrator():
            return "users"
        leads = self.env["crm.team"].search_count([("user_id", "=", self.env.uid)], limit=1)
        return "team" if leads else "project"

    # -- what may not be ------------------------------------------------------------------------

    @api.constrains("way", "people", "user_id", "user_ids", "team_id", "project_id")
    def _check_people(self):
        for distribution in self:
            if distribution.way == "direct":
                distribution._check_person()
            elif not distribution[distribution._people_field()]:
                raise ValidationError(
                    self.env._("Choose the people among whom “%s” distributes.", distribution.name)
                )

    def _check_person(self):
        # sudo: whoever manages a team chooses one of its people
        person, people = self.sudo().user_id, self.sudo()._everybody()
        if not person:
            raise ValidationError(self.env._("Choose the person to whom “%s” assigns.", self.name))
        if self.people != "users" and person not in people:
            raise ValidationError(
                self.env._(
                    "%(person)s is not one of the people of “%(distribution)s”.",
                    person=person.name,
                    distribution=self.name,
                )
            )

    @api.model
    def _check_company_of(self, records):
        """What names a distribution, mailboxes and rules, is of the same company."""
        for record in records:
            distribution = record.distribution_id
            if distribution and distribution.company_id != record.company_id:
                raise ValidationError(self.env._("“%s” is of another company.", distribution.name))

    def _people_field(self):
        """The field that holds, or leads to, the people."""
        return {"users": "user_ids", "team": "team_id", "project": "project_id"}[self.people]

    # -- who is there ---------------------------------------------------------------------------

    def _everybody(self):
        """All people of the distribution, whether or not they are there. Called as superuser."""
        self.ensure_one()
        if self.people == "team":
            members = self.team_id.crm_team_member_ids
            return members.filtered(lambda member: not member.assignment_optout).user_id
        if self.people == "project":
            project = self.project_id
            return project.user_id | project.message_partner_ids.user_ids
        return self.user_ids

    def _candidates(self):
        """People to choose among: whom something can be assigned to, in a fixed order."""
        users = self.user_id if self.way == "direct" else self._everybody()
        # in a form they are not those that are saved
        return users._origin.filtered(
            lambda user: user.active and not user.share and self.company_id in user.company_ids
        ).sorted("id")

    @api.model
    def _away(self, users):
        """Those who are out of office, or on leave where time off is managed here."""
        away = users.filtered("is_out_of_office")
        employees = self.env.get("hr.employee")
        if employees is not None and "is_absent" in employees._fields:
            on_leave = employees.search([("user_id", "in", users.ids), ("is_absent", "=", True)])
            away |= on_leave.user_id & users
        return away

    @api.model
    def _barred(self, users, target, values):
        """Those who may not change such a record, or not see the project that it is in."""
        Model = self.env[target.model]
        barred = users.filtered(lambda user: not Model.with_user(user).has_access("write"))
        project = self._project_of(target, values)
        if project and project.privacy_visibility in ("followers", "invited_users"):
            barred |= users.filtered(lambda user: not as_seen_by(project, user).has_access("read"))
        return barred

    @api.model
    def _project_of(self, target, values):
        project = values.get("project_id")
        is_project = "project_id" in self.env[target.model]._fields and isinstance(project, int)
        return self.env["project.project"].browse(project if is_project else ())

    @api.model
    def _open_counts(self, target, users):
        """``{user id: number of open records}`` of a link target."""
        rows = (
            self.env[target.model]
            .with_context(active_test=False)
            ._read_group(
                target._records() & target._open() & Domain(target.assignee_field, "in", users.ids),
                [target.assignee_field],
                ["__count"],
            )
        )
        return {user.id: count for user, count in rows}
