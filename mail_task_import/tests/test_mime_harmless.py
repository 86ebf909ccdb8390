"""HTML that could do harm does none; HTML that is only ugly stays readable."""

import re
import unittest

from lxml import html as lxml_html

from odoo.addons.mail_task_import.mime.bounds import MAX_HTML
from odoo.addons.mail_task_import.mime.harmless import make_harmless

from .vectors import VECTORS as MORE
from .vectors import written

ACTIVE = re.compile(
    r"<\s*(?:script|style|iframe|object|embed|form|input|meta|base|link|svg|math|frame|applet|video|audio|template|noscript)\b"
    r"|\son\w+\s*=|(?:href|src|action|formaction|xlink:href|background|srcset|poster|data)\s*=\s*[\"']?\s*(?:javascript|vbscript|data|file|blob)"
    r"|position\s*:|expression\s*\(|url\s*\(|@import|-moz-binding",
    re.IGNORECASE,
)
LOADING = re.compile(r"\s(?:src|srcset|background|poster|lowsrc|dynsrc)=\"(?!cid:)", re.IGNORECASE)

VECTORS = (
    "<script>alert(1)</script>",
    "<SCRIPT SRC=http://evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\x0b>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror\x0c=alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    '<table cellspacing="data:image/png;base64,border=0"><tr><td>x</td></tr></table>',
    '<p title=" javascript:alert(1)">x</p>',
    '<img """><script>alert(1)</script>">',
    "<img src=javascript:alert(1)>",
    "<img src=`javascript:alert(1)`>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href=" jAvAsCrIpT:alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href="java&#10;script:alert(1)">x</a>',
    '<a href="&#1;javascript:alert(1)">x</a>',
    '<a href="&#x6A;avascript&colon;alert(1)">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<a href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">x</a>',
    '<a href="//evil.example" onclick=alert(1)>x</a>',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><animate attributeName=href values=javascript:alert(1)>",
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<math href=javascript:alert(1)>x</math>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<form action=javascript:alert(1)><button formaction=javascript:alert(1)>x</button></form>",
    "<form><input onfocus=alert(1) autofocus></form>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href=javascript:alert(1)//>",
    "<link rel=stylesheet href=http://evil.example/x.css>",
    "<style>@import 'http://evil.example/x.css'; body{position:fixed}</style>",
    "<style><img src=x onerror=alert(1)></style>",
    "<div style='position:fixed;top:0;left:0'>x</div>",
    "<div style='POSITION : absolute'>x</div>",
    "<div style='pos\\69tion:fixed'>x</div>",
    "<div style='pos/**/ition:fixed'>x</div>",
    "<div style='width:expression(alert(1))'>x</div>",
    "<div style='background:url(javascript:alert(1))'>x</div>",
    "<div style='background-image:url(http://evil.example/p.gif)'>x</div>",
    "<div style='background:u\\72l(http://evil.example/p.gif)'>x</div>",
    "<div style='-moz-binding:url(http://evil.example/x.xml#x)'>x</div>",
    "<div style=\"color:red;background:image-set('http://evil.example/p.gif' 1x)\">x</div>",
    "<div style='margin-top:-5000px'>x</div>",
    "<table background=javascript:alert(1)><tr><td background='http://evil.example/p.gif'>x</table>",
    "<body onload=alert(1) background=http://evil.example/p.gif>x",
    "<video poster=http://evil.example/p.gif src=x onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<input type=image src=http://evil.example/p.gif>",
    "<picture><source srcset='http://evil.example/p.gif'><img src=cid:a></picture>",
    "<img srcset='http://evil.example/p.gif 2x'>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<textarea><p title="</textarea><img src=x onerror=alert(1)>">',
    '<title><a title="</title><img src=x onerror=alert(1)>"></title>',
    '<xmp><p title="</xmp><img src=x onerror=alert(1)>">',
    "<template><img src=x onerror=alert(1)></template>",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<!--><img src=x onerror=alert(1)>-->",
    '<!--<img src="--><img src=x onerror=alert(1)//">',
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml version='1.0'?><x xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></x>",
    "<a href='x' style='x:\"onmouseover=alert(1)//'>x</a>",
    "<p title='\"><img src=x onerror=alert(1)>'>x</p>",
    "<a title='&quot;&gt;&lt;img src=x onerror=alert(1)&gt;'>x</a>",
    "<plaintext><script>alert(1)</script>",
    "\x00<scr\x00ipt>alert(1)</scr\x00ipt>",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    *(written(vector, number, "http://odoo.example") for number, vector in enumerate(MORE)),
)


