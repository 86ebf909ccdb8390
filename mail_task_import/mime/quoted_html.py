"""Quotations in the HTML of a mail: marked, so that the host's chatter folds them away.

The lines that people read are made of the tree once more, each node knowing its lines; ``quotes``
says which of them are quoted. The tree is harmless already, and stays so.
"""

import re
from itertools import accumulate

from lxml import etree
from lxml import html as lxml_html

from .quotes import quoted_lines
from .subjects import ANSWER
from .text import BLOCKS, TextWriter, walk

QUOTED = "data-o-mail-quote"
"""The host's chatter hides what bears it behind a button; its sanitiser lets it pass."""

# What programs put around the mail that is answered, around who wrote it, or before it.
_AROUND = re.compile(
    r"\b(?:gmail_attr|yahoo_quoted|protonmail_quote|zmail_extra|tutanota_quote|moz-cite-prefix)\b"
)
_AROUND_IDS = (
    "isReplyContent", "OLK_SRC_BODY_SECTION", "mail-editor-reference-message-container",
)  # fmt: skip
_BEFORE_IDS = ("divRplyFwdMsg", "appendonsend")
_SIGNS = etree.XPath("boolean(.//*[@id or contains(@class, 'quote') or contains(@class, 'cite')])")
# What the host's chatter folds away by itself.
_FOLDED = etree.XPath(
    ".//blockquote | .//*[contains(@class, 'quote') or contains(@class, 'gmail_extra')"
    " or contains(@id, 'divRplyFwdMsg') or contains(@id, 'appendonsend')]"
)
_INDENTED = "margin: 1em 40px"
"""What browsers make of a quotation without a style of its own."""
_NO_BOXES = frozenset(str.split("table thead tbody tfoot tr ul ol dl"))


def mark_quotations(root, text, kind=ANSWER):
    """Mark what is quoted in the tree of a mail; where nothing is, all stays in sight.

    :param text: what ``tree_to_text`` made of it: most mails quote nothing, and are done with it
    :param kind: what ``subjects.kind_of`` says of the mail
    """
    is_answer = kind == ANSWER
    if quoted_lines(text.split("\n"), kind=kind) or (is_answer and _SIGNS(root)):
        reader = _Reader()
        walk(root, reader)
        reader.text()
        known = reader.places_known() if is_answer else ()
        if quoted := quoted_lines(reader.lines, known, kind):
            _mark(root, _Quoted(reader, quoted))
            return
    _keep_in_sight(root)


def new_html(html):
    """Return the HTML of a mail without what is marked as quoted; all where nothing else is."""
    if QUOTED not in html:
        return html
    root = lxml_html.fragment_fromstring(html, create_parent="div")
    for element in root.xpath(f"//*[@{QUOTED}]"):
        element.drop_tree()
    if not root.text_content().strip() and root.find(".//img") is None:
        return html
    inner = etree.tostring(root, encoding="unicode", method="html", with_tail=False)
    return inner[len("<div>") : -len("</div>")]


class _Reader(TextWriter):
    """The lines of a tree, and of which lines each node is."""

    def __init__(self):
        super().__init__()
        self.elements = {}
        """``{element: (first line, last line)}``"""
        self.texts = {}
        """``{(element, "text" or "tail"): (first line, whether its line ends are the text's)}``"""
        self.known = set()
        self.rest = None
        self.filled = False
        """Whether there is anything in the line under construction."""

    def open_element(self, element):
        super().open_element(element)
        self.elements[element] = len(self.lines), len(self.lines)

    def close_element(self, element):
        first = self.elements[element][0]
        last = max(first, len(self.lines) - (not self.filled))
        self.elements[element] = first, last
        self._know(element, first, last)
        super().close_element(element)

    def write_text(self, element, place):
        text = getattr(element, place)
        if text:
            self.texts[element, place] = len(self.lines), bool(self.preformatted)
        super().write_text(element, place)
        if text and not text.isspace():
            self.filled = True

    def end_line(self, always):
        super().end_line(always)
        self.filled = False

    def _know(self, element, first, last):
        name = element.get("id", "")
        if name in _BEFORE_IDS and self.rest is None:
            self.rest = first
        elif name in _AROUND_IDS or _AROUND.search(element.get("class", "")):
            self.known.update(range(first, last + 1))

    def places_known(self):
        """Lines that are quoted by what the program has put into the HTML."""
        rest = len(self.lines) if self.rest is None else self.rest
        return self.known | set(range(rest, len(self.lines)))


