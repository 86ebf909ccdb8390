"""Hostile mails: broken, huge and endless structure."""

from .builders import CASES, PDF, PLAIN, TEXT, case, mail, parts

multipart = "multipart/mixed; boundary="
case("multipart without a boundary", mail(TEXT, Content_Type="multipart/mixed"))
case("empty boundary", mail(TEXT, Content_Type=multipart + '""'))
case("boundary of spaces", mail(TEXT, Content_Type=multipart + '"   "'))
case("boundary that is not used", mail(TEXT, Content_Type=multipart + '"unused"'))
case(
    "other boundary than the one named",
    parts(PLAIN, PDF, boundary="c"),
    shows=TEXT,
    names=["offer.pdf"],
)
case(
    "boundary without its quotes",
    mail(f"--a b\n{PLAIN}\n--a b--", Content_Type=multipart + "a b"),
)
case(
    "boundary of 5,000 characters",
    mail(f"--{'x' * 5000}\n{PLAIN}\n--{'x' * 5000}--", Content_Type=multipart + "x" * 5000),
)
case(
    "boundary named twice",
    mail(f"--b\n{PLAIN}\n--b--", Content_Type=multipart + "b; boundary=c"),
)
case(
    "one boundary for two levels",
    parts(b"Content-Type: multipart/alternative; boundary=b\n\n--b\n" + PLAIN.encode(), PDF),
    shows=TEXT,
    names=["offer.pdf"],
)
case(
    "boundary that begins another",
    parts(
        b'Content-Type: multipart/alternative; boundary="bb"\n\n--bb\n'
        + PLAIN.encode()
        + b"\n--bb--",
        PDF,
    ),
    shows=TEXT,
    names=["offer.pdf"],
)
case("no closing boundary", parts(PLAIN, PDF, end=b""), shows=TEXT, names=["offer.pdf"])
case("closing boundary first", mail(f"--b--\n{PLAIN}", Content_Type=multipart + "b"))
case(
    "text behind the closing boundary",
    parts(b"Content-Type: text/plain\n\nfirst", end=b"--b--\n\n" + TEXT.encode()),
)
case(
    "two content types",
    mail(TEXT, Content_Type="text/plain").replace(
        b"\n\n", b"\nContent-Type: multipart/mixed\n\n", 1
    ),
)
case(
    "two content types, the second of parts",
    parts(PLAIN).replace(b"Content-Type", b"Content-Type: text/plain\nContent-Type", 1),
)
case("content type of nonsense", mail(TEXT, Content_Type="//;;=;\x00"))
case("content type of words", mail(TEXT, Content_Type="plain text please"))
case("unknown main type", mail(TEXT, Content_Type="blah/blah"), holds=TEXT.encode())
case("no header at all", TEXT.encode())
case("empty header", b"\n" + TEXT.encode() + b" Really.")
case("header and body not separated", mail("").rstrip() + b"\n" + TEXT.encode() + b"\nbye")
case("carriage returns only", mail(TEXT).replace(b"\n", b"\r"))
case("mixed line ends", mail(TEXT).replace(b"\nTo", b"\r\nTo").replace(b"\nDate", b"\r\r\nDate"))
case("mbox line in front", b"From ann@customer.example Mon Jun  2 10:11:12 2025\n" + mail(TEXT))
case("byte order mark in front", b"\xef\xbb\xbf" + mail(TEXT))
case("empty", b"", shows="")
case("one byte", b"\xff")
CASES["one byte"][1].clear()
case("NULs everywhere", b"\0".join(mail(TEXT).split(b" ")), shows="heating")
case("part without a header line", parts(b"\n" + TEXT.encode()))
case("part of a header only", parts(b"Content-Type: text/plain", PLAIN))
case("10,000 parts", parts(*[b"\nx"] * 9_999, PLAIN), holds=TEXT.encode())
deep = b"".join(
    b"--%d\nContent-Type: multipart/mixed; boundary=%d\n\n" % (n, n + 1) for n in range(1_000)
)
case("nested 1,000 deep", mail(deep + b"--1000\n" + PLAIN.encode(), Content_Type=multipart + "0"))
case(
    "forwarded 1,000 deep",
    mail(
        b"Content-Type: message/rfc822\n\n" * 1_000 + TEXT.encode(),
        Content_Type="message/rfc822",
    ),
    holds=TEXT.encode(),
)
case("header of 1 MB", mail(TEXT, X_Long="x" * 1_000_000))
case("subject of 1 MB", mail(TEXT, Subject="x" * 1_000_000), shows=TEXT, subject="x" * 1_000)
case("20,000 header fields", b"X-A: b\n" * 20_000 + mail(TEXT))
case("one line of 1 MB", mail(TEXT + "x" * 1_000_000))
case(
    "alternative of the same kind twice",
    parts(PLAIN, b"Content-Type: text/plain\n\nother", subtype="alternative"),
)
case(
    "alternative with empty HTML",
    parts(PLAIN, b"Content-Type: text/html\n\n ", subtype="alternative"),
)
case(
    "alternative with a file",
    parts(PLAIN, PDF, subtype="alternative"),
    shows=TEXT,
    names=["offer.pdf"],
)
case("signed", parts(PLAIN, b"Content-Type: application/pgp-signature\n\nxx", subtype="signed"))
case(
    "encrypted",
    parts(
        b"Content-Type: application/pgp-encrypted\n\nVersion: 1",
        b"Content-Type: application/octet-stream\n\nsecret",
        subtype="encrypted",
    ),
    holds=b"secret",
)
case(
    "external body",
    mail(
        "Content-Type: text/plain\n\nx",
        Content_Type='message/external-body; access-type=local-file; name="/etc/passwd"',
    ),
    holds=b"text/plain",
)
case(
    "partial mail",
    mail(TEXT, Content_Type="message/partial; number=1; total=2; id=x"),
    holds=TEXT.encode(),
)
case(
    "digest without types",
    parts(b"\nSubject: inner\n\n" + TEXT.encode(), subtype="digest"),
    holds=TEXT.encode(),
    names=["inner.eml"],
)
