"""The text of a mail, plain and as HTML: what is new, the signature, what it quotes."""

from collections.abc import Sequence
from datetime import timedelta, timezone
from html import escape

from . import words
from .letter import Letter
from .story import File

QUOTED_LEVELS = 3
FONT = "font-family: Calibri, Arial, sans-serif; font-size: 11pt"
QUOTE = "margin: 0 0 0 0.8ex; border-left: 1px solid #ccc; padding-left: 1ex"


def text(letter: Letter, levels: int = QUOTED_LEVELS) -> str:
    lines = [words.wrapped(paragraph) for paragraph in letter.body]
    new = "\n\n".join(lines)
    if letter.signature:
        new += "\n\n-- \n" + "\n".join(letter.signature)
    return f"{new}\n{_quoted(letter, levels)}"


def html(letter: Letter, pictures: Sequence[File] = ()) -> str:
    shown = "".join(
        f'<p><img src="cid:{file.cid}" alt="{escape(file.name)}"></p>' for file in pictures
    )
    body = _new(letter) + shown + _quotation(letter, QUOTED_LEVELS)
    return f'<html><body><div style="{FONT}">{body}</div></body></html>\n'


def _introduction(letter: Letter) -> str:
    name, email = letter.previous.sender
    zone = timezone(timedelta(hours=letter.writer.zone))
    date = letter.previous.date.astimezone(zone)
    return words.introduction(date, name, email, letter.writer.language)


def _quoted(letter: Letter, levels: int) -> str:
    if not letter.previous or not levels:
        return ""
    quoted = text(letter.previous, levels - 1).rstrip("\n").split("\n")
    lines = "\n".join(_marked(line) for line in quoted)
    return f"\n{_introduction(letter)}\n{lines}\n"


def _marked(line: str) -> str:
    """Quotations of quotations are marked without a blank in between (RFC 3676)."""
    return f">{line}" if line.startswith(">") else f"> {line}".rstrip()


def _new(letter: Letter) -> str:
    body = "".join(f"<p>{_with_breaks(paragraph)}</p>" for paragraph in letter.body)
    signature = "<br>".join(escape(line) for line in letter.signature)
    return f'{body}<p style="color: #666">-- <br>{signature}</p>'


def _with_breaks(paragraph: str) -> str:
    return escape(paragraph).replace("\n", "<br>")


def _quotation(letter: Letter, levels: int) -> str:
    if not letter.previous or not levels:
        return ""
    inner = _new(letter.previous) + _quotation(letter.previous, levels - 1)
    return (
        f'<div class="gmail_quote"><div>{escape(_introduction(letter))}</div>'
        f'<blockquote class="gmail_quote" style="{QUOTE}">{inner}</blockquote></div>'
    )
