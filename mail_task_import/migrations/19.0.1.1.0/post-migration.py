"""Providers are the administrator's own once they are there: data files do not change them."""

POP_HOSTS = {
    "provider_gmail": "pop.gmail.com",
    "provider_outlook": "outlook.office365.com",
    "provider_yandex": "pop.yandex.ru",
    "provider_mailru": "pop.mail.ru",
    "provider_yahoo": "pop.mail.yahoo.com",
    "provider_gmx": "pop.gmx.net",
    "provider_qq": "pop.qq.com",
    "provider_netease": "pop.163.com",
    "provider_fastmail": "pop.fastmail.com",
}


def migrate(cr, version):
    """Say where their POP3 servers are, which 19.0.1.0.0 did not ask."""
    for name, host in POP_HOSTS.items():
        cr.execute(
            """UPDATE mail_import_provider
                  SET pop_host = %s
                 FROM ir_model_data AS data
                WHERE data.module = 'mail_task_import' AND data.name = %s
                  AND data.model = 'mail.import.provider' AND data.res_id = mail_import_provider.id
                  AND pop_host IS NULL""",
            [host, name],
        )
