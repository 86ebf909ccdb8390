"""Values that a model refuses: said when the rule is saved, or left out of what mail makes."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import build_mail
from .test_rules import RuleCase
from .test_rules_values import value

GROUPS = {"p": "probability", "w": "website", "r": "referred", "t": "tag_ids"}
PATTERN = r"p=(?P<p>\S+) w=(?P<w>\S+) r=(?P<r>\S+) t=(?P<t>\S+)"


@tagged("post_install", "-at_install")
class TestRefusedWhenSaved(RuleCase):
    def saved(self, *values, **more):
        return self.rule(keyword="x", target_id=self.lead.id, value_ids=list(values), **more)

    def test_what_the_model_refuses_is_said_with_its_field(self):
        for refused, why in (
            (value("website", text="http://["), "“Website” does not take “http://\\[”"),
            (value("probability", number=101), "“Probability” takes numbers from 0 to 100"),
            (value("probability", number=-5), "“Probability” takes numbers from 0 to 100"),
            (value("expected_revenue", number=-1), "takes numbers from 0 to"),
        ):
            with self.assertRaisesRegex(ValidationError, why):
                self.saved(value("referred", text="fair"), refused)
        rule = self.saved(value("website", text="company.example"))
        with self.assertRaisesRegex(ValidationError, "does not take"):
            rule.value_ids.text = "http://["

    def test_values_that_do_not_go_together_are_refused(self):
        won = self.env["crm.stage"].create({"name": "Done deal", "is_won": True})
        half = [value("stage_id", res_id=won.id), value("probability", number=50)]
        with self.assertRaisesRegex(ValidationError, "these values together: .*[Ww]on"):
            self.saved(*half)
        self.assertTrue(self.saved(half[0], value("probability", number=100)))

    def test_nothing_stays_of_what_was_tried(self):
        mails = self.env["mail.mail"].search([])
        leads = self.env["crm.lead"].with_context(active_test=False)
        before = leads.search_count([])
        rule = self.saved(value("user_id", res_id=self.agent.id), value("priority", choice="2"))
        self.assertEqual(leads.search_count([]), before)
        self.assertEqual(self.env["mail.mail"].search([]), mails)
        self.assertTrue(rule.exists())

    def test_stages_of_each_users_own_list_are_not_offered(self):
        rule = self.rule(keyword="x", value_ids=[value("priority", choice="1")])
        offered = [name for name, _label in rule.value_ids.field_choices]
        self.assertIn("stage_id", offered)
        self.assertNotIn("personal_stage_type_ids", offered)
        stage = self.env["project.task.type"].create({"name": "Mine", "user_id": self.owner.id})
        with self.assertRaisesRegex(ValidationError, "does not fill"):
            self.rule(keyword="x", value_ids=[value("personal_stage_type_ids", res_id=stage.id)])


@tagged("post_install", "-at_install")
class TestRefusedByGroup(RuleCase):
    """What a stranger writes does not get a mail past its rule."""

    def filling(self, **values):
        by_group = [value(name, kind="group", group=group) for group, name in GROUPS.items()]
        values = {"value_ids": by_group, "target_id": self.lead.id, **values}
        return self.rule(keyword=PATTERN, keyword_kind="regex", keyword_in="subject", **values)

    def lead_of(self, outcome):
        link = self.links(outcome.email).filtered("made_record")
        self.assertEqual(link.rule_id.name, "Complaints", self.why(outcome))
        return link._get_record()

    def test_what_the_model_refuses_is_left_out_and_said(self):
        self.filling()
        tag = self.env["crm.tag"].create({"name": "Retail"})
        mail = self.one(subject="p=50 w=http://[ r=A-77 t=retail")
        lead = self.lead_of(mail)
        self.assertFalse(lead.website)
        self.assertEqual((lead.probability, lead.referred, lead.tag_ids), (50, "A-77", tag))
        self.assertIn("“w” found was refused by the field “Website”", self.why(mail))

    def test_only_the_mail_that_says_so_loses_its_value(self):
        self.rule(
            keyword=r"says (?P<it>\S+)",
            keyword_kind="regex",
            target_id=self.lead.id,
            value_ids=[value("priority", choice="1"), value("website", kind="group", group="it")],
        )
        mails = [build_mail(subject=f"says {word}") for word in ("http://[", "http://x.example")]
        outcomes = self.receive(self.support, *mails)
        leads = [self.lead_of(outcome) for outcome in outcomes]
        self.assertEqual([lead.website for lead in leads], [False, "http://x.example"])
        self.assertEqual([lead.priority for lead in leads], ["1", "1"])
        self.assertIn("refused by the field “Website”", self.why(outcomes[0]))
        self.assertNotIn("refused", self.why(outcomes[1]))

    def test_a_value_that_does_not_go_with_another_is_left_out(self):
        won = self.env["crm.stage"].create({"name": "Done deal", "is_won": True})
        self.filling(
            value_ids=[
                value("stage_id", res_id=won.id),
                value("probability", kind="group", group="p"),
                value("referred", kind="group", group="r"),
            ]
        )
        mail = self.one(subject="p=50 w=x r=A-77 t=y")
        lead = self.lead_of(mail)
        self.assertEqual((lead.stage_id, lead.probability, lead.referred), (won, 100, "A-77"))
        self.assertRegex(self.why(mail), "the field “Probability”, which is left empty: .*[Ww]on")

    def test_a_sender_who_becomes_a_contact_is_one_afterwards_too(self):
        self.filling(unknown_sender="contact")
        mail = self.one(
            subject="p=7 w=http://[ r=x t=none",
            sender="Sam <sam@stranger.example>",
            Authentication_Results="mx.company.example; dmarc=pass header.from=stranger.example",
        )
        partner = self.env["res.partner"].search([("email", "=", "sam@stranger.example")])
        self.assertEqual(len(partner), 1)
        self.assertEqual(self.lead_of(mail).partner_id, partner)

    def test_numbers_that_mean_nothing_are_left_empty(self):
        for field_name, words, kept in (
            ("probability", ("101", "-5", "1e3"), "99"),
            ("expected_revenue", ("-999,999,999,999", "1.2.3,4", "1,2,3", "1 2 3"), "1'234.50"),
            ("color", ("12", "-1"), "11"),
        ):
            rule = self.rule(
                keyword=r"says (?P<it>.+)",
                keyword_kind="regex",
                keyword_in="subject",
                target_id=self.lead.id,
                value_ids=[value(field_name, kind="group", group="it")],
            )
            usual = self.env["crm.lead"].create({"name": "usual"})[field_name]
            for word in words:
                mail = self.one(subject=f"says {word}", text=f"{field_name} {word}")
                self.assertEqual(self.lead_of(mail)[field_name], usual, word)
                self.assertIn("is no value of the field", self.why(mail))
            mail = self.one(subject=f"says {kept}", text=field_name)
            self.assertEqual(self.lead_of(mail)[field_name], float(kept.replace("'", "")))
            rule.unlink()

    def test_where_other_values_are_to_blame_the_rule_fails(self):
        rule = self.filling(
            value_ids=[value("website", text="x"), value("referred", kind="group", group="r")]
        )
        # as if the model had been stricter since
        self.env.cr.execute(
            "UPDATE mail_import_rule_value SET text = 'http://[' WHERE text = 'x' AND rule_id = %s",
            [rule.id],
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        mail = self.one(subject="p=50 w=x r=A-77 t=retail")
        self.assertFalse(self.links(mail.email).rule_id)
        self.assertIn("could not make its record", self.why(mail))
        self.assertNotIn("refused by the field", self.why(mail))
