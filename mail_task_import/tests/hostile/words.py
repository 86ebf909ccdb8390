"""Hostile mails: charsets, encodings, header fields, dates."""

import base64
from datetime import datetime

from .builders import HTML, TEXT, case, html, mail, parts

PAIR = ("😀".encode(), b"\xed\xa0\xbd\xed\xb8\x80")

for charset in (
    "unknown-8bit",
    "x-unknown",
    "",
    "utf-8\0",
    "%s",
    "../../etc",
    "none",
    "utf_8_sig",
    "idna",
    "punycode",
    "unicode_escape",
    "rot13",
    "base64",
    "zip",
    "hex",
    "x" * 5_000,
    "undefined",
    "string-escape",
    "utf-8; drop table",
):
    case(f"charset {charset[:20]!r}", mail(TEXT, Content_Type=f'text/plain; charset="{charset}"'))
case(
    "Latin-1 as UTF-8",
    mail("Tür".encode("latin-1"), Content_Type="text/plain; charset=utf-8"),
    shows="Tür",
)
case("UTF-8 as ASCII", mail("Tür", Content_Type="text/plain; charset=us-ascii"), shows="Tür")
case(
    "Windows-1252 as Latin-1",
    mail("„Tür“".encode("cp1252"), Content_Type="text/plain; charset=iso-8859-1"),
    shows="„Tür“",
)
case(
    "no charset, Russian",
    mail("Добрый день, у нас сломался лифт".encode("cp1251")),
    shows="сломался лифт",
)
case(
    "UTF-16 with a lone surrogate",
    mail(TEXT.encode("utf-16-le") + b"\x00\xd8", Content_Type="text/plain; charset=utf-16le"),
)
for codec in ("iso-2022-jp", "euc_jp"):
    case(
        f"no charset, {codec}", mail("請求書を送ってください".encode(codec)), shows="送ってください"
    )
case("pairs of surrogates as UTF-8", mail("Tür 😀".encode().replace(*PAIR)), shows="Tür 😀")
for name, markup in {
    "text after the end": f"<html><body>x</body></html>{HTML}",
    "text after an embed": f"x<embed src=x>{HTML}",
    "text after a plaintext": f"x<plaintext>{TEXT}",
    "text in a noscript": f"x<noscript>{HTML}</noscript>",
    "text in an iframe": f"x<iframe src=x>{HTML}</iframe>",
}.items():
    case(name, html(markup))
case("XHTML", mail(f"<html><body>{HTML}</body></html>", Content_Type="application/xhtml+xml"))
EVENT = f"BEGIN:VEVENT\nSUMMARY:{TEXT}\nDESCRIPTION:<script>x\nEND:VEVENT"
case("event alone", mail(EVENT, Content_Type="text/calendar"))
case("text above no parts", parts(boundary="c", end=f"{TEXT}\n--c\n\n--c--\n\nfooter".encode()))
case("surrogates as UTF-8", mail(b"\xed\xa0\x80" + TEXT.encode()))
case(
    "UTF-7",
    mail("+AFQ-he heating", Content_Type="text/plain; charset=utf-7"),
    shows="The heating",
)
case("half a character at the end", mail(TEXT.encode() + b"\xe2\x82"))
case("escape sequences", mail(f"\x1b[31m{TEXT}\x1b[0m\x07\x08"))
case(
    "base64 with line noise",
    mail(
        b"!!" + base64.b64encode(TEXT.encode())[:-1] + b"\0*",
        Content_Transfer_Encoding="base64",
    ),
)
BASE64 = base64.encodebytes(f"{TEXT} Müller".encode())
for name, encoded in {
    "footer under base64": BASE64 + b"\n____\nlist mailing list\n",
    "two pieces of base64": base64.encodebytes(b"a") + BASE64,
    "quoted base64": b"> " + BASE64,
}.items():
    case(name, mail(encoded, Content_Transfer_Encoding="base64"))
case("base64 under another name", mail(BASE64, Content_Transfer_Encoding="BASE-64"))
case("base64 of one letter", mail("A", Content_Transfer_Encoding="base64"), shows="A")
case("base64 that is none", mail("=?!", Content_Transfer_Encoding="base64"), shows="=?!")
case("text said to be base64", mail(TEXT, Content_Transfer_Encoding="base64"))
case("quoted-printable cut off", mail(f"{TEXT}=", Content_Transfer_Encoding="quoted-printable"))
case(
    "quoted-printable of no digits",
    mail(f"{TEXT} =ZZ=3", Content_Transfer_Encoding="quoted-printable"),
)
case("unknown transfer encoding", mail(TEXT, Content_Transfer_Encoding="x-secret"))
case(
    "two transfer encodings",
    mail(base64.b64encode(TEXT.encode()), Content_Transfer_Encoding="base64, 8bit"),
)
case(
    "uuencode",
    mail(
        b"begin 644 a.txt\n" + b"%2&5L;&\\\n" + b"`\nend\n",
        Content_Transfer_Encoding="x-uuencode",
    ),
    shows="Hello",
)

