"""Inline styles that stay within the mail they belong to, and load nothing."""

import re
from functools import lru_cache

MAX_STYLE = 4_000
MAX_DECLARATIONS = 100

KEPT_PROPERTIES = frozenset(
    str.split(
        "background background-color border border-bottom border-bottom-color border-bottom-style "
        "border-bottom-width border-collapse border-color border-left border-left-color "
        "border-left-style border-left-width border-radius border-right border-right-color "
        "border-right-style border-right-width border-spacing border-style border-top "
        "border-top-color border-top-style border-top-width border-width box-sizing clear color "
        "direction display float "
        "font font-family font-size font-stretch font-style font-variant font-weight height "
        "letter-spacing line-height list-style list-style-type margin margin-bottom margin-left "
        "margin-right margin-top max-height max-width min-height min-width opacity overflow "
        "overflow-wrap padding padding-bottom padding-left padding-right padding-top table-layout "
        "text-align text-decoration text-decoration-line text-indent text-transform unicode-bidi "
        "vertical-align visibility white-space width word-break word-spacing word-wrap"
    )
)
# Escapes and comments hide what a value is; nobody writes them into the styles of a mail.
_FORBIDDEN = re.compile(
    r"[\\<>{}@`]|/\*|expression|javascript|vbscript|data:|binding", re.IGNORECASE
)
_FUNCTION = re.compile(r"([\w-]{0,40})\s*\(")
KEPT_FUNCTIONS = frozenset(("rgb", "rgba", "hsl", "hsla", "calc", "min", "max"))
# A negative margin, indent or spacing moves text out of the mail, over what the host shows.
_MOVING = ("margin", "text-indent", "letter-spacing", "word-spacing")
_REMOTE = re.compile(r"url\(\s*[\"']?\s*((?:https?:)?//[^\s\"'()\\<>]{1,2000})", re.IGNORECASE)
_DECLARATION = re.compile(
    r"((?:[^;\"'(]|\"[^\"]{0,2000}\"|'[^']{0,2000}'|\([^()]{0,2000}\)|[\"'(])+)"
)


def harmless_style(style):
    """Yield ("style", what stays of it), and a remote background's address under its own name."""
    if len(style) <= 400:
        kept, remote = _read_often(style)
    else:
        kept, remote = _read(style)
    if kept:
        yield "style", kept
    if remote:
        yield "data-mail-background", remote


def _read(style):
    style = style[:MAX_STYLE]
    remote = _REMOTE.search(style)
    declarations = _split(style)[:MAX_DECLARATIONS]
    kept = [declaration for declaration in declarations if declaration]
    return "; ".join(filter(None, map(_harmless_declaration, kept))), remote[1] if remote else ""


# The same styles come again and again, within a newsletter and from mail to mail.
_read_often = lru_cache(maxsize=2_048)(_read)


def _split(style):
    if "(" not in style and '"' not in style and "'" not in style:
        return style.split(";")
    return [match[1] for match in _DECLARATION.finditer(style)]


def _harmless_declaration(declaration):
    name, colon, value = declaration.partition(":")
    name, value = name.strip().lower(), value.strip()
    if not (colon and value and name in KEPT_PROPERTIES) or _FORBIDDEN.search(value):
        return ""
    if any(function.lower() not in KEPT_FUNCTIONS for function in _FUNCTION.findall(value)):
        return ""
    if name.startswith(_MOVING) and "-" in value:
        return ""
    return f"{name}: {value}"
