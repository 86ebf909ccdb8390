"""What an answer is made of: its subject, recipients, signature and pictures. Plain Python."""

import re
from hashlib import sha256

from lxml import html as lxml_html
from markupsafe import Markup

from odoo.tools import is_html_empty
from odoo.tools.mail import email_split_and_format_normalize, email_split_tuples

PREFIXES = {"reply": "Re", "reply_all": "Re", "forward": "Fwd"}
SIGNATURE_CLASS = "o_mail_import_signature"
SIGNED = "data-mail-import-signed"
_MARKED = re.compile(rf' {SIGNED}="[0-9a-f]{{16}}"')
LOCAL_IMAGE = re.compile(r"""/web/image/(\d+)[^"'\s)<>]*""")
"""The address of an attachment's picture, with whatever name and token follow it."""

REMOTE_PICTURE = re.compile(r"\bdata-mail-(src|background)=")
"""Attributes under which the parser keeps what would be loaded from the internet."""


def answer_subject(written_as, subject):
    """``Re:`` or ``Fwd:`` before the subject, once."""
    prefix, subject = PREFIXES[written_as], (subject or "").strip()
    if subject.lower().startswith(f"{prefix.lower()}:"):
        return subject
    return f"{prefix}: {subject}".strip()


def people(raw, without=()):
    """``{address: formatted}`` of a header, without some addresses."""
    found = {}
    for formatted in email_split_and_format_normalize(raw or ""):
        address = formatted.rsplit("<", 1)[-1].rstrip(">").strip().lower()
        if address not in without:
            found.setdefault(address, formatted)
    return found


def names_of(raw):
    """Names, or addresses where there is none, of a header."""
    return [name or address for name, address in email_split_tuples(raw or "")]


def new_body(signature, quote):
    """An empty line to write in, the signature, the quotation."""
    return Markup("<p><br></p>%s%s") % (signature_block(signature), quote)


def signature_block(signature):
    """With a mark by which it is known later whether somebody has changed it."""
    inner = Markup("") if is_html_empty(signature) else Markup(signature)
    block = lxml_html.fragment_fromstring(str(inner), create_parent="div")
    return Markup('<div class="%s" %s="%s">%s</div>') % (
        SIGNATURE_CLASS,
        Markup(SIGNED),
        _mark(block),
        inner,
    )


def with_signature(body, signature, only_unchanged=False):
    """The body with another signature in the place of the one that is there.

    :param only_unchanged: leave one alone that somebody has changed or deleted
    """
    root = lxml_html.fragment_fromstring(str(body or ""), create_parent="div")
    blocks = root.find_class(SIGNATURE_CLASS)
    if only_unchanged:
        blocks = [block for block in blocks if block.get(SIGNED) == _mark(block)]
        if not blocks:
            return body
    if not blocks:
        return Markup(body or "") + signature_block(signature)
    block = lxml_html.fragment_fromstring(str(signature_block(signature)))
    if only_unchanged and block.get(SIGNED) == blocks[0].get(SIGNED):
        return body
    block.tail = blocks[0].tail
    blocks[0].getparent().replace(blocks[0], block)
    return _inner(root)


def _mark(block):
    """Of what it says, however an editor writes it."""
    words = "".join(re.findall(r"\w", block.text_content()))
    return sha256(words.encode(errors="replace")).hexdigest()[:16]


def without_mark(body):
    """What leaves has none."""
    return Markup(_MARKED.sub("", str(body or "")))


def with_text(body, text):
    """The body with a template's text above the signature, below what is written there already."""
    root = lxml_html.fragment_fromstring(str(body or ""), create_parent="div")
    new = lxml_html.fragment_fromstring(str(text), create_parent="div")
    blocks = [block for block in root.find_class(SIGNATURE_CLASS) if block.getparent() is root]
    above = root[: root.index(blocks[0])] if blocks else []
    if not (root.text or "").strip() and not any(map(_says_something, above)):
        for element in above:
            root.remove(element)
        above = []
    root.insert(len(above), new)
    return _inner(root)


def _says_something(element):
    shown = element.text_content().strip() or (element.tail or "").strip()
    return bool(shown) or element.tag == "img" or element.find(".//img") is not None


def _inner(root):
    whole = lxml_html.tostring(root, encoding="unicode")
    return Markup(whole[len("<div>") : -len("</div>")])


def picture_ids(body):
    """Ids of the attachments that are shown as pictures in a body."""
    return {int(match[1]) for match in LOCAL_IMAGE.finditer(str(body or ""))}


def contained(body):
    """The body for a field of the host's, where nothing else keeps it in its place.

    How high it may be is said by the style sheet of its class, which no mail can bear.
    """
    if not body:
        return Markup()
    box = Markup('<div class="o_mail_import_contained" style="overflow: auto">%s</div>')
    return box % Markup(body)


def with_pictures(body, addresses):
    """The body with other addresses for pictures: ``{attachment id: address}``."""
    return Markup(
        LOCAL_IMAGE.sub(lambda match: addresses.get(int(match[1]), match[0]), str(body or ""))
    )
