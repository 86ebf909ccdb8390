"""Senders and delivery reports that are not what they say: nobody is taken for an employee by them,
and no address bounces."""

from odoo.tests import tagged

from .common import MailImportCase, build_mail
from .test_delivering import build_bounce

AGENT = "agent@company.example"
EVIL = "mx.company.example; dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=evil.example; "
HONEST = EVIL + "dmarc=pass header.from=evil.example"
VAGUE = EVIL + "dmarc=pass"
"""A server that does not say which From it read."""

# Values of From (or whole header lines) that some program or other takes for the agent.
NAMES = [
    f'"{AGENT}" <mallory@evil.example>',
    f"{AGENT} <mallory@evil.example>",
    f'"Agent <{AGENT}>" <mallory@evil.example>',
    f"Agent <{AGENT}> <mallory@evil.example>",
    f"<mallory@evil.example> <{AGENT}>",
    f"<{AGENT}><mallory@evil.example>",
    f"mallory@evil.example, {AGENT}",
    f"{AGENT}, mallory@evil.example",
    f"{AGENT}; mallory@evil.example",
    f"mallory@evil.example ({AGENT})",
    f"({AGENT}) mallory@evil.example",
    f"mallory@evil.example <{AGENT}",
    f"{AGENT} mallory@evil.example",
    f"Team: {AGENT}, mallory@evil.example;",
    f"{AGENT}: mallory@evil.example;",
    f"Team:;, {AGENT}, mallory@evil.example",
    f"@evil.example:{AGENT}, mallory@evil.example",
    f"<@company.example,@evil.example:{AGENT}>",
    f'"{AGENT}"@evil.example',
    '"agent@company.example "@evil.example',
    "agent%company.example@evil.example",
    "company.example!agent@evil.example",
    "agent@company.example@evil.example",
    "agent@evil.example@company.example",
    "agent@company.example.evil.example",
    "agent@company.example\\@evil.example",
    "agent@company.example\x00@evil.example",
    "mallory@evil.example\x00, agent@company.example",
    "agent@company.example\x00.evil.example",
    "agent@company.example\x01",
    "agent@company.example\r (\n x)",
    "=?utf-8?q?agent=40company.example?=",
    "=?utf-8?q?agent=40company.example?= <mallory@evil.example>",
    "=?utf-8?q?=3Cagent=40company.example=3E?= <mallory@evil.example>",
    "=?utf-8?b?YWdlbnRAY29tcGFueS5leGFtcGxlLA==?= mallory@evil.example",
    "=?utf-8?q?agent=40company.example=2C?= <mallory@evil.example>",
    "=?utf-8?q?a?= <=?utf-8?q?agent=40company.example?=>",
    "=?utf-8?q?x=0D=0AFrom=3A_agent=40company.example?= <mallory@evil.example>",
    "agent@c\u043empany.example",
    "agent@compan\u200by.example",
    "\u0430gent@company.example",
    "agent@xn--cmpany-2nf.example",
    "\uff41gent@company.example",
    "agent\uff20company.example",
    "agent@company\u3002example",
    "agent@company.example\u202e <mallory@evil.example>",
    f"<mailto:{AGENT}>, <mallory@evil.example>",
    f"<mallory@evil.example?from={AGENT}>",
    "agent@[company.example] <mallory@evil.example>",
    "agent (x) @ (y) company.example, mallory@evil.example",
    '"agent"@company.example, mallory@evil.example',
    'Agent "the <boss@evil.example>" <agent@company.example>, x@evil.example',
    f'"unclosed <{AGENT}>, mallory@evil.example',
    f"\\<{AGENT}\\> <mallory@evil.example>",
    f"{AGENT}\u2028<mallory@evil.example>",
    f"{AGENT}\tmallory@evil.example",
    "",
    "agent",
    "<>",
]
# Whole headers in place of From.
HEADERS = {
    "two From headers": f"From: mallory@evil.example\nFrom: {AGENT}",
    "two From headers, the other way": f"From: {AGENT}\nFrom: mallory@evil.example",
    "From with a space before the colon": f"From : {AGENT}\nFrom: mallory@evil.example",
    "From in capitals": f"FROM: {AGENT}\nfrom: mallory@evil.example",
    "Sender only": f"Sender: {AGENT}",
    "empty From and a Sender": f"From:\nSender: {AGENT}",
    "Sender beside From": f"From: mallory@evil.example\nSender: {AGENT}",
    "Reply-To": f"From: mallory@evil.example\nReply-To: {AGENT}",
    "Return-Path": f"Return-Path: <{AGENT}>\nFrom: mallory@evil.example",
    "Resent-From": f"From: mallory@evil.example\nResent-From: {AGENT}",
    "X-Original-From": f"From: mallory@evil.example\nX-Original-From: {AGENT}",
    "a list that rewrote From": (
        "From: 'Agent' via List <list@evil.example>\nList-Post: <mailto:list@evil.example>\n"
        f"X-Original-From: {AGENT}"
    ),
    "a list and a Reply-To": (
        "From: 'Agent' via List <list@evil.example>\nList-Id: <list.evil.example>\n"
        f"List-Post: <mailto:list@evil.example>\nReply-To: {AGENT}"
    ),
    "folded From": f"From:\n {AGENT},\n mallory@evil.example",
    "From behind junk": f"junk without a colon\nFrom: {AGENT}\nFrom: mallory@evil.example",
    "From of 5,000 characters": f"From: {'x' * 5_000} <{AGENT}>",
}
# What a forger writes where the trusted server has written nothing, or something else.
VERDICTS = {
    "no verdict": [],
    "of another server": ["mx.evil.example; dmarc=pass header.from=company.example"],
    "of a name like it": [
        "mx.company.example.evil.example; dmarc=pass header.from=company.example"
    ],
    "of a homoglyph": ["mx.c\u043empany.example; dmarc=pass header.from=company.example"],
    "in a comment": ["mx.company.example; dmarc=fail (dmarc=pass header.from=company.example)"],
    "in a nested comment": ["mx.company.example; none (a (b) ; dmarc=pass)"],
    "below one of another server": [
        "mx.evil.example; none",
        "mx.company.example; dmarc=pass header.from=company.example",
    ],
    "below a failure": [
        "mx.company.example; dmarc=fail header.from=company.example",
        "mx.company.example; dmarc=pass header.from=company.example",
    ],
    "pass and failure": ["mx.company.example; dmarc=fail; dkim=pass header.d=company.example"],
    "of another domain": [HONEST],
    "of a domain that ends alike": ["mx.company.example; dkim=pass header.d=notcompany.example"],
    "of the top level": ["mx.company.example; dkim=pass header.d=example"],
    "in quotes": [
        'mx.company.example; dkim=neutral reason="; dmarc=pass header.from=company.example"'
    ],
    "temperror": [
        "mx.company.example; dmarc=temperror; spf=softfail smtp.mailfrom=company.example"
    ],
}


