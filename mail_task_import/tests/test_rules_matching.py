"""Conditions of rules as plain objects, and patterns that people write; no database is asked."""

import random
import time
from email.message import EmailMessage

from odoo.tests import BaseCase, tagged

from odoo.addons.mail_task_import.batch import IncomingMail
from odoo.addons.mail_task_import.mime.parser import parse
from odoo.addons.mail_task_import.mime.patterns import (
    PatternError,
    Patterns,
    compile_pattern,
    groups_of,
    literal,
)
from odoo.addons.mail_task_import.models.rule_matching import (
    AnyOf,
    CompiledRule,
    Equals,
    Facts,
    RuleBook,
    SenderDomain,
    SenderIs,
    SentTo,
    Text,
    pattern_of,
)
from odoo.addons.mail_task_import.receivers.raw_mail import RawMail


def facts(book=None, kind="unknown", text="Where is it?", **headers):
    mail = EmailMessage()
    for name, value in {
        "From": "Ann <ann@sales.firm.example>",
        "To": "support@company.example",
        "Subject": "Order 17",
        **headers,
    }.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    raw = RawMail(content=mail.as_bytes())
    incoming = IncomingMail(raw=raw, parsed=parse(raw.content))
    return Facts(incoming, kind, searches=book.searches if book else None)


def text(place, words, is_regex=False, negated=False, header="", match_case=False):
    pattern = compile_pattern(words, match_case) if is_regex else literal(words, match_case)
    return Text("line", "", place, header, pattern, negated=negated)


def held(*conditions, **mail):
    book = RuleBook([CompiledRule(1, "Rule", conditions)])
    return bool(list(book.matches(facts(book, **mail))))


