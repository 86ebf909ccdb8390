"""What people do with links and records: link, take back, merge, move, delete, follow."""

LEADS, TASKS, PARTNERS = "crm.lead", "project.task", "res.partner"
ADDRESSES = {"partner_ann": "ann@customer.example", "partner_dan": "dan@customer.example"}


def records_of(h, model, user=None):
    """Names of records that are there, and that the user reads by the rules."""
    return sorted(
        name
        for name, record in h.records.items()
        if record._name == model
        and name in h.rules.things
        and record.exists()
        and (user is None or h.rules.things[name].read_by(user))
    )


def readable_records(h, user):
    return [n for model in (LEADS, TASKS, PARTNERS) for n in records_of(h, model, user)]


def own_copy(h):
    """Some mail, its copy, and somebody who reads that mailbox."""
    found = h.pick(h.living_copies())
    user = found and h.reader_of(found[1].box)
    return (*found, user) if user else None


# -- links ----------------------------------------------------------------------------------------


def link_by_hand(h):
    found = own_copy(h)
    if not found:
        return None
    mail, copy, user = found
    name = h.pick(readable_records(h, user))
    if not name:
        return None
    return link_to(h, mail, copy, user, name, other_than_offered=h.chance.random() > 0.7)


def link_to(h, mail, copy, user, name, other_than_offered=False):
    """In the dialog *Link to…*, which suggests whether the mail is published."""
    entry = h.as_user(h.entries[copy], user)
    dialog = entry.env["mail.import.link.to"].browse(entry.action_link_to()["res_id"])
    publish = dialog.publish != other_than_offered
    record = h.records[name]
    dialog.write({"record": f"{record._name},{record.id}", "publish": publish})
    dialog.action_link()
    if publish:
        mail.shown_at.add(h.rules.things[name])
    return f"{user} links mail {mail.number} to {name}, publish={publish}"


def _link_of(h, suggested):
    found = own_copy(h)
    if not found:
        return None
    mail, _copy, user = found
    link = h.pick(h.emails[mail].sudo().link_ids.filtered(lambda link: link.suggested == suggested))
    return (mail, h.as_user(link, user), user) if link else None


def change_link(h):
    found = _link_of(h, suggested=False)
    if not found:
        return None
    mail, link, user = found
    name = h.pick(("action_unlink_email", "action_withdraw", "action_publish"))
    place = next(
        (n for n, r in h.records.items() if (r._name, r.id) == (link.res_model, link.res_id)), None
    )
    thing = h.rules.things.get(place)
    getattr(link, name)()
    if thing and name == "action_publish":
        mail.shown_at.add(thing)
    elif thing:
        mail.shown_at.discard(thing)
    return f"{user} {name} mail {mail.number} at {place}"


def answer_proposal(h):
    found = _link_of(h, suggested=True)
    if not found:
        return None
    mail, link, user = found
    name = h.pick(("action_accept", "action_accept", "action_dismiss"))
    getattr(link, name)()
    return f"{user} {name} of mail {mail.number}"


def throw_away(h):
    found = own_copy(h)
    if not found:
        return None
    mail, copy, user = found
    entry = h.as_user(h.entries[copy], user)
    entry.action_trash()
    if h.chance.random() < 0.7:
        entry.action_delete()
        h.rules.thrown_away(mail, copy)
        return f"{user} deletes mail {mail.number} of {copy.box.name}"
    return f"{user} trashes mail {mail.number} of {copy.box.name}"


# -- records --------------------------------------------------------------------------------------


def merge_leads(h):
    names = records_of(h, LEADS, "agent")
    if len(names) < 2:
        return None
    pair = h.chance.sample(names, 2)
    leads = h.records[pair[0]] | h.records[pair[1]]
    kept = h.as_user(leads, "agent").merge_opportunity(auto_unlink=True).sudo()
    gone = next(name for name in pair if h.records[name].id != kept.id)
    (left,) = set(pair) - {gone}
    h.rules.merged(h.rules.things[gone], h.rules.things[left])
    return f"agent merges {gone} into {left}"


