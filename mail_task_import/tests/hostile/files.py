"""Hostile mails: names of files, winmail.dat, HTML."""

from .builders import HTML, PDF, PLAIN, TEXT, case, html, mail, parts, tnef, winmail

named = 'Content-Type: application/pdf\nContent-Disposition: attachment; filename="%s"\n\n%%PDF'
for name, kept in (
    ("../../etc/passwd", "passwd"),
    ("C:\\\\Windows\\\\a.exe", "a.exe"),
    ("..", None),
    ("", None),
    ("/", None),
    ("a\0b.pdf", "ab.pdf"),
    ("x" * 5_000 + ".pdf", None),
    ("%s%n.pdf", "%s%n.pdf"),
    ("a\u202efdp.exe", "afdp.exe"),
    ("CON", "CON"),
    ("=?utf-8?q?..=2F..=2Fa.pdf?=", "a.pdf"),
    ("a.pdf;b.exe", "a.pdf;b.exe"),
    ("<script>.pdf", "<script>.pdf"),
    ("  a.pdf  ", "a.pdf"),
):
    expected = {"holds": b"%PDF"} | ({"names": [kept]} if kept else {})
    case(f"file name {name[:20]!r}", parts(PLAIN, named % name), **expected)
case(
    "two files of one long name",
    parts(PLAIN, *[PDF.replace(b"offer", b"x" * 200)] * 2),
    names=["x" * 146 + ".pdf", "x" * 142 + " (2).pdf"],
)
case("500 files of one name", parts(PLAIN, *[PDF] * 500), shows=TEXT, holds=b"%PDF offer")
disposition = "Content-Type: application/pdf\nContent-Disposition: attachment; "
body = "\n\n%PDF"
case(
    "file name in pieces",
    parts(
        f"{disposition}filename*0*=utf-8''%D1%81%D1%87; filename*1*=%D0%B5%D1%82"
        f"; filename*2=.pdf{body}"
    ),
    names=["счет.pdf"],
)
case(
    "pieces out of order",
    parts(f"{disposition}filename*1=b.pdf; filename*0=a{body}"),
    names=["ab.pdf"],
)
case(
    "piece number of 30 digits",
    parts(f"{disposition}filename*{'9' * 30}*=x{body}"),
    holds=b"%PDF",
)
case(
    "pieces of an unknown charset",
    parts(f"{disposition}filename*=x-y'z'a.pdf{body}"),
    names=["a.pdf"],
)
case(
    "path in pieces",
    parts(f"{disposition}filename*0=../..; filename*1=/a.pdf{body}"),
    names=["a.pdf"],
)
case(
    "60 MB of zeros said to be short",
    parts(PLAIN, "Content-Length: 1\nContent-Type: a/b\n\nxyz"),
    holds=b"xyz",
)
case(
    "calendar",
    parts(
        PLAIN,
        "Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR",
        subtype="alternative",
    ),
    shows=TEXT,
    holds=b"BEGIN:VCALENDAR",
)
case(
    "calendar alone",
    mail("BEGIN:VCALENDAR", Content_Type="text/calendar"),
    holds=b"BEGIN:VCALENDAR",
)
case(
    "forwarded mail",
    parts(PLAIN, b"Content-Type: message/rfc822\n\nSubject: a/../b\n\ninner"),
    shows=TEXT,
    names=["a-..-b.eml"],
    holds=b"inner",
)
picture = b"Content-Type: image/png\nContent-ID: <p@x>\n\n\x89PNG"
case(
    "picture by cid",
    parts(
        b'Content-Type: text/html\n\n<img src="cid:p@x">' + HTML.encode(),
        picture,
        subtype="related",
    ),
    shows=TEXT,
    holds=b"PNG",
)
case(
    "two pictures of one cid",
    parts(
        b'Content-Type: text/html\n\n<img src="cid:p@x">' + HTML.encode(),
        picture,
        picture,
        subtype="related",
    ),
    shows=TEXT,
    holds=b"PNG",
)
case(
    "cid of a path",
    parts(
        b'Content-Type: text/html\n\n<img src="cid:../../web">' + HTML.encode(),
        picture.replace(b"p@x", b"../../web"),
        subtype="related",
    ),
    shows=TEXT,
)
case("winmail.dat", winmail(tnef((1, 0x0002800C, TEXT.encode() + b"\0"))), shows=TEXT)
case(
    "winmail.dat with a file",
    winmail(
        tnef(
            (2, 0x00069002, b"\0" * 14),
            (2, 0x00018010, b"a.txt\0"),
            (2, 0x0006800F, b"the file"),
        )
    ),
    holds=b"the file",
    names=["a.txt"],
)
case(
    "winmail.dat of nonsense",
    winmail(b"\x78\x9f\x3e\x22" + b"\xff" * 500),
    names=["winmail.dat"],
)
case("empty winmail.dat", winmail(b""), names=["winmail.dat"])

case("unclosed comment", html(f"<!-- {HTML}"))
case("unclosed tag", html(f'<p title="{TEXT}'))
case("unclosed title", html(f"<title>x{HTML}"))
case("100,000 attributes", html(f"{HTML}<a " + " ".join(f"x{n}=1" for n in range(90_000)) + ">y"))
case("50,000 unclosed tags", html(f"{HTML}" + "<a " * 50_000))
case("5,000 levels", html("<div>" * 5_000 + TEXT))
case("a NUL hides a tag", html(HTML + "<\0a " + " ".join(f"x{n}=1" for n in range(90_000)) + ">"))
case("attribute of a brace", html(f'<p {{x="1" }}y="2">{TEXT}</p>'))
case("entities of surrogates", html(f"&#xD800;&#0;&#x110000;{HTML}"))
case("entity bomb", html(f'<!DOCTYPE x [<!ENTITY a "{"b" * 99}"><!ENTITY c "&a;&a;">]>{HTML}&c;'))
case("external entity", html(f'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>{HTML}&a;'))
case("XHTML with another charset", html(f'<?xml version="1.0" encoding="utf-16"?>{HTML}'))
case("meta of another charset", html(f'<meta charset="utf-16">{HTML}'))
case("HTML said to be text", mail(HTML))
case("text said to be HTML", html(TEXT + " 1 < 2 & 3 > 2"))
case("frames", html(f"<frameset><frame src='http://x'></frameset><noframes>y</noframes>{HTML}"))
case(
    "picture of 20,000 lines",
    html('<img src="data:image/png;base64,' + "AAAA\n" * 20_000 + f'">{HTML}'),
)
case(
    "flowed text",
    mail("The heating of \nroom 12 is cold.", Content_Type="text/plain; format=flowed"),
)
case(
    "flowed quotations",
    mail("> a \n" * 50_000 + TEXT, Content_Type="text/plain; format=flowed"),
)
case("enriched text", mail(f"<bold>{TEXT}</bold>", Content_Type="text/enriched"))
case("1 MB of empty lines", mail("\n" * 1_000_000 + TEXT))
case("250,000 links", mail(TEXT + " www.a.b" * 100_000))