class _Quoted:
    """Which nodes of a tree are quoted, of the lines that are."""

    def __init__(self, reader, quoted):
        self.reader = reader
        self.quoted = quoted
        news = (
            place not in quoted and bool(line.strip()) for place, line in enumerate(reader.lines)
        )
        self.news = [0, *accumulate(news)]
        """How many lines before each place are new."""

    def pieces(self, element):
        """Yield (whether it is quoted, text or child) for all in an element, in order."""
        yield from self._texts(element, "text")
        for child in element:
            yield self._is_quoted(child), child
            yield from self._texts(child, "tail")

    def _is_quoted(self, element):
        """Whether all lines of an element are, but for blank ones."""
        if element not in self.reader.elements:
            return False
        first, last = self.reader.elements[element]
        first = min(first, len(self.news) - 1)
        last = min(last, len(self.news) - 2)
        return self.news[last + 1] == self.news[first] and bool(
            {first, last} & self.quoted or self._is_blank_among_quoted(first)
        )

    def _is_blank_among_quoted(self, place):
        return place - 1 in self.quoted and place + 1 in self.quoted

    def _texts(self, element, place):
        text = getattr(element, place)
        if not text:
            return
        line, has_lines = self.reader.texts.get((element, place), (-1, False))
        lines = text.splitlines(keepends=True) if has_lines else [text]
        for number, each in enumerate(lines):
            yield line + number in self.quoted, each


def _mark(root, quoted):
    """Mark the outermost nodes whose lines are all quoted."""
    waiting, holders = [root], set()
    while waiting:
        element = waiting.pop()
        pieces = list(quoted.pieces(element))
        if any(is_quoted for is_quoted, _node in pieces):
            _rebuild(element, pieces)
            _keep_open(element, holders)
        waiting += [
            node for is_quoted, node in pieces if not is_quoted and not isinstance(node, str)
        ]


def _keep_in_sight(root):
    """The host folds by elements, classes and ids, whatever the mail is."""
    for element in _FOLDED(root):
        if element.tag == "blockquote":
            element.tag = "div"
            element.set("style", element.get("style") or _INDENTED)
        for name in ("class", "id"):
            element.attrib.pop(name, None)


def _keep_open(element, done):
    """The host folds all of a quotation's element, with what was answered between the lines."""
    while element is not None and element not in done:
        done.add(element)
        if "quote" in element.get("class", ""):
            del element.attrib["class"]
        element = element.getparent()


def _rebuild(element, pieces):
    """Put the pieces of an element back, those that are quoted in marked boxes.

    After a quotation others are put in boxes, too: the host hides every line break that stands
    beside one.
    """
    for child in list(element):
        element.remove(child)
    element.text = None
    after = False
    for is_quoted, nodes in _runs(pieces):
        after = after or is_quoted
        if after and element.tag not in _NO_BOXES and _needs_box(nodes):
            nodes = [_box(nodes)]
        _fill(element, nodes)
        if is_quoted:
            for node in nodes:
                if not isinstance(node, str):
                    node.set(QUOTED, "1")


def _needs_box(nodes):
    """Bare text that is seen, or several nodes that belong together."""
    seen = [node for node in nodes if not isinstance(node, str) or node.strip()]
    return len(seen) > 1 or any(isinstance(node, str) for node in seen)


def _box(nodes):
    is_block = any(not isinstance(node, str) and node.tag in BLOCKS for node in nodes)
    box = etree.Element("div" if is_block else "span")
    _fill(box, nodes)
    return box


def _runs(pieces):
    """Join neighbours that are both quoted, or both not; blank text is like what is before it."""
    runs = []
    for is_quoted, node in pieces:
        if runs and (runs[-1][0] == is_quoted or (isinstance(node, str) and not node.strip())):
            runs[-1][1].append(node)
        else:
            runs.append((is_quoted, [node]))
    return runs


def _fill(parent, nodes):
    for node in nodes:
        if not isinstance(node, str):
            node.tail = None
            parent.append(node)
        elif len(parent):
            parent[-1].tail = (parent[-1].tail or "") + node
        else:
            parent.text = (parent.text or "") + node
