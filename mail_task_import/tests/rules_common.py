"""People who make import rules, and the rules that they make."""


class RuleMakers:
    """Beside ``MailImportCase`` or a child of it: *owner* administers mail and all projects."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.task = cls.env.ref("mail_task_import.target_task")
        cls.lead = cls.env.ref("mail_task_import.target_lead")
        cls.owner = cls._employee(
            "owner",
            "owner@company.example",
            "mail_task_import.group_administrator,project.group_project_manager,"
            "sales_team.group_sale_manager",
        )

    @classmethod
    def _manager_of(cls, project):
        """Who manages the project and reads the group mailbox, and administers nothing."""
        manager = cls._employee("manager", "manager@company.example", "project.group_project_user")
        project.user_id = manager
        cls.support.member_ids |= manager
        return manager

    @classmethod
    def _own_project(cls):
        """Another project than that of the case, without anybody's mail."""
        return cls.env["project.project"].create({"name": "Own", "privacy_visibility": "employees"})

    def rule(self, name="Complaints", by=None, **values):
        """A rule of the owner's, or of somebody else's, made as they make it."""
        return (
            self.env["mail.import.rule"]
            .with_user(by or self.owner)
            .create(
                {
                    "name": name,
                    "mailbox_ids": self.support.ids,
                    "target_id": self.task.id,
                    "project_id": self.project.id if "target_id" not in values else False,
                    **values,
                }
            )
        )