@tagged("post_install", "-at_install")
class TestForgedSenders(MailImportCase):
    series = 0

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.support.write(
            {
                "default_target_id": cls.env.ref("mail_task_import.target_task").id,
                "default_project_id": cls.project.id,
            }
        )
        cls.task = cls.env["project.task"].create({"name": "Lamp", "project_id": cls.project.id})

    def mails(self, sources):
        """``{name: outcome}`` of mails with these (verdicts, lines of From) that name a task."""
        raws = []
        self.series += 1
        for number, (verdicts, lines) in enumerate(sources.values()):
            mail = build_mail(
                subject=f"About {number} [TASK-{self.task.id}]",
                message_id=f"<f{self.series}-{number}@x.example>",
            )
            _from, rest = mail.split(b"\r\n", 1)
            above = "".join(f"Authentication-Results: {verdict}\n" for verdict in verdicts)
            lines = (above + lines).encode().replace(b"\n", b"\r\n")
            raws.append(lines + b"\r\n" + rest)
        return dict(zip(sources, self.receive(self.support, *raws), strict=True))

    def assertNobody(self, sources):
        for name, mail in self.mails(sources).items():
            with self.subTest(name):
                self.assertEqual(mail.state, "stored")
                self.assertFalse(mail.employee)
                self.assertFalse(mail.outgoing)
                authors = mail.email.author_id | mail.email.link_ids.message_id.author_id
                self.assertFalse(authors.user_ids)
                self.assertNotIn(self.task, [link._get_record() for link in mail.email.link_ids])
                records = [link._get_record() for link in mail.email.link_ids]
                creators = {user for record in records for user in record.create_uid}
                self.assertLessEqual({user.id for user in creators}, {1})
                for record in records:
                    self.assertNotIn(
                        self.agent, record.user_ids | record.message_partner_ids.user_ids
                    )

    def test_no_way_of_writing_from_makes_an_employee_of_a_stranger(self):
        self.assertGreater(len(NAMES) + len(HEADERS) + len(VERDICTS), 54)
        for verdict in (HONEST, VAGUE):
            sources = {f"From: {name!r}": ([verdict], f"From: {name}") for name in NAMES}
            self.assertNobody(sources)

    def test_no_other_header_does(self):
        for verdict in (HONEST, VAGUE):
            self.assertNobody({name: ([verdict], lines) for name, lines in HEADERS.items()})

    def test_no_forged_verdict_does(self):
        self.assertNobody(
            {name: (verdicts, f"From: Agent <{AGENT}>") for name, verdicts in VERDICTS.items()}
        )

    def test_the_employee_is_known_by_each_usual_way_of_writing(self):
        verdict = "mx.company.example; dmarc=pass header.from=company.example"
        usual = (
            AGENT,
            f"<{AGENT}>",
            f"Agent <{AGENT}>",
            f'"Agent, the" <{AGENT}>',
            f"{AGENT} (Agent)",
            f"=?utf-8?q?=C3=84gent?= <{AGENT}>",
            "Agent <AGENT@Company.Example>",
            f"Agent (Sales)\n <{AGENT}>",
        )
        mails = self.mails({each: ([verdict], f"From: {each}") for each in usual})
        for name, mail in mails.items():
            with self.subTest(name):
                self.assertEqual(mail.employee, self.agent)

    def test_a_mail_without_a_sender_is_nobodys(self):
        self.receive(self.support, build_mail(message_id="<q@customer.example>"))
        system = self.env.ref("base.partner_root").email_normalized
        for number, lines in enumerate((b"", b"From:\r\n", b"From: <>\r\n", b"From: nobody\r\n")):
            with self.subTest(lines):
                raw = build_mail(
                    in_reply_to="<q@customer.example>", message_id=f"<nobody-{number}@x.example>"
                )
                _from, rest = raw.split(b"\r\n", 1)
                (mail,) = self.receive(self.support, lines + rest)
                message = mail.email.link_ids.message_id
                self.assertEqual(len(message), 1)
                self.assertFalse(mail.email.author_id | message.author_id)
                self.assertFalse(mail.email.from_email)
                self.assertNotIn(system, message.email_from or "")

    def test_an_alias_makes_a_record_of_nobody(self):
        alias = self.env["mail.alias"].create(
            {
                "alias_name": "lamps",
                "alias_model_id": self.env["ir.model"]._get_id("crm.lead"),
                "alias_domain_id": self.env["mail.alias.domain"].create({"name": "a.example"}).id,
            }
        )
        raw = build_mail(to=alias.alias_full_name).split(b"\r\n", 1)[1]
        (mail,) = self.receive(self.support, raw)
        lead = self.record(mail.email)
        self.assertEqual(lead._name, "crm.lead")
        self.assertFalse(lead.partner_id | lead.message_partner_ids)
        self.assertFalse(lead.email_from)
        self.assertFalse(self.links(mail.email).message_id.author_id)


