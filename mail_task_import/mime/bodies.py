"""What of a mail is its body, and what its attachments (RFC 2046, 2183, 2387, 3676)."""

import re
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import unquote

from .attachments import file_name, make_unique, read_file
from .bounds import MAX_HTML, strip_tags
from .charsets import decode
from .harmless import make_harmless
from .images import MAX_SHOWN, is_picture
from .invitation import invitation_as_text
from .parsed_mail import Attachment
from .subjects import ANSWER
from .text import CUT_NOTE, MAX_TEXT, text_to_html, unflow
from .tnef import is_tnef, leave_packed, unpack

HTML_TYPES = {"text/html", "application/xhtml+xml"}
BODY_TYPES = HTML_TYPES | {"text/plain", "text/enriched", "text/richtext", "text/markdown"}
# Other versions of the same text, for programs that Odoo is none of.
UNSHOWN_VERSIONS = {"text/x-amp-html", "text/watch-html"}

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_SHOWN = re.compile(r'src="cid:([^"]{1,500})"')
# White space, and characters that fill the line of a preview and show nothing.
_BLANK = re.compile(r"[\s\u00ad\u034f\u061c\u180e\u200b-\u200f\u2060-\u206f\ufeff]*")
_PICTURE = re.compile(r"<img\b[^>]*src=|data-mail-background=")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,100}>")


@dataclass(slots=True)
class Body:
    """One piece of the body, as text, as HTML, or as both."""

    text: str | None = None
    html: str | None = None


@dataclass(slots=True)
class Content:
    """What people see of a mail."""

    html: str = ""
    text: str = ""
    html_text: str = ""
    """The text of the HTML version where the mail has one: the two may differ."""
    attachments: list[Attachment] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)


def read_content(root, unpack=unpack, kind=ANSWER):
    """Return the ``Content`` of a tree of parts.

    :param unpack: for a winmail.dat (see ``tnef``)
    :param kind: whether the mail answers another (see ``subjects``)
    """
    collector = _Collector(unpack)
    bodies = collector.collect(root) or collector.take_named_text() or collector.tnef_bodies
    if not any((body.text or body.html or "").strip() for body in bodies):
        bodies = collector.invitations or bodies
    content = _compose(bodies, kind)
    content.attachments = collector.attachments + content.attachments
    _mark_inline(content)
    make_unique(content.attachments)
    return content


def read_plainly(root):
    """Return text and files of a tree of parts, by no parser of HTML: ``Content`` without HTML.

    A winmail.dat stays what it is: its reader may be what the mail has stopped.
    """
    collector = _Collector(leave_packed)
    bodies = collector.collect(root) or collector.take_named_text() or collector.tnef_bodies
    texts = [
        body.text if body.text and body.text.strip() else strip_tags((body.html or "")[:MAX_HTML])
        for body in bodies
    ]
    make_unique(collector.attachments)
    text = _cut("\n\n".join(text.strip("\n") for text in texts if text.strip()))
    return Content(text=text, attachments=collector.attachments)


class _Collector:
    """Goes through the parts once and sorts them into bodies and attachments."""

    def __init__(self, unpack):
        self.unpack = unpack
        self.attachments = []
        self.named_texts = []
        self.tnef_bodies = []
        self.invitations = []

    def collect(self, part):
        """Return the list of ``Body`` that ``part`` contributes; its files are set aside."""
        if part.content_type == "multipart/alternative" and part.parts:
            return self._choose(part)
        if part.content_type == "multipart/related" and part.parts:
            return self._collect_all(_root_first(part))
        if part.is_multipart:
            return self._collect_all(part.parts)
        if _is_body(part) and not file_name(part):
            return [_read_body(part)]
        self._attach(part)
        return []

    def _collect_all(self, parts):
        return [body for part in parts for body in self.collect(part)]

    def _choose(self, part):
        """Of several versions, the last with HTML is the best (RFC 2046 section 5.1.4)."""
        children = [child for child in part.parts if child.content_type not in UNSHOWN_VERSIONS]
        versions = [bodies for child in children if (bodies := self.collect(child))]
        texts = [bodies for bodies in versions if all(body.html is None for body in bodies)]
        htmls = [bodies for bodies in versions if any(body.html for body in bodies)]
        if not htmls:
            return texts[0] if texts else []
        if not texts or len(htmls[-1]) > 1:
            return htmls[-1]
        text = "\n\n".join(body.text for body in texts[0])
        return [Body(text if text.strip() else None, htmls[-1][0].html)]

    def take_named_text(self):
        """A mail that is nothing but a text with a file name shows that text."""
        for part, attachment in self.named_texts[:1]:
            self.attachments.remove(attachment)
            return [_read_body(part)]
        return []

    def _attach(self, part):
        content = part.content
        if is_tnef(part):
            files, body = self.unpack(content)
            self.tnef_bodies += [Body(*body)] if any(body) else []
            self.attachments += files
            if files or any(body):
                return
        attachment = read_file(part, content)
        self.attachments.append(attachment)
        if part.content_type == "text/calendar" and not self.invitations:
            text = decode(content, part.parameters.get("charset", ""))
            self.invitations = [Body(text)] if (text := invitation_as_text(text)) else []
        if _is_body(part):
            self.named_texts.append((part, attachment))