def convert_lead(h):
    name = h.pick(records_of(h, LEADS, "agent"))
    if not name:
        return None
    h.as_user(h.records[name], "agent").convert_opportunity(h.case.customer)
    h.rules.things[name].outside.add("ann@customer.example")
    return f"agent converts {name}"


def merge_partners(h):
    names = [n for n in records_of(h, PARTNERS) if n in ("partner_ann", "partner_dan")]
    if len(names) < 2:
        return None
    kept, gone = h.chance.sample(names, 2)
    both = h.records[kept] | h.records[gone]
    h.env["base.partner.merge.automatic.wizard"]._merge(both.ids, h.records[kept])
    h.rules.merged(h.rules.things[gone], h.rules.things[kept])
    addresses = set(ADDRESSES.values())
    for thing in h.rules.things.values():
        if thing.outside & addresses:
            thing.outside |= addresses
    h.further = {address: kept if of == gone else of for address, of in h.further.items()}
    h.further[ADDRESSES[gone]] = kept
    return f"{gone} is merged into {kept}"


def move_thread(h):
    names = records_of(h, TASKS, "agent")
    if len(names) < 2:
        return None
    source, target = h.chance.sample(names, 2)
    there, here = h.rules.things[target], h.rules.things[source]
    h.records[source].message_change_thread(h.records[target])
    for mail in h.rules.mails:
        for places in (mail.links, mail.public_at, mail.shown_at):
            if here in places:
                places.discard(here)
                places.add(there)
    return f"the chatter of {source} moves to {target}"


def delete_record(h):
    name = h.pick(records_of(h, LEADS) + records_of(h, TASKS))
    if not name:
        return None
    h.records[name].sudo().unlink()
    h.rules.lost(h.rules.things[name])
    return f"{name} is deleted"


def archive_record(h):
    name = h.pick(records_of(h, LEADS, "agent") + records_of(h, TASKS, "agent"))
    if not name:
        return None
    h.as_user(h.records[name], "agent").action_archive()
    return f"{name} is archived"


def move_company(h):
    """Into a company where nobody is."""
    name = h.pick(records_of(h, LEADS) + [n for n in records_of(h, PARTNERS) if n == "partner_dan"])
    if not name:
        return None
    record = h.records[name].sudo()
    if record._name == LEADS:
        record.write({"team_id": False, "user_id": False, "partner_id": False})
    record.company_id = h.case.elsewhere
    h.rules.things[name].shut = True
    return f"{name} moves to another company"


def follow(h):
    """A colleague or an outsider is invited to a task."""
    name = h.pick(records_of(h, TASKS, "agent"))
    who = h.pick(("colleague", "other_guest", "guest", "dan"))
    if not name:
        return None
    thing = h.rules.things[name]
    if who == "dan":
        partner = h.records["partner_dan"].exists()
        thing.outside.add("dan@customer.example")
    else:
        partner = h.case.people[who].partner_id
        (thing.readers if who == "colleague" else thing.guests).add(who)
    h.as_user(h.records[name], "agent").message_subscribe(partner.ids)
    return f"agent lets {who} follow {name}"


def unfollow(h):
    name = h.pick(records_of(h, TASKS, "agent"))
    who = h.pick(("colleague", "other_guest", "guest"))
    if not name:
        return None
    thing, partner = h.rules.things[name], h.case.people[who].partner_id
    h.as_user(h.records[name], "agent").message_unsubscribe(partner.ids)
    thing.readers.discard(who)
    thing.guests.discard(who)
    return f"{who} follows {name} no longer"


RECORD_ACTS = {
    "link_by_hand": (link_by_hand, 5),
    "change_link": (change_link, 3),
    "answer_proposal": (answer_proposal, 2),
    "throw_away": (throw_away, 3),
    "merge_leads": (merge_leads, 2),
    "convert_lead": (convert_lead, 1),
    "merge_partners": (merge_partners, 1),
    "move_thread": (move_thread, 1),
    "delete_record": (delete_record, 1),
    "archive_record": (archive_record, 1),
    "move_company": (move_company, 1),
    "follow": (follow, 3),
    "unfollow": (unfollow, 1),
}