case(
    "CR LF in an encoded word",
    mail(Subject="=?utf-8?q?a=0D=0ABcc=3A_x=40evil.example?="),
    subject="a Bcc: x@evil.example",
)
case(
    "CR LF in a base64 word",
    mail(Subject="=?utf-8?b?YQ0KWC1FdmlsOiAx?="),
    subject="a X-Evil: 1",
)
case("line separators in a word", mail(Subject="=?utf-8?q?a=E2=80=A8b=C2=85c?="), subject="a b c")
case("NUL in a word", mail(Subject="=?utf-8?q?a=00b?="), subject="ab")
case("word of an unknown charset", mail(Subject="=?x-unknown?q?Heating?="), subject="Heating")
case(
    "word of an unknown encoding",
    mail(Subject="=?utf-8?x?Heating?="),
    subject="=?utf-8?x?Heating?=",
)
case("word cut in two", mail(Subject="=?utf-8?b?w?= =?utf-8?b?7w=?="), shows=TEXT)
case("character cut in two words", mail(Subject="=?utf-8?q?=C3?= =?utf-8?q?=BC?="), subject="ü")
case("raw 8 bit in the subject", mail(Subject="Tür".encode("latin-1")), subject="Tür")
case("surrogate in a word", mail(Subject="=?utf-8?b?7aCA?="), shows=TEXT)
case("folded in the middle of a word", mail(Subject="=?utf-8?q?Heat\n ing?="), shows=TEXT)
case("percent signs", mail(Subject="100%s %d %(name)s %%"), subject="100%s %d %(name)s %%")
case(
    "template in the subject",
    mail(Subject="{{ object.env }} ${7*7} <t t-esc='1'/>"),
    subject="{{ object.env }} ${7*7} <t t-esc='1'/>",
)
case(
    "HTML in the subject",
    mail(Subject="<script>alert(1)</script>"),
    subject="<script>alert(1)</script>",
)
case(
    "two subjects",
    mail(Subject="first").replace(b"\nDate", b"\nSubject: second\nDate"),
    subject="first",
)
case("no subject", mail(Subject=None), subject="")
case("no Message-ID", mail(Message_ID=None))
case("empty Message-ID", mail(Message_ID="<>"))
case("Message-ID of 5,000 characters", mail(Message_ID=f"<{'x' * 5_000}@customer.example>"))
case("Message-ID of odd characters", mail(Message_ID="<ü %s ' \" \\ \0 \x7f 😀@x>"))
case("two Message-IDs", mail().replace(b"\nReceived", b"\nMessage-ID: <other@x>\nReceived"))
case("100,000 references", mail(References="<a@b> " * 100_000))
case("references to itself", mail(References="<self@x>", Message_ID="<self@x>"))
case("10,000 recipients", mail(To=", ".join(f"n{n}@x.example" for n in range(10_000))), to=10_000)
case(
    "10,000 recipients in headers of their own",
    mail().replace(
        b"To: ", b"".join(b"Cc: n%d@x.example\n" % n for n in range(1_500)) + b"To: ", 1
    ),
    to=1,
)
case(
    "10,000 addresses of delivery",
    mail(Delivered_To=", ".join(f"n{n}@x.example" for n in range(10_000))),
)
case("group of recipients", mail(To="Team: a@x.example, b@x.example;, c@x.example"), to=3)
case("empty group", mail(To="undisclosed-recipients:;"), to=0)
case("brackets", mail(To="(" * 5_000 + "a@x.example"), shows=TEXT)
case("quotes", mail(To='"' * 4_999 + "<a@x.example>"), shows=TEXT)
case("header name of 8 bits", mail().replace(b"\nDate", b"\nX-\xff: y\nDate"))
case("header without a value", mail(X_Empty="", Cc=""))
case("colons", mail().replace(b"\nDate", b"\n::::\nDate"))

for value in (
    "",
    "%",
    "%s%n%d",
    "yesterday",
    "31 Feb 2025",
    "Mon, 99 Foo 2025 99:99:99 +9999",
    "Thu, 01 Jan 1970 00:00:00 +0000",
    "Fri, 31 Dec 9999 23:59:59 -1200",
    "1748851872",
    "Mon, 02 Jun 2125 10:11:12 +0200",
    "-1",
    "9" * 5_000,
    "Mon, 02 Jun 99999 10:11:12",
    "Mon, 02 Jun -2025 10:11:12 +0200",
    "\0",
    "Mon, 02 Jun 2025 10:11:12 +99999999999999999999",
    "2025-13-45T99:00",
    "=?utf-8?q?Mon?=",
):
    case(f"date {value[:30]!r}", mail(Date=value), shows=TEXT, date=None)
case("no date", mail(Date=None), shows=TEXT, date=None)
at_nine = datetime(2025, 6, 2, 8, 11, 12)
case("ISO date", mail(Date="2025-06-02T10:11:12+02:00"), date=at_nine)
case("date with a comment", mail(Date="Mon, 02 Jun 2025 10:11:12 +0200 (CEST %Z)"), date=at_nine)
case("date of two digits", mail(Date="Mon, 2 Jun 25 10:11:12 +0200"), date=at_nine)
case(
    "leap second",
    mail(Date="Mon, 02 Jun 2025 08:11:60 +0000"),
    date=datetime(2025, 6, 2, 8, 11, 59),
)
