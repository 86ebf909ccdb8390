"""Addresses that nothing is sent to by itself: robots, and whoever an administrator names.

One pattern: ``ann@firm.example`` an address, ``@firm.example`` or ``firm.example`` a domain and
those below it, ``no-reply@`` a name at any domain. ``*`` stands for any characters. RFC 3834, 2,
names the robots; never case-sensitive, linear in the length of an address.
"""

ROBOTS = (
    "mailer-daemon@", "mail-daemon@", "mdaemon@", "postmaster@", "daemon@", "root@", "nobody@",
    "bounce@", "bounces@", "bounce+*@", "bounces+*@", "bounce-*@", "bounces-*@", "*-bounce@",
    "*-bounces@", "*-owner@", "owner-*@", "*-request@", "listserv@", "majordomo@", "*noreply*@",
    "*no-reply*@", "*no_reply*@", "*no.reply*@", "*donotreply*@", "*do-not-reply*@",
    "*do_not_reply*@", "notification@", "notifications@",
)  # fmt: skip


def patterns_in(text):
    """The patterns of a setting: separated by commas, semicolons, spaces or lines."""
    for separator in ",;\n\t":
        text = text.replace(separator, " ")
    return tuple(dict.fromkeys(text.lower().split()))


def is_named(address, patterns):
    """Whether one of the patterns stands for this address."""
    address = address.lower()
    return any(_names(pattern, address) for pattern in patterns)


def _names(pattern, address):
    local, _at, domain = address.rpartition("@")
    name, at, place = pattern.rpartition("@")
    if not at or not name:
        return _fits(place, domain) or _fits(f"*.{place}", domain)
    return _fits(name, local) and (not place or _fits(place, domain))


def _fits(pattern, text):
    """``*`` is any run of characters; the earliest place of each part suffices."""
    first, *rest = pattern.split("*")
    if not rest:
        return text == pattern
    *middle, last = rest
    if not text.startswith(first):
        return False
    place = len(first)
    for part in middle:
        found = text.find(part, place)
        if found < 0:
            return False
        place = found + len(part)
    return len(text) - len(last) >= place and text.endswith(last)
