"""What 19.0.1.0.0 did not ask for, or did not tell apart."""

from odoo.addons.mail_task_import.mime.digest import key_without_id, moment_of
from odoo.addons.mail_task_import.mime.trace import fields_of

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
    """Providers are the administrator's own once they are there: data files do not change them."""
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
    _tell_mails_apart(cr)


def _tell_mails_apart(cr):
    """Keys of mail with neither Message-ID nor a Date that is right: 19.0.1.0.0 left the first hop
    out of them. Only those that come out as they are stored are made anew; others stay.
    """
    cr.execute(
        """SELECT id FROM mail_import_email
            WHERE coalesce(message_id, '') = '' AND length(key) = 64"""
    )
    for (id_,) in cr.fetchall():
        _tell_apart(cr, id_)


def _tell_apart(cr, id_):
    cr.execute(
        """SELECT email.key, email.digest, coalesce(email.subject, ''), email.headers,
                  coalesce(nullif(email.from_email, ''), email.from_name, ''),
                  coalesce(email.body_text, ''),
                  (SELECT entry.trace_headers FROM mail_import_entry AS entry
                    WHERE entry.email_id = email.id AND entry.trace_headers != ''
                    ORDER BY entry.id LIMIT 1)
             FROM mail_import_email AS email WHERE email.id = %s""",
        [id_],
    )
    key, digest, subject, headers, sender, text, trace = cr.fetchone()
    date = next(iter(_values(headers, "date")), "")
    hop = next(reversed(_values(trace, "received")), "")
    if key != key_without_id(sender, " ".join(date.split()), subject, text):
        return
    new = key_without_id(sender, moment_of(date, hop), subject, text)
    cr.execute(
        """UPDATE mail_import_email SET key = %s
            WHERE id = %s
              AND NOT EXISTS (SELECT FROM mail_import_email WHERE key = %s AND digest = %s)""",
        [new, id_, new, digest],
    )


def _values(headers, name):
    return [value for each, value in fields_of(headers or "") if each.lower() == name]
