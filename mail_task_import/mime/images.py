"""Which files are shown as pictures; and pictures written into HTML as data: (RFC 2397).

Those are taken out as files of the mail: the host hangs on long data: addresses, and its chatter
shows images by ``cid:`` as well.
"""

import hashlib
import re
from urllib.parse import unquote_to_bytes

from .attachments import UNKNOWN, safe_mimetype
from .headers import decode_base64
from .parsed_mail import Attachment

MAX_SHOWN = 16_000_000
"""Bytes of pictures that one mail shows; further ones are files."""
PICTURE_TYPE = re.compile(r"image/(png|jpe?g|gif|webp|bmp|x-icon|avif)")
MAX_IMAGES = 200
EXTENSIONS = {
    "jpeg": "jpg",
    "pjpeg": "jpg",
    "x-icon": "ico",
    "vnd.microsoft.icon": "ico",
    "x-png": "png",
}
# The host gives files without a type one by their first bytes, too.
SIGNATURES = (
    (re.compile(rb"\x89PNG\r\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "image/webp"),
    (re.compile(rb"BM.{4}\0{4}", re.DOTALL), "image/bmp"),
)

# SVG is left out: it can hold scripts, and would run as a page of its own when opened.
_IMAGE = re.compile(
    r"""(\bsrc\s*=\s*)(?:(?P<quote>["'])\s*data:image/(?P<type>png|x-png|p?jpeg|jpg|gif|webp|bmp|tiff|avif"""
    r"""|x-icon|vnd\.microsoft\.icon)(?:;[\w=.-]{1,40}){0,5};base64,(?P<data>[A-Za-z0-9+/=%\s&#;_-]*)(?P=quote)"""
    r"""|data:image/(?P<type2>png|p?jpeg|jpg|gif|webp|bmp);base64,(?P<data2>[A-Za-z0-9+/=%]*))""",
    re.IGNORECASE,
)
_OTHER_DATA = re.compile(
    r"data:[\w.+/-]{1,60}(?:;[\w=.-]{1,40}){0,5},[^\s\"'<>()]{500,}", re.IGNORECASE
)
_REFERENCES = re.compile(rb"&#?\w{1,10};")


def is_picture(attachment):
    """Tell whether a body can show an attachment; one without a type gets that of its content."""
    if attachment.mimetype == UNKNOWN:
        found = (kind for start, kind in SIGNATURES if start.match(attachment.content))
        attachment.mimetype = next(found, UNKNOWN)
    return bool(PICTURE_TYPE.fullmatch(attachment.mimetype))


def extract_images(html):
    """Return ``html`` with its data: images named by ``cid:``, and an Attachment for each image."""
    if "data:" not in html and "DATA:" not in html:
        return html, []
    taker = _Taker()
    html = _IMAGE.sub(taker.take, html)
    return _OTHER_DATA.sub("data:,", html), list(taker.images.values())


class _Taker:
    def __init__(self):
        self.images = {}

    def take(self, match):
        content = _content(match["data"] or match["data2"] or "")
        digest = hashlib.sha256(content).hexdigest()[:32]
        if not content or (digest not in self.images and len(self.images) >= MAX_IMAGES):
            return ""
        if digest not in self.images:
            self.images[digest] = self._image(content, digest, match["type"] or match["type2"])
        return f'{match[1]}"cid:{self.images[digest].cid}"'

    def _image(self, content, digest, subtype):
        subtype = subtype.lower()
        name = f"image-{len(self.images) + 1}.{EXTENSIONS.get(subtype, subtype)}"
        mimetype = safe_mimetype(f"image/{subtype}", name)
        return Attachment(name, content, mimetype, f"{digest}@data.image", inline=True)


def _content(text):
    content = text.encode("ascii", "ignore")
    if b"&" in content:
        content = _REFERENCES.sub(b"", content)  # only line ends are ever written so
    return decode_base64(unquote_to_bytes(content) if b"%" in content else content)
