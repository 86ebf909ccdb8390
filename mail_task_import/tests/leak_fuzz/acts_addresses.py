"""Further addresses of contacts: remembered for them, and forgotten."""

from .acts_records import PARTNERS, own_copy, records_of

STRANGERS = (
    "zed@nowhere.example",
    "evil@stranger.example",
    "bob@customer.example",
    "home@elsewhere.example",
)


CONTACTS = ("partner_ann", "partner_dan", "partner_guest")


def _contacts(h):
    return [name for name in records_of(h, PARTNERS) if name in CONTACTS]


def remember_sender(h):
    """*Remember this address for…* on an e-mail."""
    found, name = own_copy(h), h.pick(_contacts(h))
    if not found or not name:
        return None
    mail, copy, user = found
    entry = h.as_user(h.entries[copy], user)
    dialog = entry.env["mail.import.remember.address"].browse(
        entry.action_remember_address()["res_id"]
    )
    dialog.partner_id = h.records[name].with_env(entry.env)
    dialog.action_remember()
    if h.records[name].sudo().email_normalized != mail.sender:
        h.further[mail.sender] = name
    return f"{user} remembers {mail.sender} for {name}"


def add_address(h):
    """In the form of a contact; a further address is read by employees who see the contact."""
    name = h.pick(_contacts(h))
    if not name:
        return None
    address = h.rules.mail(h.words("x"), spoken=True)
    address.links = {h.rules.things[name]}
    written = f"{address.words['x']}@elsewhere.example"
    contact = h.as_user(h.records[name], "agent")
    contact.mail_import_address_ids = [(0, 0, {"address": written})]
    h.further[written] = name
    return f"agent adds {written} to {name}"


def forget_address(h):
    address = h.pick(sorted(h.further))
    if not address:
        return None
    row = h.env["mail.import.address"].search([("address", "=", address)])
    h.as_user(row, "agent").unlink()
    name = h.further.pop(address)
    return f"agent forgets that {address} is of {name}"


ADDRESS_ACTS = {
    "remember_sender": (remember_sender, 2),
    "add_address": (add_address, 1),
    "forget_address": (forget_address, 1),
}