@tagged("post_install", "-at_install")
class TestRulesMatching(BaseCase):
    def test_where_a_keyword_is_searched(self):
        for place, words, there in (
            ("subject", "ORDER", True),
            ("subject", "where", False),
            ("body", "where is", True),
            ("subject_body", "order", True),
            ("subject_body", "WHERE", True),
            ("from", "ann@sales", True),
            ("from", "support@", False),
            ("recipients", "support@company", True),
            ("headers", "x-color: green", True),
        ):
            self.assertIs(held(text(place, words), X_Color="Green"), there, (place, words))

    def test_capitals_count_where_it_is_said(self):
        self.assertFalse(held(text("subject", "order", match_case=True)))
        self.assertTrue(held(text("subject", "Order", match_case=True)))

    def test_what_nobody_sees_does_not_keep_a_word_from_being_found(self):
        subject = "Com\u200bplaint of Ko\u0308h\u00adler"
        for condition in (
            text("subject", "complaint of köhler"),
            text("subject", "Complaint of Köhler", match_case=True),
            text("subject", "^complaint of k.hler$", is_regex=True),
            text("header", "complaint", header="subject"),
            Equals("line", "1", "subject", "", "COMPLAINT of KÖHLER"),
            Equals("line", "1", "subject", "", "Complaint of Köhler", True),
        ):
            with self.subTest(condition):
                self.assertTrue(held(condition, Subject=subject))
                self.assertTrue(held(condition, Subject="Complaint of Köhler"))
        hidden = pattern_of("com\u00adplaint", is_regex=False, match_case=False)
        self.assertTrue(held(Text("line", "", "subject", "", hidden), Subject="Complaint"))

    def test_capitals_of_turkish_are_capitals(self):
        for words in ("sipariş", "SİPARİŞ", "Sİpariş"):
            for subject in ("Yeni SİPARİŞ", "yeni sipariş"):
                for is_regex in (False, True):
                    with self.subTest(words=words, subject=subject, is_regex=is_regex):
                        self.assertTrue(held(text("subject", words, is_regex), Subject=subject))
        self.assertTrue(held(text("subject", "ısı"), Subject="ISI"))
        self.assertFalse(held(text("subject", "sipariş", match_case=True), Subject="SİPARİŞ"))

    def test_groups_stand_as_in_the_mail(self):
        pattern = compile_pattern(r"sipariş (?P<who>\w+), (?P<what>\w+)(?P<no> no)?")
        self.assertEqual(
            pattern.search("Ünlü SİPARİŞ Kılıç, İnci"),
            ("SİPARİŞ Kılıç, İnci", {"who": "Kılıç", "what": "İnci"}),
        )

    def test_one_header(self):
        self.assertTrue(held(text("header", "gre", header="x-color"), X_Color="Green"))
        self.assertFalse(held(text("header", "gre", header="x-size"), X_Color="Green"))
        self.assertTrue(held(text("header", "gre", header="x-size", negated=True), X_Color="Green"))
        equals = Equals("line", "", "header", "x-color", "green")
        self.assertTrue(held(equals, X_Color=" Green "))
        self.assertFalse(held(equals, X_Color="Greenish"))

    def test_bcc_is_no_header_of_rules(self):
        self.assertFalse(held(text("headers", "secret@"), Bcc="secret@firm.example"))
        self.assertFalse(held(text("header", "secret@", header="bcc"), Bcc="secret@firm.example"))

    def test_what_is_not_there(self):
        self.assertTrue(held(text("body", "refund", negated=True)))
        self.assertFalse(held(text("body", "where", negated=True)))

    def test_domains_and_their_subdomains(self):
        firm = frozenset(("firm.example",))
        self.assertFalse(held(SenderDomain("domain", "", firm)))
        self.assertTrue(held(SenderDomain("domain", "", firm, True)))
        self.assertFalse(held(SenderDomain("domain", "", firm, True), From="a@notfirm.example"))

    def test_any_and_all(self):
        there, gone = text("subject", "order"), text("subject", "refund")
        self.assertTrue(held(AnyOf("lines", "any", (there, gone))))
        self.assertFalse(held(there, gone))
        self.assertTrue(held(there, SenderIs("sender", "", frozenset(("unknown",)))))

    def test_to_a_queues_own_address(self):
        queue = SentTo("recipients", "", frozenset(("queue@company.example",)))
        self.assertFalse(held(queue))
        self.assertTrue(held(queue, Cc="Queue <QUEUE@company.example>"))
        self.assertTrue(held(queue, Delivered_To="queue@company.example"))

    def test_groups_of_several_patterns(self):
        rule = CompiledRule(
            1,
            "Rule",
            (
                text("subject", r"order (?P<order>\d+)", is_regex=True),
                text("body", r"size (?P<size>\w+)", is_regex=True),
            ),
        )
        book = RuleBook([rule])
        (match,) = book.matches(facts(book, text="in size größer"))
        self.assertEqual(match.groups, {"order": "17", "size": "größer"})

    def test_rules_are_found_as_if_all_were_asked(self):
        """The index leaves none out, and keeps their order."""
        chance = random.Random(7)
        words = ["order", "refund", "Where", "it?", "17", "x-color"]
        for _round in range(200):
            rules = [
                CompiledRule(n, f"Rule {n}", tuple(_some_conditions(chance, words)))
                for n in range(chance.randint(1, 8))
            ]
            book = RuleBook(rules)
            asked = facts(book, X_Color="Green")
            everyone = [rule.id for rule in rules if rule.holds(asked)]
            self.assertEqual([match.rule.id for match in book.matches(asked)], everyone)

    def test_explaining_asks_the_same_conditions(self):
        rule = CompiledRule(1, "Rule", (text("subject", "refund"), text("body", "where")))
        book = RuleBook([rule])
        asked = facts(book)
        self.assertEqual([is_so for _condition, is_so in rule.explain(asked)], [False, True])
        self.assertIsNone(rule.holds(asked))


