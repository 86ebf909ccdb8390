"""What a mail server means by its refusal (RFC 3463, and the words of those that know no codes).

A status says it where it is a telling one; the words come first, since Yandex says "No such user"
under the code of a policy, and Exchange under that of a route.
"""

import re

HARD, SOFT, REFUSED = "hard", "soft", "refused"
MAX_WORDS = 200

_CLASS = re.compile(r"^\D{0,20}?\b([45])\d\d\b")
_SENDER = re.compile(r"\bsender\b|from address|return[- ]path|reverse[- ]path|\bmail from\b", re.I)
_FULL = re.compile(
    r"(?:mailbox|inbox|storage|disk)(?: is| space is| has)? ?(?:over)?full|over ?quota|"
    r"quota (?:is )?exceeded|exceed\w* .{0,40}quota|out of (?:storage|space)|not enough space|"
    r"insufficient (?:system )?storage|mailbox size limit|transfer quota",
    re.I,
)
_NO_MAILBOX = re.compile(
    r"(?:no such|unknown|invalid|non-?existent|bad) (?:\w+ )?(?:user|mailbox|recipient|address|"
    r"account|local part)|(?:user|mailbox|recipient|account|address|alias)(?: name)?(?: \S{1,200})?"
    r" (?:is )?(?:unknown|not found|unavailable|does(?: not|n't) exist|not exist)|no mailbox here|"
    r"does(?: not|n't) have an? \S+ account|account that you tried to reach does not exist|"
    r"recip(?:ient)?notfound|recipient address rejected: access denied|unrouteable address|"
    r"is not a (?:known|valid) (?:user|mailbox|recipient)|undeliverable address|no such person",
    re.I,
)
_USER_UNKNOWN = re.compile(r"\bno such\b|unknown|does(?: not|n't) exist|not found", re.I)
_DISABLED = re.compile(
    r"(?:mailbox|account|user|recipient|address)\b.{0,60}\b(?:disabled|inactive|suspended|"
    r"deactivated|not active|no longer|closed|blocked by its owner)",
    re.I,
)
_NO_DOMAIN = re.compile(
    r"host(?: or domain)? (?:name )?(?:not found|unknown)|(?:domain|host) (?:name )?"
    r"(?:does(?: not|n't) exist|not found)|couldn't find any host|non-?existent (?:domain|host)|"
    r"does not accept mail|null ?mx|unknown (?:domain|host)|no such (?:domain|host)|nxdomain",
    re.I,
)
_SPAM = re.compile(r"\bspam\b|block ?list|black ?list|\bdmarc\b|\bdkim\b|\bspf\b|\bpolicy\b", re.I)
_TEMPORARY = re.compile(r"try again|temporar|timed? ?out|greylist|deferred|refused to talk", re.I)
_OWN_TROUBLE = re.compile(
    r"relay(?:ing)?\b(?! recipient table)|authenticat|log(?:ged)? ?in\b|\bhelo\b|client host|"
    r"greylist|too (?:many|fast|much)|rate[- ]?limit|\blimit\b|(?:daily|hourly|sending|outbound) |"
    r"system storage|system resources|not permitted|not allowed|not authori[sz]ed|permission",
    re.I,
)
_REPLY = re.compile(r"^([45])\d\d(?:[ -]+([45])\.(\d{1,3}\.\d{1,3}))?(?!\d)")
_ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:]{1,128}@[^\s<>()\[\]\"',;:]{1,255}")
_LINK = re.compile(r"\b(?:https?://|www\.)\S{1,500}", re.I)

_BY_STATUS = {
    "1.2": (HARD, "no_domain"),
    "1.10": (HARD, "no_domain"),
    "1.7": (REFUSED, "sender"),
    "1.8": (REFUSED, "sender"),
    "2.2": (SOFT, "full"),
    "2.3": (REFUSED, "size"),
    "3.4": (REFUSED, "size"),
    "4.4": (HARD, "no_domain"),
    "4.310": (HARD, "no_domain"),
}
_MAILBOX = {"1.0", "1.1", "1.3", "1.6"}
_BY_SUBJECT = {"6": (REFUSED, "content"), "7": (REFUSED, "policy")}


def judge(status, words):
    """``(kind, reason)`` of a mail that was given up.

    :param status: an enhanced code such as "5.1.1", or ""
    :param words: what the server said
    :return: "hard" (nobody is there), "soft" (somebody may be there another time) or "refused"
        (this mail was not wanted, which says nothing of the address); and why: "no_mailbox",
        "disabled", "no_domain", "full", "size", "content", "policy", "sender", "unreached" or ""
    """
    words = words[:1000]
    kind, _mark, detail = status.partition(".")
    kind = kind or next(iter(_CLASS.findall(words)), "")
    if detail == "2.2" or _FULL.search(words):
        return SOFT, "full"
    if kind == "4" or (not kind and _TEMPORARY.search(words)):
        return SOFT, "unreached" if detail.startswith("4.") or not detail else ""
    if detail in ("1.7", "1.8") or _SENDER.search(words):
        return REFUSED, "sender"
    return _by_words(words) or _by_status(detail) or _by_suspicion(words) or (SOFT, "")


def judge_refusal(reply):
    """``(kind, reason)`` of a recipient that our own mail server did not take, or None where that
    says nothing of the address: the server's own trouble, or what it has against us.

    :param reply: its answer to RCPT TO, code first
    """
    words = _ADDRESS.sub("…", reply[:1000])
    match = _REPLY.match(words)
    if not match or _OWN_TROUBLE.search(words) or _SENDER.search(words):
        return None
    detail = match[3] or ""
    subject = detail.partition(".")[0]
    kind, reason = judge(f"{match[2] or match[1]}.{detail}".strip("."), words)
    if kind == HARD:
        is_of_address = subject != "7" or bool(_USER_UNKNOWN.search(words))
    else:
        is_full = not subject and reason == "full"
        is_of_address = kind == SOFT and (subject in ("1", "2") or is_full)
    return (kind, reason) if is_of_address else None


def _by_words(words):
    if _NO_MAILBOX.search(words):
        return HARD, "no_mailbox"
    if _NO_DOMAIN.search(words):
        return HARD, "no_domain"
    if _DISABLED.search(words):
        return HARD, "disabled"
    return None


def _by_status(detail):
    if detail in _MAILBOX:
        return HARD, "no_mailbox"
    return _BY_STATUS.get(detail) or _BY_SUBJECT.get(detail.partition(".")[0])


def _by_suspicion(words):
    return (REFUSED, "policy") if _SPAM.search(words) else None


def without_others(words, address):
    """What the server said in one line, without anybody else's address, and without links."""
    words = _LINK.sub("…", words[:1000])
    words = _ADDRESS.sub(lambda found: found[0] if _is(found[0], address) else "…", words)
    return " ".join(words.split())[:MAX_WORDS]


def _is(found, address):
    return found.strip(".").lower() == address.lower()
