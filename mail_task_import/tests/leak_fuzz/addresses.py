"""Asking over HTTP: files by their addresses, frames, and what the web client fetches."""

from odoo.tools import mute_logger

from .questions import words_in
from .scenario import Leak

AT_ONCE = 6
"""Records of a model that are asked for by address."""
LISTS = ("/mail/inbox/messages", "/mail/history/messages", "/mail/starred/messages")


def addresses_of(history, chance):
    """Addresses that somebody who knows the numbers would try."""
    for model, templates in {
        "ir.attachment": (
            "/web/content/{0}",
            "/web/image/{0}",
            "/web/content/{0}?download=1",
            f"/web/content/{{0}}?access_token={_token_of_another(history, chance)}",
        ),
        "mail.import.entry": (
            "/mail_import/entry/{0}/body",
            "/mail_import/entry/{0}/original.eml",
            "/web/content/mail.import.entry/{0}/original",
        ),
        "mail.import.link": ("/mail_import/link/{0}/body",),
        "mail.import.email": ("/mail_import/email/{0}/body",),
        "mail.import.quarantine": ("/web/content/mail.import.quarantine/{0}/raw",),
    }.items():
        ids = history.fresh_ids.get(model) or history.env[model].sudo().search([]).ids
        for id_ in chance.sample(ids, min(len(ids), AT_ONCE)):
            yield chance.choice(templates).format(id_)
    for record in history.records.values():
        if record._name == "project.task" and record.exists():
            yield f"/my/tasks/{record.id}"


def _token_of_another(history, chance):
    """Of a file that somebody shared: it opens no other one."""
    shared = history.env["ir.attachment"].sudo().search([("access_token", "!=", False)])
    return chance.choice(shared).access_token if shared else "none"


def ask_by_address(case, history, chance, names):
    leaks = []
    for name in names:
        if name in history.archived:
            continue
        history.env.flush_all()
        login = name and case.people[name].login
        case.authenticate(login, login)
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"):
            for where, answer in _answers(case, history, chance, name):
                leaks += [
                    Leak(name, word, f"address {where}")
                    for word in words_in(answer)
                    if not history.rules.may(name, word)
                ]
    return leaks


def ask_by_shared_address(case, history):
    """A visitor who has the address of a task that somebody shared: what is public in it."""
    leaks = []
    case.authenticate(None, None)
    for name, record in history.records.items():
        if record._name != "project.task" or not record.exists():
            continue
        thing = history.rules.things[name]
        for where, answer in _shared(case, record):
            leaks += [
                Leak("who has the address", word, f"{where} of {name}")
                for word in words_in(answer)
                if not history.rules.by_address(thing, word) and not history.rules.may(None, word)
            ]
    return leaks


def _shared(case, record):
    token = record.sudo()._portal_ensure_token()
    record.env.flush_all()
    place = {"thread_model": record._name, "thread_id": record.id}
    yield "page", _content(case, f"/my/tasks/{record.id}?access_token={token}")
    for url in ("/portal/chatter_init", "/mail/chatter_fetch"):
        yield url, _fetched(case, url, **place, token=token)
    for file in record.sudo().message_ids.attachment_ids:
        yield f"file by {token}", _content(case, f"/web/content/{file.id}?access_token={token}")


def _content(case, url):
    case.questions_asked += 1
    answer = case.url_open(url, allow_redirects=False)
    return answer.content if answer.status_code == 200 else None


def _answers(case, history, chance, name):
    for url in addresses_of(history, chance):
        yield url, _content(case, url)
    for record in history.records.values():
        if record.exists():
            yield (
                f"chatter of {record}",
                _fetched(
                    case,
                    "/mail/thread/messages",
                    thread_model=record._name,
                    thread_id=record.id,
                ),
            )
    if name:
        for url in LISTS:
            yield url, _fetched(case, url)
        yield "/mail/data", _fetched(case, "/mail/data", fetch_params=["init_messaging"])


def _fetched(case, url, **params):
    case.questions_asked += 1
    answer = case.url_open(url, json={"jsonrpc": "2.0", "method": "call", "params": params})
    return answer.json().get("result") if answer.status_code == 200 else None
