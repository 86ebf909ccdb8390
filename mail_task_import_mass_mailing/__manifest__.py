{
    "name": "Mail Import: Mass Mailings",
    "summary": "Placeholders of templates, and a way to opt out, in every mass mailing",
    "version": "19.0.1.0.0",
    "category": "Productivity/Email",
    "license": "LGPL-3",
    "author": "mail_task_import contributors",
    "depends": ["mail_task_import", "mass_mailing"],
    "auto_install": True,
    "data": [
        "security/ir.model.access.csv",
        "security/mail_import_empties_rules.xml",
        "data/mailing_templates.xml",
        "views/mail_import_empties_views.xml",
        "views/mailing_mailing_views.xml",
        "views/mail_import_address_state_menus.xml",
    ],
}
