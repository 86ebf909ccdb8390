"""Patterns of addresses that nothing is sent to by itself."""

import time
import unittest

from odoo.addons.mail_task_import.mime.no_send import ROBOTS, is_named, patterns_in


class TestNoSend(unittest.TestCase):
    def named(self, address, text):
        return is_named(address, patterns_in(text))

    def test_an_address_a_name_and_a_domain_with_those_below_it(self):
        for address, text in (
            ("ann@firm.example", "ann@firm.example"),
            ("Ann@Firm.Example", "x@y.example;ANN@firm.example"),
            ("ann@firm.example", "@firm.example"),
            ("ann@mail.firm.example", "firm.example"),
            ("no-reply@any.example", "no-reply@"),
            ("bounce+12@any.example", "a@b.example\nbounce+*@"),
            ("ann@firm.example", "*@firm.example"),
            ("ann.lee@firm.example", "a*e@f*.example"),
        ):
            self.assertTrue(self.named(address, text), (address, text))

    def test_and_nobody_else(self):
        for address, text in (
            ("joann@firm.example", "ann@firm.example"),
            ("ann@notfirm.example", "firm.example"),
            ("ann@firm.example.evil.example", "firm.example"),
            ("no-reply-ann@any.example", "no-reply@"),
            ("ab@firm.example", "a*b*b@firm.example"),
            ("ann@firm.example", ""),
        ):
            self.assertFalse(self.named(address, text), (address, text))

    def test_the_usual_robots(self):
        for name in ("mailer-daemon", "POSTMASTER", "no-reply", "noreply", "shop-no-reply",
                     "do-not-reply", "owner-list", "list-request", "list-bounces",
                     "bounces+ann=firm.example"):  # fmt: skip
            self.assertTrue(is_named(f"{name}@any.example", ROBOTS), name)
        for name in ("ann", "reply", "owner", "request", "info", "bouncer", "support"):
            self.assertFalse(is_named(f"{name}@any.example", ROBOTS), name)

    def test_many_stars_take_no_time(self):
        begun = time.monotonic()
        self.assertFalse(self.named("a" * 300 + "@x.example", "*a" * 200 + "*b@"))
        self.assertLess(time.monotonic() - begun, 5)
