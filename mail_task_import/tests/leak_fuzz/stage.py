"""Who is there: people of every role, mailboxes of every kind, and records to begin with."""

from odoo.tests import new_test_user

from ..test_access_common import AccessCase
from .rules import Box, Rules, Thing

ASKED = (
    "mail.import.email", "mail.import.entry", "mail.import.link", "mail.import.location",
    "mail.import.quarantine", "mail.import.remote.change", "mail.import.mailbox",
    "mail.import.folder", "mail.import.link.to", "mail.import.address",
    "mail.import.conversion",
    "mail.import.rule", "mail.import.rehearsal", "mail.import.rehearsal.example",
    "mail.import.remember.address", "mail.import.audit", "mail.import.audit.line", "mail.message",
    "mail.mail", "mail.notification", "mail.tracking.value", "mail.scheduled.message",
    "mail.followers", "mail.activity", "mail.message.translation", "mail.link.preview",
    "mail.import.move.to", "mail.push", "mail.import.filter", "mail.import.filter.catch",
    "mail.import.filter.trial", "mail.import.rule.test", "mail.import.rule.undo.line",
    "mail.import.address.state", "mail.import.bounce.report", "mail.import.account",
    "mail.import.upload", "mail.import.forwarding", "mail.template", "mail.blacklist",
    "ir.attachment", "bus.bus", "crm.lead", "project.task", "res.partner", "res.users",
)  # fmt: skip
"""Models that everybody is asked about."""
SENDING = {"smtp_host": "127.0.0.1", "smtp_security": "none"}


class LeakStage(AccessCase):
    """``people``: name of a role -> user; None is the visitor without a login."""

    questions_asked = 0

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first_ids = {model: cls._last_id(model) for model in ASKED if model in cls.env}
        cls.clerk = cls._employee("clerk", "clerk@company.example", "base.group_user")
        cls.other_portal = new_test_user(
            cls.env,
            login="portal_bob",
            groups="base.group_portal",
            name="Bob",
            email="bob@customer.example",
        )
        cls.people = {
            "agent": cls.agent,
            "clerk": cls.clerk,
            "boss": cls.boss,
            "reader": cls.reader,
            "colleague": cls.colleague,
            "administrator": cls.administrator,
            "mailadmin": cls.mail_administrator,
            "guest": cls.portal,
            "other_guest": cls.other_portal,
            None: cls.stranger,
        }
        cls.name_of_address = {u.email_normalized: n for n, u in cls.people.items() if n}
        cls.name_of_partner = {u.partner_id.id: n for n, u in cls.people.items()}
        cls.env.ref("base.group_allow_export").user_ids |= cls.clerk
        cls.env.ref("base.group_partner_manager").user_ids |= cls.agent
        cls.env.ref("mail_task_import.group_delete_for_everyone").user_ids |= cls.agent
        cls._make_boxes()
        cls._make_records()
        cls.env.flush_all()

    @classmethod
    def _last_id(cls, model):
        cls.env.cr.execute(f'SELECT COALESCE(MAX(id), 0) FROM "{cls.env[model]._table}"')
        return cls.env.cr.fetchone()[0]

    @classmethod
    def _make_boxes(cls):
        cls.team = cls.env["crm.team"].create({"name": "Field"})
        cls.env["crm.team.member"].create({"crm_team_id": cls.team.id, "user_id": cls.clerk.id})
        cls.sales = cls._mailbox(
            "group",
            "sales@company.example",
            team_ids=cls.team.ids,
            default_target_id=cls.env.ref("mail_task_import.target_lead").id,
        )
        cls.closed = cls._mailbox(
            "group", "hr@company.example", member_ids=cls.boss.ids, visibility="owner"
        )
        cls.own = cls._mailbox(
            "personal", "agent@company.example", owner_id=cls.agent.id, visibility="linked"
        )
        cls.boxes = {
            "support": cls.support,
            "sales": cls.sales,
            "closed": cls.closed,
            "private": cls.private,
            "own": cls.own,
        }
        for mailbox in cls.boxes.values():
            mailbox.write(SENDING)

    @classmethod
    def _make_records(cls):
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        customers = {"ann": cls.customer, "guest": cls.portal.partner_id}
        customers["dan"] = cls.env["res.partner"].create(
            {"name": "Dan", "email": "dan@customer.example"}
        )
        Task, Lead = cls.env["project.task"], cls.env["crm.lead"]
        cls.records = {
            f"task{number}": Task.create(
                {
                    "name": f"Task {number}",
                    "project_id": cls.project.id,
                    "partner_id": partner.id,
                    "user_ids": False,
                }
            )
            for number, partner in enumerate((cls.customer, cls.portal.partner_id))
        }
        for number, partner in enumerate((cls.customer, customers["dan"], customers["dan"])):
            cls.records[f"lead{number}"] = Lead.create(
                {
                    "name": f"Lead {number}",
                    "type": "lead" if number else "opportunity",
                    "partner_id": partner.id,
                    "user_id": False,
                }
            )
        cls.records |= {f"partner_{name}": partner for name, partner in customers.items()}
        cls.records["task1"].message_subscribe(cls.portal.partner_id.ids)

    # -- the same as the rules know it ------------------------------------------------------------

    def new_rules(self):
        employees = [n for n, u in self.people.items() if n and u._is_internal()]
        rules = Rules(employees, ["guest", "other_guest"])
        rules.boxes = {
            "support": Box("support", "group", "linked", {"agent"}, "support@company.example"),
            "sales": Box("sales", "group", "linked", {"clerk"}, "sales@company.example"),
            "closed": Box("closed", "group", "owner", {"boss"}, "hr@company.example"),
            "private": Box("private", "personal", "owner", {"boss"}, "boss@company.example"),
            "own": Box("own", "personal", "linked", {"agent"}, "agent@company.example"),
        }
        for name, record in self.records.items():
            thing = new_thing(rules, name, record._name)
            followers = record.message_partner_ids.mapped("email_normalized")
            thing.outside |= set(filter(None, followers))
        rules.things["task1"].guests.add("guest")
        rules.things["partner_guest"].guests.add("guest")
        return rules


def new_thing(rules, name, model):
    """A record that employees with the rights to its model read; of a partner, all of them."""
    readers = {
        "project.task": {"agent", "reader"},
        "crm.lead": {"agent"},
        "res.partner": set(rules.employees),
    }[model]
    rules.things[name] = Thing(name, set(readers))
    return rules.things[name]
