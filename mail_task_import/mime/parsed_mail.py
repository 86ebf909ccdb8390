"""The shape of a parsed mail: what every later step reads, and nothing else."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True, frozen=True)
class Address:
    """One mailbox of an address header: the shown ``name`` and the normalised ``email``.

    ``email`` is lower case, without angle brackets, "" where the header held no usable address.
    """

    name: str = ""
    email: str = ""

    def __str__(self):
        if not self.name:
            return self.email
        quoted = self.name.replace("\\", "").replace('"', "'")
        return f'"{quoted}" <{self.email}>'


@dataclass(slots=True)
class Attachment:
    """One file of a mail. ``name`` is a bare file name, never a path, never empty."""

    name: str
    content: bytes
    mimetype: str = "application/octet-stream"
    cid: str = ""
    """Content-ID without angle brackets, spelled as the body spells it; "" where there is none."""
    inline: bool = False
    """True where the body shows it by its ``cid``."""


@dataclass(slots=True)
class Failure:
    """What a delivery report says of one address; see ``failures.judge``."""

    address: str
    """Lower case."""
    status: str = ""
    """Enhanced status code, for example "5.1.1"."""
    words: str = ""
    """What the server said, in one line."""
    kind: str = "soft"
    """"hard" | "soft" | "refused"."""
    reason: str = ""


@dataclass(slots=True)
class Receipt:
    """Addresses that a report says a mail has reached (RFC 3464, "action: delivered")."""

    recipients: list[str] = field(default_factory=list)
    original_message_ids: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Bounce:
    """What a delivery report says (RFC 3464)."""

    failures: list[Failure] = field(default_factory=list)
    """Addresses that it gives up, or is late with; the other fields sum them up."""

    recipients: list[str] = field(default_factory=list)
    """Addresses that could not be reached, lower case."""
    status: str = ""
    """Enhanced status code, for example "5.1.1"."""
    hard: bool = False
    diagnostic: str = ""
    original_message_ids: list[str] = field(default_factory=list)
    """Message-ID (and References) of the returned mail, newest first."""
    delayed: bool = False
    """True for a warning ("action: delayed"): nothing has bounced yet."""


@dataclass(slots=True)
class AuthenticationVerdict:
    """One Authentication-Results header (RFC 8601): who says it, and what."""

    server: str
    """authserv-id, lower case."""
    passed: bool
    """True where DMARC passed, or DKIM/SPF passed for the domain of the From address.

    Never where ``sender`` is not ``from_`` (the pass is the group's), nor with several authors."""
    failed: bool
    """True where DMARC failed, or, without DMARC, a DKIM or SPF check failed and none passed."""
    summary: str
    """"dkim=pass spf=fail dmarc=none" for people to read."""
    signers: tuple[str, ...] = ()
    """Domains whose DKIM signature it found right."""
    on_top: bool = False
    """True where it stands above the topmost Received, so that whoever received the mail last has
    written it; never where there is no Received at all."""


@dataclass(slots=True)
class ParsedMail:
    """One mail, as plain values. Making one never raises, whatever the bytes were."""

    message_id: str = ""
    """"<left@right>"; long or odd ones are cut and hashed (<= 250). A mail that has none gets one
    by its content, which all its copies share."""
    in_reply_to: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    """Message-IDs of the whole chain, oldest first, In-Reply-To last, without doubles, <= 100."""
    subject: str = ""
    date: datetime | None = None
    """Date header as naive UTC; None where absent, absurd or in the far future."""
    sender: Address = field(default_factory=Address)
    """The true sender: From, or who a group address rewrote it from (X-Original-From ...)."""
    from_: Address = field(default_factory=Address)
    several_authors: bool = False
    """True where From names more than one address (RFC 5322 section 3.6.2), in one field or more:
    programs show one of them, servers check one, and not always the same."""
    reply_to: list[Address] = field(default_factory=list)
    to: list[Address] = field(default_factory=list)
    cc: list[Address] = field(default_factory=list)
    bcc: list[Address] = field(default_factory=list)
    delivered_to: list[str] = field(default_factory=list)
    """Addresses of Delivered-To, X-Original-To, Envelope-To: this copy's own."""
    body_html: str = ""
    """Bounded in size and depth, harmless, images by ``cid:`` still naming their attachment.

    A mail of text only is shown as HTML of that text."""
    body_text: str = ""
    """The text as people read it (from HTML where the mail has no text part)."""
    preview: str = ""
    """First 200 characters of the new text, one line, for lists."""
    attachments: list[Attachment] = field(default_factory=list)
    trace_headers: str = ""
    """Headers that belong to this copy (Received, Delivered-To, ...), for its owner's eyes."""
    headers: str = ""
    """The other headers, as text for people; all copies share them; Bcc never among them."""
    list_id: str = ""
    list_addresses: list[str] = field(default_factory=list)
    """Addresses that the list headers name (List-Post, X-BeenThere, List-Id read as an address)."""
    automatic: str = ""
    """"" | "auto_reply" | "auto_generated" | "bounce" | "list" | "bulk"."""
    bounce: Bounce | None = None
    receipt: Receipt | None = None
    authentication: list[AuthenticationVerdict] = field(default_factory=list)
    key: str = ""
    """Hex digest of Message-ID, sender, Date (without Message-ID: sender, Date, Subject, body)."""
    digest: str = ""
    """Hex digest of the content that people see: text and attachments."""
    size: int = 0
    """Bytes of the raw mail."""
    defects: list[str] = field(default_factory=list)
    """What was broken in it, in words for an administrator."""
    loop_marks: list[str] = field(default_factory=list)
    """Values of X-Mail-Import-Loop headers that our own sending writes."""
