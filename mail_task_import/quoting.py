"""The original below an answer, as one block that is taken out and put back. Plain Python."""

from lxml import html as lxml_html
from markupsafe import Markup

QUOTE_CLASS = "o_mail_import_quote"


def quote_block(quote):
    return Markup('<div class="%s">%s</div>') % (QUOTE_CLASS, Markup(quote))


def without_quote(body):
    """``(body, quotation)``; quotations within what is quoted go along with it."""
    root = lxml_html.fragment_fromstring(str(body or ""), create_parent="div")
    blocks = [block for block in root.find_class(QUOTE_CLASS) if not _is_within_another(block)]
    if not blocks:
        return Markup(body or ""), Markup()
    quotes = [
        Markup(lxml_html.tostring(block, encoding="unicode", with_tail=False)) for block in blocks
    ]
    for block in blocks:
        block.drop_tree()
    whole = lxml_html.tostring(root, encoding="unicode")
    return Markup(whole[len("<div>") : -len("</div>")]), Markup().join(quotes)


def _is_within_another(block):
    return any(QUOTE_CLASS in (one.get("class") or "").split() for one in block.iterancestors())