def _some_conditions(chance, words):
    makers = (
        lambda: text(chance.choice(["subject", "body", "subject_body"]), chance.choice(words)),
        lambda: text("subject", chance.choice(words), negated=True),
        lambda: SenderDomain(
            "domain", "", frozenset((chance.choice(["firm.example", "x.example"]),)), True
        ),
        lambda: SentTo(
            "to", "", frozenset((chance.choice(["support@company.example", "b@c.example"]),))
        ),
        lambda: AnyOf("lines", "any", (text("body", chance.choice(words)),)),
        lambda: SenderIs("sender", "", frozenset(("unknown",))),
    )
    return [chance.choice(makers)() for _number in range(chance.randint(1, 3))]


@tagged("post_install", "-at_install")
class TestPatterns(BaseCase):
    def refused(self, source):
        with self.assertRaises(PatternError) as caught:
            compile_pattern(source)
        return caught.exception.why, caught.exception.position

    def test_errors_are_named_with_their_position(self):
        for source, why, position in (
            ("order (", "syntax", 7),
            ("*x", "syntax", 1),
            ("a[b", "syntax", 2),
            ("[z-a]", "syntax", 2),
            ("a(?=b)", "look_ahead", 2),
            ("(?<!a)b", "look_behind", 1),
            (r"(a)\1", "back_reference", 4),
            ("(?P<n>a)(?P=n)", "back_reference", 9),
            (r"\(?=x(?!y)", "look_ahead", 6),
            ("[(?=](?>a)", "atomic", 6),
            ("a++", "atomic", 2),
            (r"end\Z", "escape", 4),
            ("x(?#why)", "comment", 2),
            (r"\bзаказ", "boundary", 1),
        ):
            self.assertEqual(self.refused(source), (why, position), source)
        self.assertEqual(self.refused("((((a{9}){9}){9}){9})")[0], "large")
        self.assertEqual(self.refused("a" * 1001)[0], "long")

    def test_letters_and_spaces_of_all_languages(self):
        pattern = compile_pattern(r"заказ\s*№\s*(?P<order>\w+)")
        self.assertEqual(groups_of(pattern), {"order"})
        self.assertEqual(pattern.search("Мой ЗАКАЗ №\u00a0Ü77!")[1], {"order": "Ü77"})
        self.assertIsNone(compile_pattern(r"^\W+$").search("дом"))

    def test_hostile_text_does_not_hold_a_pattern_up(self):
        """Patterns that take other engines for ever; a minute would mean that it hangs."""
        started = time.monotonic()
        for source in (r"(a+)+$", r"(a|aa)+!", r"(\w+\s?)*\d", r"(.*a){12}b", r"(x+x+)+y"):
            pattern = compile_pattern(source)
            for hostile in ("a" * 1_000_000, "a " * 500_000, "x" * 1_000_000 + "!"):
                pattern.search(hostile)
                Patterns({1: pattern}).found(hostile)
        self.assertLess(time.monotonic() - started, 60)

    def test_many_at_once_find_what_each_finds(self):
        patterns = {n: literal(f"word{n}") for n in range(200)}
        patterns |= {n: compile_pattern(rf"no{n}\s+\d+") for n in range(200, 300)}
        patterns[300] = literal("Word7", match_case=True)
        hay = "a WORD7 and word150, no250  17; no251 x"
        alone = {key for key, pattern in patterns.items() if pattern.search(hay)}
        self.assertEqual(Patterns(patterns).found(hay), alone)
        self.assertEqual(Patterns(patterns).found(""), set())
        self.assertEqual(Patterns({}).found(hay), set())

    def test_many_that_are_too_much_for_memory_are_searched_alone(self):
        """RE2 says of a search that ran out of memory that nothing was found."""
        chance = random.Random(3)
        patterns = {
            n: compile_pattern(rf"{chance.choice('abc')}.{{{n % 30 + 5}}}[a-c]x{n}")
            for n in range(150)
        }
        hay = "".join(chance.choice("abc") for _place in range(8_000))
        hay += "a" + "b" * 12 + "cx87"
        alone = {key for key, pattern in patterns.items() if pattern.search(hay)}
        self.assertTrue(alone)
        self.assertEqual(Patterns(patterns).found(hay), alone)