@tagged("post_install", "-at_install")
class TestForgedBounces(MailImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.partner"].create({"name": "Bob", "email": "bob@customer.example"})
        cls.reader = cls.env["res.partner"].create({"name": "Eve", "email": "eve@customer.example"})
        lead = cls.env["crm.lead"].create({"name": "Chairs", "partner_id": cls.customer.id})
        cls.boss.notification_type = "inbox"
        cls.message = lead.with_user(cls.agent).message_post(
            body="Our answer",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=(cls.customer | cls.boss.partner_id).ids,
        )
        cls.note = lead.message_post(body="To the log only", message_type="comment")

    def counted(self):
        people = self.customer | self.other | self.reader | self.boss.partner_id
        return dict(zip(people.mapped("name"), people.mapped("message_bounce"), strict=True))

    def forged(self):
        real, ann = self.message.message_id, "ann@customer.example"
        report = build_bounce(real)
        bare = build_bounce("<never@sent.example>")
        for recipient in (
            "bob@customer.example",
            "boss@company.example",
            "eve@customer.example",
            "support@company.example",
            "ann@customer.example.evil.example",
            '"ann@customer.example"@evil.example',
            "ann%customer.example@evil.example",
            "xann@customer.example",
            "*@customer.example",
            "agent@company.example",
        ):
            yield f"to {recipient}", build_bounce(real, recipient)
        yield "of a mail that was never sent", bare
        yield "of an internal note", build_bounce(self.note.message_id)
        yield (
            "without the returned mail",
            report.split(b"--=report\r\nContent-Type: message/rfc822")[0],
        )
        yield "with an empty Message-ID", build_bounce("<>")
        yield "of a Message-ID like it", build_bounce(real.replace("<", "<x"))
        yield "of a Message-ID of wildcards", build_bounce("<%>")
        yield "of a Message-ID cut off", build_bounce(real[:-3] + ">")
        yield "a delay", report.replace(b"Action: failed", b"Action: delayed")
        yield "a delivery", report.replace(b"Action: failed", b"Action: delivered")
        yield (
            "named in the text only",
            build_mail(
                subject="Undelivered Mail Returned to Sender",
                sender="mailer-daemon@evil.example",
                text=f"Delivery to {ann} failed permanently.\nMessage-ID: {real}",
            ),
        )
        yield (
            "named in our own headers only",
            build_mail(
                sender="mailer-daemon@evil.example",
                in_reply_to=real,
                text="<bob@customer.example>: failed",
                X_Failed_Recipients="bob@customer.example",
            ),
        )

    def test_no_forged_report_counts(self):
        before = self.counted()
        reports = list(self.forged())
        self.assertGreaterEqual(len(reports), 20)
        for name, raw in reports:
            with self.subTest(name):
                self.receive(self.support, raw)
                self.assertEqual(self.counted(), before)
        statuses = self.message.notification_ids.mapped("notification_status")
        self.assertNotIn("bounce", statuses)

    def test_a_true_report_counts_once(self):
        first = build_bounce(self.message.message_id)
        self.receive(self.support, first)
        for number in range(3):
            again = first.replace(b"Message-ID: <bounce", b"Message-ID: <%d-bounce" % number)
            self.receive(self.support, again.replace(b"I could", b"%d could" % number))
        self.assertEqual(self.counted()["Ann Customer"], 1)
        self.assertEqual(sum(self.counted().values()), 1)

    def mailing_to(self, partner, message_id):
        return self.env["mailing.trace"].create(
            {
                "trace_type": "mail",
                "model": "res.partner",
                "res_id": partner.id,
                "email": partner.email,
                "message_id": message_id,
                "trace_status": "sent",
            }
        )

    def test_a_report_of_a_mailing_counts_for_its_own_recipient_only(self):
        if "mailing.trace" not in self.env:
            self.skipTest("mass_mailing is not installed")
        ours, others = (
            self.mailing_to(self.customer, "<m1@company.example>"),
            self.mailing_to(self.other, "<m2@company.example>"),
        )
        forged = build_bounce(self.message.message_id)
        forged = forged.replace(b"Subject: Our answer", b"References: <m2@company.example>")
        self.receive(self.support, forged, build_bounce("<m2@company.example>"))
        self.assertEqual((ours.trace_status, others.trace_status), ("sent", "sent"))
        self.receive(self.support, build_bounce("<m1@company.example>"))
        self.assertEqual((ours.trace_status, others.trace_status), ("bounce", "sent"))
