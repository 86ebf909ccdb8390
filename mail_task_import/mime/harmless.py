"""HTML of a mail -> HTML that can do no harm where it is shown.

Allowed elements, attributes and styles are listed; all else goes. Nothing is loaded from the
network unasked, nothing runs, nothing leaves the frame it is shown in. Whether the HTML can be
given to the parser at all is decided by ``bounds``; styles are read by ``styles``.
"""

import re
from functools import lru_cache

from lxml import etree

from .bounds import cut, is_hostile, strip_tags
from .charsets import clean
from .images import extract_images
from .quoted_html import mark_quotations
from .styles import harmless_style
from .subjects import ANSWER
from .text import LINK_REL, text_to_html, tree_to_text

KEPT_TAGS = frozenset(
    str.split(
        "a abbr acronym address article aside b bdi bdo big blockquote br caption center cite "
        "code col colgroup dd del details dfn div dl dt em figcaption figure font footer h1 h2 h3 "
        "h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q s samp section small span "
        "strike strong sub summary sup table tbody td tfoot th thead tr tt u ul var wbr"
    )
)
# Gone with all that is in them; of others that are not kept the content stays.
DROPPED_TAGS = frozenset(
    str.split("base frame head input link math meta param script style svg template title xml")
)
# Gone themselves, their text stays on a line of its own.
BLOCK_TAGS = frozenset(
    str.split(
        "body dialog dir fieldset form frameset hgroup html legend listing menu noframes search"
    )
)
# A parser reads what is in them as text: one that shows tags, or HTML for programs without frames.
LITERAL_TAGS = frozenset(("plaintext", "xmp"))
RAW_TAGS = frozenset(("iframe", "noembed", "noframes"))
KEPT_ATTRIBUTES = frozenset(
    str.split(
        "align alt bgcolor border cellpadding cellspacing cite color colspan dir face headers "
        "height hspace lang nowrap noshade reversed rowspan rules scope size span start summary "
        "title type valign value vspace width"
    )
)
# Attributes whose address would be loaded when the mail is shown: its sender would learn of it.
LOADED_ATTRIBUTES = {
    "src": "data-mail-src",
    "background": "data-mail-background",
    "lowsrc": "data-mail-src",
}
LINK_SCHEMES = ("http", "https", "mailto", "tel", "sms", "ftp", "xmpp", "callto", "webcal")
# Classes and ids by which quotations and signatures are told; others would meet the host's styles.
_KEPT_CLASS = re.compile(
    r"(?:gmail_|moz-|yahoo_|protonmail_|zmail_|tutanota_|apple-|Apple-|Mso|WordSection"
    r"|OutlookMessageHeader)[\w-]{0,60}"
)
_KEPT_ID = re.compile(
    r"(?:divRplyFwdMsg|appendonsend|Signature|isForwardContent|isReplyContent"
    r"|mail-editor-reference-message-container|OLK_SRC_BODY_SECTION)"
)
MAX_REMEMBERED = 200
# libxml2 drops what follows the end of the document, and closes these elements at the end of those
# that they are in: they have no content (HTML 13.1.2), what follows is none of theirs.
_UNENDED = re.compile(
    r"</html\b[^<>]*>(?!\s*\Z)|<(/?)(?:bgsound|command|embed|keygen|source|track)(?=[\s/>])",
    re.IGNORECASE,
)
_LENGTH = re.compile(r"\d{1,4}(?:\.\d{1,4})?(?:px|pt|em|%)?|\*")
_SIZES = ("width", "height", "border", "hspace", "vspace", "size")
_INVISIBLE = re.compile("[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]{0,30}):", re.IGNORECASE)
_RUNS = re.compile(r"\s*(?:javascript|vbscript|data|file|blob):", re.IGNORECASE)
_FILES = re.compile(r"(?:https?:)?//", re.IGNORECASE)
# libxml2 writes comments within attributes as they are, and the host's sanitiser cuts tags by
# regular expressions before it parses them: the rest of such an attribute would become elements.
_NO_TAGS = str.maketrans("<>", "‹›")
_NO_TAGS_IN_ADDRESS = str.maketrans({"<": "%3C", ">": "%3E", '"': "%22"})


