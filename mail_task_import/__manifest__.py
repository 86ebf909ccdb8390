{
    "name": "Mail Import: Group and Personal Mailboxes",
    "summary": "Watch mailboxes over IMAP; each mail is stored once and linked to its record",
    "version": "19.0.1.0.0",
    "category": "Productivity/Email",
    "license": "LGPL-3",
    "author": "mail_task_import contributors",
    "application": True,
    "depends": ["mail", "crm", "project"],
    "external_dependencies": {
        "python": ["imapclient", "authres", "charset-normalizer", "tnefparse"]
    },
    "data": [
        "security/mail_import_groups.xml",
        "security/ir.model.access.csv",
        "security/mail_import_rules.xml",
        "data/mail_import_folder_data.xml",
        "data/mail_import_provider_data.xml",
        "data/mail_import_target_data.xml",
    ],
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
