"""Further ways in and out: mail that comes back or is opted out of, files that somebody brings,
requests to forward, connected accounts, and templates for their owner only.
"""

import time

from ...receivers.tokens import Tokens
from ..bounce_reports import POSTFIX, build_report
from .acts_records import PARTNERS, own_copy, records_of
from .rules import CANARY, Box


def _owners_alone(h, user, kinds):
    """Words of something that one user alone sees."""
    words = h.words(kinds)
    box = Box(f"of {user}", "personal", "owner", {user} - {None})
    h.rules.copy(h.rules.mail({}), box, words).opened = False
    return words


def _sent(h):
    """A mail that left here by a mailbox, with one of its addresses."""
    left = [m for m in h.rules.mails if m in h.emails and h.emails[m].exists()]
    emails = [(m, h.emails[m].sudo()) for m in left if not m.draft and not m.spoken]
    found = h.pick((m, e) for m, e in emails if e.direction == "outgoing" and e.key)
    address = found and h.pick(sorted(found[1]._recipient_addresses()))
    return (*found, address) if address else None


def write_to_somebody(h):
    """To an address that nobody else need know, or to a contact."""
    box = h.boxes[h.pick(sorted(h.boxes))]
    user = h.reader_of(box)
    if not user:
        return None
    written = h.rules.mail(h.words("bx"), author=user, draft=True, written=True)
    hidden = h.words("c")["c"]
    h.rules.confided(hidden, user)
    Entry = h.as_user(h.env["mail.import.entry"], user)
    draft = Entry.env["mail.import.email"].browse(Entry.action_compose()["res_id"])
    to = h.pick((f"{written.words['x']}@nowhere.example", "ann@customer.example"))
    draft.write(
        {
            "mailbox_id": h.case.boxes[box.name].id,
            "to": to,
            "bcc": f"{hidden}@nowhere.example",
            "subject": "Chairs",
            "body": f"<p>{written.words['b']}</p>",
        }
    )
    h.rules.copy(written, box, {})
    h.emails[written] = draft.sudo()
    h.entries[written.copies[0]] = draft.sudo().entry_ids
    draft.action_send()
    written.draft, written.recipients = False, {to}
    return f"{user} writes {written.number} from {box.name} to {to}"


def come_back(h):
    """What the server said is for readers of the mail that came back, and of the report."""
    found = _sent(h)
    if not found:
        return None
    mail, email, address = found
    box = h.boxes[h.pick(sorted(h.boxes))]
    report = h.rules.mail(h.words("sbf"))
    words = report.words["b"]
    h.rules.of_word[words].append(mail)
    for word in CANARY.findall(address):
        h.rules.of_word[word].append(report)
    raw = build_report(
        f"Message-ID: {email.message_id}",
        address=address,
        words=f"550 5.1.1 no such user {words}",
        form=POSTFIX,
        number=report.number,
        to=box.address,
    )
    outcome = h.deliver(report, box, raw)
    return f"mail {mail.number} comes back from {address} into {box.name} -> {outcome.state}"


def come_back_and_write(h):
    return f"{write_to_somebody(h)}; {come_back(h)}"


def works_again(h):
    name = h.pick(records_of(h, PARTNERS, "agent"))
    if not name:
        return None
    h.as_user(h.records[name], "agent").action_mail_import_works_again()
    return f"agent says that {name} works again"


def opt_out(h):
    found = _sent(h)
    if not found:
        return None
    address = found[2]
    # the host lists those who opted out to administrators: that is what the link says it does
    h.rules.shared |= {w for w in found[0].words.values() if w in address}
    h.env["mail.import.opt.out"]._opt_out("all", address, int(time.time()))
    return f"{address} opts out by the link in mail {found[0].number}"


def bring_file(h):
    """Until it is imported, what somebody brings is theirs; its name stays theirs."""
    box = h.boxes[h.pick(sorted(h.boxes))]
    user = h.reader_of(box)
    if not user:
        return None
    words = _owners_alone(h, user, "sbanfp")
    raw = h.build(words, "zed@nowhere.example", box.address, message_id="<file@mail.example>")
    Upload = h.as_user(h.env["mail.import.upload"], user)
    upload = Upload.create({"mailbox_id": h.case.boxes[box.name].id})
    file = Upload.env["ir.attachment"].create(
        {"name": f"{words['p']}.eml", "raw": raw, "res_model": Upload._name, "res_id": 0}
    )
    upload.attachment_ids = [(6, 0, file.ids)]
    if h.chance.random() < 0.7:
        upload.action_import()
    return f"{user} brings a file into {box.name}"


def ask_to_forward(h):
    """Its link and code are for readers of the mailbox that asked."""
    found = own_copy(h)
    if not found:
        return None
    copy = found[1]
    Forwarding = h.env["mail.import.forwarding"].sudo()
    if Forwarding.search([("entry_id", "=", h.entries[copy].id)]):
        return None
    words = h.words("gkl")
    h.rules.copy(h.rules.mail({}), copy.box, words).opened = False
    Forwarding.create(
        {
            "mailbox_id": h.case.boxes[copy.box.name].id,
            "entry_id": h.entries[copy].id,
            "provider": "Gmail",
            "account": f"{words['g']}@gmail.com",
            "code": words["k"],
            "link": f"https://mail-settings.google.com/mail/vf-{words['l']}",
        }
    )
    return f"a request to forward into {copy.box.name}"


def connect_account(h):
    """Nobody reads the tokens, the owner of the mailbox included."""
    name = h.pick(sorted(h.boxes))
    words = _owners_alone(h, None, "kl")
    Account = h.env["mail.import.account"].sudo()
    mailbox = h.case.boxes[name]
    account = Account.search([("mailbox_id", "=", mailbox.id)]) or Account.create(
        {"mailbox_id": mailbox.id, "kind": "gmail"}
    )
    account._keep__(Tokens(words["k"], words["l"], 3600))
    return f"an account is connected to {name}"


def keep_template(h):
    """For its owner only, or taken back from the others."""
    user = h.pick(sorted({"agent", "boss", "clerk"} - h.archived))
    words = _owners_alone(h, user, "sbnap")
    template = (
        h.env["mail.template"]
        .sudo()
        .create(
            {
                "name": words["p"],
                "subject": words["s"],
                "body_html": f"<p>{words['b']}</p>",
                "model_id": h.env["ir.model"]._get_id(PARTNERS),
                "user_id": h.case.people[user].id,
                "mail_import_personal": True,
            }
        )
    )
    template.attachment_ids = [
        (0, 0, {"name": f"{words['n']}.txt", "raw": words["a"].encode(),
                "res_model": template._name, "res_id": template.id})
    ]  # fmt: skip
    return f"{user} has a template"


WAYS_ACTS = {
    "come_back": (come_back, 2),
    "come_back_and_write": (come_back_and_write, 3),
    "works_again": (works_again, 1),
    "opt_out": (opt_out, 1),
    "bring_file": (bring_file, 2),
    "ask_to_forward": (ask_to_forward, 1),
    "connect_account": (connect_account, 1),
    "keep_template": (keep_template, 2),
}