def make_harmless(html, kind=ANSWER):
    """Return (harmless HTML, its text, images that were written into it, whether it was hostile).

    What is quoted in it is marked, as the kind of mail has it (``subjects``).

    HTML that is built to keep a parser busy is shown as text.
    """
    # cleaned first: "<", a NUL and a name are no tag when they are counted, and one when parsed
    html, images = extract_images(clean(html))
    html, was_cut = cut(_UNENDED.sub(_end, html))
    if is_hostile(html):
        return (*_as_text(html), images, True)
    root = _parse(html)
    if root is None:
        return "", "", images, False
    root = _clean_tree(root)
    text = clean(tree_to_text(root))
    mark_quotations(root, text, kind)
    shown = clean(etree.tostring(root, encoding="unicode", method="html", with_tail=False))
    return shown + was_cut, text, images, False


def _end(match):
    """Go on after the end of the document; write ``param`` for elements that libxml2 never ends."""
    return "\n" if match[1] is None else f"<{match[1]}param"


def _as_text(html):
    text = strip_tags(html)
    return text_to_html(text), text


def _parse(html):
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, recover=True
    )
    try:
        return etree.fromstring(html.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):
        return None


def _clean_tree(root):
    etree.strip_elements(
        root, etree.Comment, etree.ProcessingInstruction, *DROPPED_TAGS, with_tail=False
    )
    for element in root.iter(etree.Element):
        if element.tag not in KEPT_TAGS:
            _rename(element)
        if element.attrib:
            _clean_attributes(element)
    root.tag = "div"
    return root[0] if len(root) == 1 and not root.text and not root[0].tail else root


def _rename(element):
    tag = element.tag
    if tag in RAW_TAGS and element.text and "<" in element.text:
        element.text = strip_tags(element.text)
    element.tag = "div" if tag in BLOCK_TAGS else "pre" if tag in LITERAL_TAGS else "span"


def _clean_attributes(element):
    # by items(): lxml cannot look up a name that begins with a brace
    attributes = element.attrib.items()
    kept = []
    for name, value in attributes:
        harmless = _remembered if len(value) <= MAX_REMEMBERED else _harmless_attribute
        kept.extend(harmless(element.tag, name, value))
    if kept != attributes:
        element.attrib.clear()
        for name, value in kept:
            element.set(name, value)
    if element.tag == "a" and element.get("href"):
        element.set("target", "_blank")
        element.set("rel", LINK_REL)


@lru_cache(maxsize=2_000)
def _remembered(tag, name, value):
    """The same few attributes come again and again, in one mail and in those of one program."""
    return tuple(_harmless_attribute(tag, name, value))


def _harmless_attribute(tag, name, value):
    """Yield the (name, value) pairs that stay of one attribute: none, one, or one renamed."""
    if name == "style":
        yield from harmless_style(value)
    elif name == "href":
        yield from _harmless_link(tag, value)
    elif name in LOADED_ATTRIBUTES:
        yield from _harmless_source(tag, name, value)
    elif name == "class":
        kept = " ".join(each for each in value.split()[:20] if _KEPT_CLASS.fullmatch(each))
        yield from [("class", kept)] if kept else []
    elif name == "id":
        yield from [("id", value)] if _KEPT_ID.fullmatch(value) else []
    elif name in _SIZES:
        yield from [(name, value)] if _LENGTH.fullmatch(value.strip()) else []
    elif name in KEPT_ATTRIBUTES and name != "cite" and not _RUNS.match(value):
        yield name, value[:2_000].translate(_NO_TAGS)


def _harmless_link(tag, value):
    """An address without a scheme would lead into the host itself, so it goes too."""
    address = _INVISIBLE.sub("", value[:8_000]) if not value.isprintable() else value.strip()
    if address.startswith("//"):
        address = f"https:{address}"
    scheme = _SCHEME.match(_INVISIBLE.sub("", address))
    if tag == "a" and scheme and scheme[1].lower() in LINK_SCHEMES:
        yield "href", address.translate(_NO_TAGS_IN_ADDRESS)


def _harmless_source(tag, name, value):
    address = _INVISIBLE.sub("", value[:8_000]).translate(_NO_TAGS_IN_ADDRESS)
    if name == "src" and tag == "img" and address[:4].lower() == "cid:":
        yield "src", f"cid:{address[4:]}"
    elif _FILES.match(address):
        yield LOADED_ATTRIBUTES[name], address
