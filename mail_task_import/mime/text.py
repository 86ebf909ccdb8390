"""Text of a mail: to HTML, from HTML, its lines unflowed, and the preview for lists."""

import re
from html import escape, unescape
from itertools import islice

from lxml import etree

from .quotes import MARK, quoted_lines, runs_of
from .subjects import ANSWER

MAX_TEXT = 1_000_000
MAX_LINES = 20_000
MAX_LINKS = 1_000
MAX_QUOTE_DEPTH = 20
PREVIEW_LENGTH = 200
MAX_PREVIEW_LINE = 600
CUT_NOTE = "[This mail is longer than can be shown here. All of it is in the original.]"

LINK_REL = "noopener noreferrer nofollow"

_LINK = re.compile(
    r"(?P<url>\b(?:https?://|www\.)[^\s<>\"]{1,2000})"
    r"|(?P<email>(?<![\w.+@-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?'*_"
_ALL_SPACES = re.compile(r"\s+")
_MANY_SPACES = re.compile(r"(?m)^ | (?= )")
_MANY_NEWLINES = re.compile(r"\n{4,}")
# Elements that start on a line of their own.
BLOCKS = frozenset(
    str.split(
        "address article aside blockquote body center dd div dl dt figcaption figure footer h1 h2 "
        "h3 h4 h5 h6 header hr li main nav ol p pre section table tbody tfoot thead tr ul"
    )
)
_SHAPING = BLOCKS | {"br", "td", "th"}
_TAG = re.compile(r"<[^<>]*>")
_BREAK = re.compile(rf"</?(?:{'|'.join(sorted(_SHAPING))})\b[^<>]*>", re.IGNORECASE)
_SPACED = ("p", "h1", "h2", "h3", "h4", "h5", "h6")


def text_to_html(text, kind=ANSWER):
    """Return ``text`` as harmless HTML that looks the same, its addresses clickable.

    What is quoted is marked for the host's chatter, which folds it away. It hides line breaks
    beside a quotation, too, so what follows one stands in a box.
    """
    text, cut = _bounded(text)
    links, parts = MAX_LINKS, []
    for is_quoted, some in runs_of(text, kind):
        shown, links = _linked(some, links)
        if is_quoted:
            parts.append(f'<span data-o-mail-quote="1">{shown}</span>')
        else:
            parts.append(f"<span>{shown}</span>" if parts else shown)
    note = f"<p>{CUT_NOTE}</p>" if cut else ""
    shown = "<br/>\n".join(parts)
    return f"<div>{shown}</div>{note}"


def _linked(text, links):
    """Return ``text`` as HTML, and how many more of the ``links`` may be clickable."""
    parts, position = [], 0
    for match in islice(_LINK.finditer(text), links):
        shown = match[0].rstrip(_TRAILING)
        if shown.endswith(")") and "(" not in shown:
            shown = shown.rstrip(")" + _TRAILING)
        parts.append(_escape(text[position : match.start()]))
        parts.append(_anchor(shown, match.lastgroup))
        position = match.start() + len(shown)
        links -= 1
    parts.append(_escape(text[position:]))
    return "".join(parts), links


def _bounded(text):
    text = _MANY_NEWLINES.sub("\n\n\n", text.strip("\n"))
    lines = text[:MAX_TEXT].split("\n", MAX_LINES)
    shown = "\n".join(lines[:MAX_LINES])
    return shown, len(shown) < len(text)


def _escape(text):
    """Spaces that stand for an indent or a column stay; line ends become ``<br/>``."""
    text = escape(text)
    if "  " in text or "\n " in text or text.startswith(" "):
        text = _MANY_SPACES.sub("&nbsp;", text)
    return text.replace("\n", "<br/>\n")


def _anchor(shown, kind):
    if kind == "email":
        return f'<a href="mailto:{escape(shown)}">{escape(shown)}</a>'
    target = shown if "://" in shown else f"http://{shown}"
    return f'<a href="{escape(target)}" target="_blank" rel="{LINK_REL}">{escape(shown)}</a>'


def words_of(html):
    """The words of harmless HTML, whose attributes hold no ``<`` or ``>``, without its shape."""
    return unescape(_TAG.sub("", _BREAK.sub("\n", html)))


def tree_to_text(root):
    """Return the text of an element tree of harmless HTML as people read it.

    Quotations are marked by "> " as in mails of text, so that both read alike.
    """
    writer = TextWriter()
    walk(root, writer)
    return writer.text()


def walk(root, writer):
    """Show a ``TextWriter`` all that is seen of an element tree."""
    hidden = None
    steps = etree.iterwalk(root, events=("start", "end"))
    for event, element in steps:
        if event == "end":
            if element is not hidden:
                writer.close_element(element)
            writer.write_text(element, "tail")
        elif _is_hidden(element):
            hidden = element
            steps.skip_subtree()
        else:
            writer.open_element(element)
            writer.write_text(element, "text")


def _is_hidden(element):
    style = element.get("style")
    return bool(style) and "display:none" in style.replace(" ", "").lower()


class TextWriter:
    """Lines of text under construction."""

    def __init__(self):
        self.lines = []
        self.line = []
        self.depth = 0
        self.preformatted = 0

    def open_element(self, element):
        tag = element.tag
        if tag not in _SHAPING:
            return
        if tag in BLOCKS or tag == "br":
            self.end_line(tag == "br")
        if tag == "blockquote":
            self.depth += 1
        elif tag == "pre":
            self.preformatted += 1
        elif tag == "li":
            self.line.append("* ")
        elif tag in ("td", "th"):
            self.line.append(" ")

    def close_element(self, element):
        tag = element.tag
        if tag not in BLOCKS:
            return
        self.end_line(False)
        if tag == "blockquote":
            self.depth -= 1
        elif tag == "pre":
            self.preformatted -= 1
        elif tag in _SPACED and self.lines and self.lines[-1]:
            self.lines.append("")

    def write_text(self, element, place):
        """The text in an element, or after it ("tail")."""
        text = element.text if place == "text" else element.tail
        if not text:
            return
        if not self.preformatted:
            self.line.append(text)
            return
        first, *others = text.split("\n")
        self.line.append(first)
        for other in others:
            self.end_line(True)
            self.line.append(other)

    def end_line(self, always):
        text = "".join(self.line)
        text = text.rstrip() if self.preformatted else " ".join(text.split())
        self.line = []
        if text or always:
            self.lines.append("> " * min(self.depth, MAX_QUOTE_DEPTH) + text)

    def text(self):
        self.end_line(False)
        return _MANY_NEWLINES.sub("\n\n\n", "\n".join(self.lines)).strip("\n")


def unflow(text, delete_space=False):
    """Join the lines of ``format=flowed`` text (RFC 3676): those that end in a space go on."""
    result, paragraph, depth = [], None, 0
    for line in text.split("\n"):
        content = line.lstrip(">")
        quoted = len(line) - len(content)
        content = content[1:] if content.startswith(" ") else content  # section 4.4: stuffing
        if paragraph is not None and quoted != depth:
            result.append(_quote("".join(paragraph), depth))
            paragraph = None
        paragraph, depth = paragraph or [], quoted
        goes_on = content.endswith(" ") and content != "-- "  # section 4.3: the signature line
        paragraph.append(content[:-1] if goes_on and delete_space else content)
        if goes_on:
            continue
        result.append(_quote("".join(paragraph), depth))
        paragraph = None
    if paragraph is not None:
        result.append(_quote("".join(paragraph), depth))
    return "\n".join(result)


def _quote(text, depth):
    return f"{'>' * depth} {text}" if depth else text


def preview(text, kind=ANSWER):
    """Return the first 200 characters of what is new in ``text``, as one line."""
    new, length = [], 0
    lines = [line[:MAX_PREVIEW_LINE] for line in text[:20_000].split("\n")[:300]]
    quoted = quoted_lines(lines, kind=kind)
    for place, line in enumerate(lines):
        if line == "-- " or length > PREVIEW_LENGTH:
            break
        line = "" if place in quoted else " ".join(line.split())
        if line:
            new.append(line)
            length += len(line) + 1
    shown = (" ".join(new) or " ".join(text[:2_000].split())).replace(MARK, "")
    return shown if len(shown) <= PREVIEW_LENGTH else shown[: PREVIEW_LENGTH - 1].rstrip() + "…"