def _is_body(part):
    return part.content_type in BODY_TYPES and part.disposition != "attachment"


def _root_first(part):
    """The root of multipart/related is the body, whatever its place (RFC 2387 section 3.2)."""
    start = part.parameters.get("start", "").strip("<> ")
    if not start:
        return part.parts
    return sorted(
        part.parts, key=lambda child: child.headers.raw("content-id").strip("<> ") != start
    )


def _read_body(part):
    content = part.content
    if part.content_type in HTML_TYPES:
        return Body(html=_read_html(content, part.parameters))
    text = decode(content, part.parameters.get("charset", ""))
    if part.content_type in ("text/enriched", "text/richtext"):
        text = _MARKUP.sub("", text).replace("<<", "<")  # RFC 1896
    if part.parameters.get("format", "").lower() == "flowed":
        text = unflow(text, part.parameters.get("delsp", "").lower() == "yes")
    return Body(text=text)


def _read_html(content, parameters):
    charset = parameters.get("charset", "")
    declared = None if charset else _META_CHARSET.search(content[:2_048])
    return decode(content, declared[1].decode("ascii", "ignore") if declared else charset)


def _compose(bodies, kind):
    """Join the pieces of the body: text pieces as HTML among HTML ones, and the other way round."""
    content, shown, texts, length = Content(), [], [], 0
    for body in bodies:
        html, text = _compose_one(body, content, kind)
        length += len(html)
        shown.append(html)
        texts.append(text)
        if length > MAX_HTML:
            shown.append(f"<p>{CUT_NOTE}</p>")
            break
    content.html = "<br/>\n".join(html for html in shown if html)
    content.text = _cut("\n\n".join(text.strip("\n") for text in texts if text.strip()))
    content.html_text = content.html_text[:MAX_TEXT]
    return content


def _compose_one(body, content, kind):
    if body.html is None or not body.html.strip():
        text = body.text or ""
        return (text_to_html(text, kind) if text.strip() else ""), text
    html, text, images, hostile = make_harmless(body.html, kind)
    if _BLANK.fullmatch(text) and not _PICTURE.search(html):
        if body.text and not _BLANK.fullmatch(body.text):
            return text_to_html(body.text, kind), body.text
        # nothing to see: an unclosed comment or tag may have swallowed the text
        text = strip_tags(body.html[:MAX_HTML])
        html = text_to_html(text, kind) if text else html
    content.html_text += text
    content.attachments += images
    if hostile:
        content.defects.append("The HTML would overload a parser; its text is shown.")
    return html, body.text if body.text and body.text.strip() else text


def _cut(text):
    return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}\n\n{CUT_NOTE}"


def _mark_inline(content):
    """A picture is inline where the body shows it, whatever its Content-Disposition says.

    What is no picture, or one too many, is a file: its address is taken out of the body. In an
    address a Content-ID may be written with percent signs (RFC 2392 section 2); the attachment
    takes over the spelling of the body.
    """
    named = {}
    for attachment in content.attachments:
        attachment.inline = False
        if attachment.cid:
            named.setdefault(unquote(attachment.cid), []).append(attachment)
    if not named:
        return
    left = MAX_SHOWN

    def shown(match):
        nonlocal left
        spelling = unescape(match[1])
        candidates = named.get(unquote(spelling))
        if not candidates:
            return match[0]
        # of two parts with one Content-ID the first is meant
        picture = next((each for each in candidates if is_picture(each)), None)
        if picture is None or len(picture.content) > left:
            return ""
        left -= len(picture.content)
        picture.inline, picture.cid = True, spelling
        return match[0]

    content.html = _SHOWN.sub(shown, content.html)
