"""First steps on a phone, with an address whose servers nobody knows: they are entered by hand."""

from playwright.sync_api import expect

from .test_browser_first_steps import MINE, SECRET, FirstStepsCase

ELSEWHERE = "ann@elsewhere.example"


class TestBrowserFirstStepsByHand(FirstStepsCase):
    def test_servers_by_hand_a_wrong_port_then_the_right_one(self):
        page = self.page
        page.set_viewport_size({"width": 390, "height": 844})
        self.log_in("ann")
        self.open("mail-start-mine")
        page.get_by_label("E-mail address").fill(ELSEWHERE)
        page.get_by_label("Password of the mailbox").fill(SECRET)
        page.click("button[name=manual]")
        page.get_by_label("Login").fill(MINE)
        for way, port in (("reading", self.dovecot.imap_port), ("sending", 2525)):
            page.fill(f"input[name={way}_host]", "127.0.0.1")
            page.fill(f"input[name={way}_port]", str(port))
            page.select_option(f"select[name={way}_security]", "none")
        expect(page.get_by_text("Others on the way can read")).to_have_count(2)
        page.click("button[name=connect]")
        self.stage("folder")
        expect(page.locator(".o_mail_import_advice")).to_contain_text("port")
        self.picture("first-steps-by-hand-phone")
        page.fill("input[name=sending_port]", str(self.sink.port))
        page.click("button[name=connect]")
        expect(page.get_by_text("It works")).to_be_visible()
        width = page.evaluate("document.documentElement.scrollWidth")
        self.assertLessEqual(width, 390)
