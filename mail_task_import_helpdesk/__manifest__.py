{
    "name": "Mail Import: Helpdesk Cases",
    "summary": "Mail becomes, and is linked to, cases of the OCA helpdesk",
    "version": "19.0.1.0.0",
    "category": "Productivity/Email",
    "license": "AGPL-3",
    "author": "mail_task_import contributors",
    "depends": ["mail_task_import", "helpdesk_mgmt"],
    "auto_install": True,
    "data": [
        "data/mail_import_target_data.xml",
        "data/mail_template_data.xml",
        "views/helpdesk_ticket_views.xml",
        "views/helpdesk_ticket_actions.xml",
        "views/mail_import_distribution_views.xml",
        "views/mail_import_mailbox_views.xml",
        "views/mail_import_rule_views.xml",
    ],
}
