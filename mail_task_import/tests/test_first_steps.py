"""First steps: from an address and a password to a mailbox; and that they stay their user's own."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from environment.smtp_sink import SmtpSink

from .common import ServerCase

ADDRESS, SECRET = "ann@newcomer.example", "a secret of her own"
LOGIN_WORDS = "authentication"


@tagged("post_install", "-at_install")
class TestFirstSteps(ServerCase):
    @classmethod
    def _new_sink(cls):
        return SmtpSink(users={ADDRESS: SECRET, "sales@newcomer.example": SECRET})

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for address in (ADDRESS, "sales@newcomer.example"):
            cls.dovecot.add_user(address, SECRET)
        cls.newcomer = cls._employee("ann", ADDRESS, "base.group_user")
        cls.service = cls.env["mail.import.provider"].create(
            {
                "name": "Newcomer Mail",
                "domains": "newcomer.example",
                "imap_host": "127.0.0.1",
                "imap_port": cls.dovecot.imap_port,
                "imap_security": "none",
                "smtp_host": "127.0.0.1",
                "smtp_port": cls.sink.port,
                "smtp_security": "none",
            }
        )

    def steps(self, user=None):
        return self.env["mail.import.set.up"].with_user(user or self.newcomer)

    def plan(self, address=ADDRESS, kind="personal", user=None):
        plan = self.steps(user).look_up(kind, address)
        return plan["reading"][0], plan["sending"][0]

    def save(self, kind="personal", user=None, address=ADDRESS):
        reading, sending = self.plan(address, kind, user)
        values = {
            "address": address,
            "login": address,
            "password": SECRET,
            "provider": self.service.id,
            "reading": reading,
            "sending": sending,
        }
        return self.steps(user).save(kind, values)

    def mailbox(self):
        return self.env["mail.import.mailbox"].search([("owner_id", "=", self.newcomer.id)])

    # -- finding and trying ---------------------------------------------------------------------

    def test_the_domain_says_the_provider(self):
        plan = self.steps().look_up("personal", f"Ann <{ADDRESS.upper()}>")
        self.assertEqual((plan["address"], plan["provider"]["name"]), (ADDRESS, "Newcomer Mail"))
        self.assertEqual(plan["reading"][0]["port"], self.dovecot.imap_port)
        self.assertEqual(plan["sending"][0]["port"], self.sink.port)

    def test_servers_of_another_domain_are_guessed_encrypted_alone(self):
        plan = self.steps().look_up("personal", "ann@elsewhere.example")
        hosts = [server["host"] for server in plan["reading"]]
        self.assertEqual(set(hosts), {"imap.elsewhere.example", "mail.elsewhere.example"})
        servers = plan["reading"] + plan["sending"]
        self.assertEqual({server["security"] for server in servers}, {"ssl", "starttls"})

    def test_where_no_own_server_is_allowed_nothing_is_guessed(self):
        for name in ("own_hosts", "allowed_hosts"):
            self.env["ir.config_parameter"].set_param(f"mail_task_import.{name}", "")
        plan = self.steps().look_up("personal", "ann@elsewhere.example")
        self.assertEqual((plan["reading"], plan["sending"]), ([], []))
        self.assertIn("administrator", plan["refused"])

    def test_each_stage_is_told(self):
        reading, sending = self.plan()
        reached = self.steps().try_server("personal", "reading", reading)
        self.assertEqual([one["stage"] for one in reached["stages"]], ["resolve", "connect", "tls"])
        signed_in = self.steps().try_login("personal", "reading", reading, ADDRESS, SECRET)
        self.assertTrue(signed_in["ok"], signed_in)
        self.assertEqual([one["stage"] for one in signed_in["stages"]][-2:], ["login", "folder"])
        reached = self.steps().try_server("personal", "sending", sending)
        self.assertTrue(reached["ok"] and reached["server"]["needs_login"], reached)
        signed_in = self.steps().try_login("personal", "sending", sending, ADDRESS, SECRET)
        self.assertTrue(signed_in["ok"], signed_in)
        self.assertFalse(self.sink.messages())

    def test_a_server_that_wants_no_login_is_sent_by_without_one(self):
        with SmtpSink() as open_sink:
            server = {**self.plan()[1], "port": open_sink.port}
            reached = self.steps().try_server("personal", "sending", server)
        self.assertEqual((reached["ok"], reached["server"]["needs_login"]), (True, False))

    def test_a_wrong_password_is_told_in_the_servers_words_and_the_right_one_works_at_once(self):
        for way, server in zip(("reading", "sending"), self.plan(), strict=True):
            for password, worked in (("wrong", False), (SECRET, True), ("wrong", False)):
                outcome = self.steps().try_login("personal", way, server, ADDRESS, password)
                self.assertEqual(outcome["ok"], worked, (way, outcome))
            self.assertIn(LOGIN_WORDS, outcome["stages"][-1]["words"].lower())
            self.assertTrue(outcome["advice"])
            self.assertNotIn("wrong", str(outcome["stages"]))

    def test_the_trial_knows_no_password_but_the_one_it_is_given(self):
        """Also where another one was saved a moment ago."""
        self.save()
        for way, server in zip(("reading", "sending"), self.plan(), strict=True):
            for password in ("wrong", ""):
                outcome = self.steps().try_login("personal", way, server, ADDRESS, password)
                self.assertFalse(outcome["ok"], (way, password))

    def test_sending_uses_the_password_that_was_just_changed(self):
        self.save()
        mailbox = self.mailbox().with_user(self.newcomer)
        mailbox.password = "wrong"
        with self.assertRaises(UserError):
            mailbox.action_send_test_mail()
        mailbox.password = SECRET
        mailbox.action_send_test_mail()
        self.assertEqual(len(self.sink.messages()), 1)
        self.assertTrue(mailbox.sending_tested_at)

    def test_tries_are_bounded(self):
        server = {**self.plan()[0], "port": 1}
        with self.assertRaisesRegex(UserError, "ten minutes"):
            for _try in range(200):
                self.steps().try_server("personal", "reading", server)

    def test_nothing_inside_is_reached_that_the_mailbox_could_not_be_saved_with(self):
        self.env["ir.config_parameter"].set_param("mail_task_import.allowed_hosts", "")
        outcome = self.steps().try_server("personal", "reading", self.plan()[0])
        self.assertFalse(outcome["ok"])
        self.assertEqual([one["stage"] for one in outcome["stages"]], ["resolve"])

    def test_what_is_no_server_is_refused(self):
        right = self.plan()[0]
        for wrong in (
            {"host": ""},
            {"port": "x"},
            {"port": 0},
            {"security": "x"},
            {"protocol": "x"},
        ):
            with self.assertRaises(UserError):
                self.steps().try_server("personal", "reading", {**right, **wrong})

    def test_addresses_of_others_are_refused_at_once(self):
        for address in ("boss@company.example", "support@company.example", "nonsense", ""):
            with self.assertRaises(ValidationError):
                self.steps().look_up("personal", address)

    # -- from step to step ----------------------------------------------------------------------

    def test_the_whole_way(self):
        steps = self.steps()
        self.assertEqual(steps.where("personal")["step"], "account")
        self.assertEqual(self.save()["step"], "decide")
        mailbox = self.mailbox()
        self.assertEqual((mailbox.state, mailbox.visibility), ("draft", "owner"))
        self.assertEqual(mailbox.name, self.newcomer.name)
        where = steps.decide("personal", {"visibility": "linked", "letters_outside": True})
        self.assertEqual(where["step"], "history")
        self.assertEqual(steps.start("personal", "month")["step"], "done")
        self.assertEqual((mailbox.state, mailbox.visibility), ("active", "linked"))
        self.assertTrue(mailbox.letters_outside and mailbox.fetch_since and mailbox.asked_at)
        self.assertFalse(self.fetch(mailbox))

    def test_who_comes_back_goes_on_where_it_was(self):
        self.steps().look_up("personal", ADDRESS)
        where = self.steps().where("personal")
        self.assertEqual((where["step"], where["address"]), ("account", ADDRESS))
        self.save()
        self.assertEqual(self.steps().where("personal")["step"], "decide")
        self.mailbox().unlink()
        self.assertEqual(self.steps().where("personal")["step"], "account")

    def test_correcting_makes_no_second_mailbox(self):
        self.save()
        self.save()
        self.assertEqual(len(self.mailbox()), 1)

    def test_the_mail_app_opens_with_what_one_needs(self):
        Mailbox = self.env["mail.import.mailbox"]

        def opens(user):
            return Mailbox.with_user(user).action_open_mail().get("tag", "inbox")

        self.assertEqual(opens(self.newcomer), "mail_import_first_steps")
        self.assertEqual(opens(self.agent), "inbox")
        self.save()
        self.assertEqual(opens(self.newcomer), "mail_import_first_steps")
        self.steps().start("personal", "today")
        self.assertEqual(opens(self.newcomer), "inbox")

    def test_google_is_signed_in_to_on_its_own_pages(self):
        for name in ("id", "secret"):
            self.env["ir.config_parameter"].set_param(f"google_gmail_client_{name}", "odoo")
        address = "ann.newcomer@gmail.com"
        provider = self.steps().look_up("personal", address)["provider"]
        self.assertEqual((provider["account"], provider["can_connect"]), ("Google", True))
        action = self.steps().connect_account("personal", address)
        self.assertEqual(action["type"], "ir.actions.act_url")
        self.assertIn("accounts.google.com", action["url"])
        mailbox = self.mailbox()
        self.assertEqual((mailbox.sign_in_by, mailbox.has_password), ("gmail", False))
        self.assertEqual(self.steps().where("personal")["step"], "account")
        there = mailbox.with_user(self.newcomer)._address_after_consent()
        self.assertEqual(there, "/odoo/mail-start-mine")
        # who thinks better of it, and takes an app password
        self.save()
        self.assertEqual((mailbox.sign_in_by, mailbox.has_password), ("password", True))

    # -- a group --------------------------------------------------------------------------------

    def test_an_administrator_sets_up_a_group_mailbox(self):
        address = "sales@newcomer.example"
        self.save("group", self.administrator, address)
        lead = self.env.ref("mail_task_import.target_lead")
        values = {"visibility": "linked", "members": self.agent.ids, "target": lead.id}
        steps = self.steps(self.administrator)
        steps.decide("group", values)
        self.assertEqual(steps.start("group", "today")["step"], "done")
        mailbox = self.env["mail.import.mailbox"].search([("address", "=", address)])
        self.assertEqual((mailbox.name, mailbox.kind, mailbox.state), ("Sales", "group", "active"))
        self.assertEqual((mailbox.reader_ids, mailbox.default_target_id), (self.agent, lead))
        with self.assertRaisesRegex(ValidationError, "already"):
            steps.start_over("group")
            steps.look_up("group", address)

    # -- the administrator's list ---------------------------------------------------------------

    def progress(self, user=None):
        return (
            self.env["mail.import.mailbox"].with_user(user or self.administrator).set_up_progress()
        )

    def test_the_list_ticks_what_is_done(self):
        self.support.active = False
        self.assertEqual(set(self.progress().values()), {False})
        self.support.active = True
        self.assertFalse(self.fetch(self.support))
        self.support.default_target_id = self.env.ref("mail_task_import.target_lead")
        login = {"smtp_sign_in": True, "smtp_login": ADDRESS, "smtp_password": SECRET}
        self.support.write(login)
        self.support.with_user(self.administrator).action_send_test_mail()
        self.env.invalidate_all()
        self.assertEqual(set(self.progress().values()), {True})

    def test_the_list_is_the_administrators_and_each_closes_it_alone(self):
        self.assertFalse(self.progress(self.agent))
        other = self._employee("second", "second@company.example", "base.group_system")
        Mailbox = self.env["mail.import.mailbox"]
        Mailbox.with_user(self.administrator).close_set_up_progress()
        self.assertFalse(self.progress())
        self.assertTrue(self.progress(other))

    def test_every_list_says_what_it_is_for_while_it_is_empty(self):
        known = self.env["ir.model.data"].search(
            [("module", "=like", "mail_task_import%"), ("model", "=", "ir.actions.act_window")]
        )
        actions = self.env["ir.actions.act_window"].browse(known.mapped("res_id"))
        shown = actions.filtered(lambda action: action.target != "new")
        self.assertEqual(shown.filtered(lambda action: not action.help).mapped("name"), [])

    # -- whose they are -------------------------------------------------------------------------

    def test_others_neither_read_nor_continue_what_somebody_began(self):
        self.save()
        for user in (self.colleague, self.administrator):
            self.assertEqual(self.steps(user).where("personal")["address"], "")
            with self.assertRaises(AccessError):
                self.steps(user).search([]).read(["address"])
            with self.assertRaises(UserError):
                self.steps(user).start("personal", "all")
        with self.assertRaises(AccessError):
            self.steps().search([])
        with self.assertRaises(AccessError):
            self.steps().create({"user_id": self.newcomer.id, "kind": "group"})

    def test_a_mailbox_that_was_handed_on_is_not_gone_on_with(self):
        self.save()
        mailbox = self.mailbox()
        mailbox.write({"kind": "group", "address": "other@newcomer.example"})
        self.assertEqual(self.steps().where("personal")["step"], "account")

    def test_portal_users_are_refused_and_groups_are_the_administrators(self):
        portal = new_test_user(self.env, login="guest", groups="base.group_portal")
        with self.assertRaises(AccessError):
            self.steps(portal).where("personal")
        with self.assertRaises(AccessError):
            self.steps(portal).look_up("personal", "guest@customer.example")
        for method, arguments in (
            ("where", ()),
            ("look_up", ("sales@newcomer.example",)),
            ("save", ({},)),
            ("decide", ({},)),
            ("start", ("all",)),
            ("start_over", ()),
            ("try_server", ("reading", {})),
            ("try_login", ("reading", {}, "a", "b")),
            ("try_account", ()),
            ("connect_account", (ADDRESS,)),
        ):
            with self.assertRaises(AccessError):
                getattr(self.steps(), method)("group", *arguments)

    def test_the_password_is_nowhere_to_be_read(self):
        told = [self.save(), self.steps().where("personal")]
        told.append(self.steps().decide("personal", {"visibility": "owner"}))
        row = self.env["mail.import.set.up"].search([("user_id", "=", self.newcomer.id)])
        told += row.read()
        told += self.mailbox().with_user(self.newcomer).read(["password", "smtp_password"])
        self.assertNotIn(SECRET, str(told))

    def test_a_caller_adds_no_default_values(self):
        forged = self.steps(self.colleague).with_context(
            default_user_id=self.newcomer.id, default_mailbox_id=self.support.id
        )
        self.assertFalse(forged.where("personal")["mailbox_id"])