def harmless(html):
    return make_harmless(html)[0]


class TestVectors(unittest.TestCase):
    def test_there_is_nothing_active_in_what_stays(self):
        for vector in VECTORS:
            with self.subTest(vector):
                self.assertHarmless(harmless(vector))

    def test_what_stays_reads_the_same_after_another_parser(self):
        for vector in VECTORS:
            with self.subTest(vector):
                shown = harmless(f"<div>{vector}</div>")
                if shown.strip():
                    again = lxml_html.tostring(lxml_html.fromstring(shown), encoding="unicode")
                    self.assertHarmless(again)

    def assertHarmless(self, shown):
        """Look at the elements as a browser would build them, not at what is written in texts."""
        tree = lxml_html.fragment_fromstring(shown, create_parent="div")
        for element in tree.iter():
            tag = f"<{element.tag} "
            self.assertIsNone(ACTIVE.search(tag), shown)
            for name, value in element.attrib.items():
                attribute = f' {name}="{value}"'
                if name not in ("title", "alt") and not name.startswith("data-mail-"):
                    self.assertIsNone(ACTIVE.search(attribute), shown)
                self.assertFalse(name.startswith("on"), shown)
                self.assertIsNone(LOADING.match(attribute), shown)


class TestWhatStays(unittest.TestCase):
    def test_usual_formats(self):
        shown = harmless(
            '<p align="center"><b>a</b> <font color="red">b</font> <a href="https://x.example/?a=1&amp;b=2">c</a></p>'
        )
        for part in (
            'align="center"',
            "<b>a</b>",
            'color="red"',
            'href="https://x.example/?a=1&amp;b=2"',
            'target="_blank"',
            'rel="noopener',
        ):
            self.assertIn(part, shown)

    def test_inline_styles(self):
        shown = harmless(
            "<p style=\"color: red; font-family: 'Segoe UI', Arial; margin: 0 0 10px;"
            ' mso-style: x; z-index: 9">x</p>'
        )
        self.assertIn("color: red; font-family: 'Segoe UI', Arial; margin: 0 0 10px", shown)
        self.assertNotIn("mso", shown)
        self.assertNotIn("z-index", shown)

    def test_remote_images_can_be_loaded_when_asked_for(self):
        shown = harmless(
            '<img src="http://x.example/p.png" width="5" alt="logo"><td background="https://x.example/b.png">'
        )
        self.assertIn('data-mail-src="http://x.example/p.png"', shown)
        self.assertIn('alt="logo"', shown)
        self.assertNotIn(" src=", shown)
        self.assertIn(
            'data-mail-background="http://x.example/p.gif"',
            harmless("<p style='background: url(http://x.example/p.gif)'>x</p>"),
        )

    def test_images_of_the_mail_stay(self):
        self.assertIn('src="cid:a@b"', harmless('<img src=" CID:a@b">'))

    def test_links_into_the_host_go(self):
        for link in ("/web/session/logout", "web?x", "?a=1", "#top", "../x"):
            self.assertNotIn("href", harmless(f'<a href="{link}">x</a>'))

    def test_classes_of_the_host_go_and_those_of_quotations_stay(self):
        shown = harmless(
            '<div class="fixed-top gmail_quote modal" id="wrapwrap">x</div>'
            '<div id="divRplyFwdMsg">y</div>'
        )
        self.assertIn('class="gmail_quote"', shown)
        self.assertNotIn("wrapwrap", shown)
        self.assertIn('id="divRplyFwdMsg"', shown)

    def test_attributes_that_nothing_loads_hold_no_address_that_runs(self):
        shown = make_harmless('<table cellspacing="data:x,border=0" title="blob:y">x</table>')[0]
        self.assertNotIn("cellspacing", shown)
        self.assertNotIn("title", shown)

    def test_attributes_hold_no_tags(self):
        """The host cuts tags by regular expressions, which these would mislead."""
        tag = "<!-- encoding=&quot;x&quot; --><!-- --!><img src=http://x.example/p.png> -->"
        shown = harmless(
            f'<p title="{tag}"><font face="{tag}">x</font><a href="https://x.example/?{tag}">y</a>'
            f'<img alt="{tag}" src="https://x.example/?{tag}"></p>'
        )
        self.assertEqual(re.findall(r"<(\w+)", shown), ["div", "p", "font", "a", "img"])
        self.assertNotIn("<!", shown)
        self.assertIn('<p title="a ‹ b">x</p>', harmless('<p title="a &lt; b">x</p>'))

    def test_spacing_does_not_move_text_out_of_the_mail(self):
        shown = harmless('<p style="letter-spacing:-90px;word-spacing:-9em;color:red">x</p>')
        self.assertIn('<p style="color: red">x</p>', shown)

    def test_every_border_has_its_style(self):
        for side in ("left", "right", "top", "bottom"):
            style = f"border-{side}-style: dotted"
            self.assertIn(style, harmless(f'<p style="{style}">x</p>'))

    def test_marks_of_the_host_go(self):
        self.assertNotIn(
            "data-",
            harmless(
                '<p data-oe-model="res.users" data-mail-src="http://x" data-o-mail-quote="1">x</p>'
            ),
        )

    def test_text_of_forms_and_unknown_elements_stays(self):
        _shown, text, _images, _hostile = make_harmless(
            "<form><o:p>one</o:p><button>two</button><blink>three</blink></form>"
        )
        self.assertEqual(text, "onetwothree")

    def test_what_follows_the_end_of_the_document_stays(self):
        page = "<html><head><title>t</title></head><body><p>One</p></body></html>"
        for rest in ("Two", "<p>Two</p>", "</html>Two", page.replace("One", "Two")):
            with self.subTest(rest):
                shown, text, *_rest = make_harmless(f"{page}\n{rest}\n")
                self.assertEqual(" ".join(text.split()), "One Two")
                self.assertEqual(" ".join(re.sub("<[^>]*>", " ", shown).split()), "One Two")

    def test_elements_without_content_swallow_nothing(self):
        for tag in ("embed src=x", "bgsound", "command", "keygen", "track", "source/", "SOURCE"):
            with self.subTest(tag):
                shown, text, *_rest = make_harmless(f"One <{tag}>Two <b>Three</b>" * 150)
                self.assertEqual(text, "One Two Three" * 150)
                self.assertNotRegex(shown, "embed|source|src")

    def test_what_is_for_programs_that_show_less_stays(self):
        for tag in ("noscript", "object", "video", "audio", "canvas", "iframe", "noembed", "map"):
            with self.subTest(tag):
                shown, text, *_rest = make_harmless(
                    f"One <{tag} src=x onload=x><b>Two</b><style>x</style> Three</{tag}> Four"
                )
                words = re.sub(r"\bx\b", "", text).split()
                self.assertEqual(words, ["One", "Two", "Three", "Four"])
                self.assertNotRegex(shown, "style|src|onload|object|iframe")

    def test_tags_that_are_to_be_read_are_text(self):
        for tag in ("xmp", "plaintext"):
            shown, text, *_rest = make_harmless(f"One <{tag}>Two <img src=x onerror=alert(1)>")
            self.assertEqual(text, "One\nTwo <img src=x onerror=alert(1)>")
            self.assertIn("<pre>Two &lt;img src", shown)
            self.assertNotIn("<img", shown)

    def test_hidden_text_is_not_in_the_text(self):
        self.assertEqual(make_harmless('<p>a</p><p style="display:none">b</p>')[1], "a")

    def test_long_html_is_cut_with_a_note(self):
        shown, _text, _images, hostile = make_harmless(
            "<p>" + "word " * 20 + "</p>" * 1 + ("<p>" + "x" * 1000 + "</p>") * 1200
        )
        self.assertFalse(hostile)
        self.assertLess(len(shown), MAX_HTML + 1000)
        self.assertIn("longer than can be shown", shown)

    def test_overloaded_html_is_shown_as_text(self):
        shown, text, _images, hostile = make_harmless("<b>" * 1000 + "the text" + "<a x " * 10)
        self.assertTrue(hostile)
        self.assertIn("the text", text)
        self.assertNotIn("<b>", shown)

    def test_newsletter_is_not_taken_for_hostile(self):
        row = '<tr><td style="padding:1px" align="left"><a href="https://x.example/y"><img src="https://x.example/z.png"></a></td></tr>'
        shown, _text, _images, hostile = make_harmless(
            "<table><tr><td>" * 25 + row * 1000 + "</td></tr></table>" * 25
        )
        self.assertFalse(hostile)
        self.assertEqual(shown.count("data-mail-src"), 1000)
