{
    "name": "Mail Import: Job Queue",
    "summary": "Each mailbox is fetched by a job of OCA's queue, on any of many servers",
    "version": "19.0.1.0.0",
    "category": "Productivity/Email",
    "license": "LGPL-3",
    "author": "mail_task_import contributors",
    "depends": ["mail_task_import", "queue_job"],
    "auto_install": True,
    "data": [
        "data/ir_config_parameter_data.xml",
        "data/queue_job_data.xml",
    ],
}
