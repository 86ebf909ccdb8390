"""What happens when the add-on comes to a database, and when it leaves."""


def post_init_hook(env):
    """Let the host's scheduler look every minute; each mailbox has its own interval."""
    cron = env.ref("mail.ir_cron_mail_gateway_action", raise_if_not_found=False)
    if cron:
        cron.write({"interval_number": 1, "interval_type": "minutes"})


def uninstall_hook(env):
    """Draft the mailboxes' servers, so that the host's own importer does not eat their mail."""
    servers = env["fetchmail.server"].with_context(active_test=False)
    servers.search([("mail_import_mailbox_ids", "!=", False)]).write(
        {"state": "draft", "active": False}
    )
