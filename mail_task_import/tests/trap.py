"""A browser that tells what hostile HTML did in it: what ran, what was asked, what it covers."""

import re
import resource
import socket
import threading
from contextlib import ExitStack

from playwright.sync_api import sync_playwright

MARK = "zzleak"
"""In every address of the host that only a mail names."""

TELLING = """
for (const name of ["alert", "confirm", "prompt", "print"]) {
    window[name] = (what) => console.log(`ran:${what}`);
}
"""
POKING = """
() => {
    const found = [];
    const visit = (root) => {
        for (const element of root.querySelectorAll("*")) {
            found.push(element);
            if (element.shadowRoot) visit(element.shadowRoot);
        }
    };
    visit(document);
    const inMail = (element) => element.closest(WITHIN) || element.getRootNode() !== document;
    const events = ["mouseover", "mouseenter", "pointerover", "focus", "focusin", "toggle",
                    "animationstart", "transitionrun", "beforetoggle"];
    for (const element of found.filter(inMail)) {
        for (const name of events) {
            element.dispatchEvent(new Event(name, { bubbles: false }));
        }
    }
}
"""
# In the browser's own words, after its own parser.
ACTIVE = """
(html) => {
    const FORBIDDEN = "script,style,link,meta,base,iframe,frame,frameset,object,embed,applet,form,"
        + "input,button,select,textarea,keygen,svg,math,template,noscript,video,audio,source,track,"
        + "picture,map,area,portal,dialog,slot,canvas,marquee";
    const SCHEMES = ["http:", "https:", "mailto:", "tel:", "sms:", "ftp:", "xmpp:", "callto:",
                     "webcal:"];
    const ATTRIBUTES = new RegExp("^(on|t-|data-(?!mail-|o-mail-)|form|xlink|xmlns|popover|srcdoc"
        + "|ping|is$|slot|contenteditable)");
    const CLASSES = /(^|\\s)(o_(?!mail_import_(signature|contained)\\b)|o-|fa|oi|modal|fixed)/;
    const bad = [];
    // forms are found by names of their fields before anything of their own
    const attributesOf = Object.getOwnPropertyDescriptor(Element.prototype, "attributes").get;
    const body = new DOMParser().parseFromString(html, "text/html");
    for (const element of body.querySelectorAll("*")) {
        if (element.matches("html,head,body")) continue;
        if (element.matches(FORBIDDEN)) bad.push(element.outerHTML);
        for (const { name, value } of attributesOf.call(element)) {
            if (ATTRIBUTES.test(name) || (name === "class" && CLASSES.test(value))) {
                bad.push(`${name}=${value}`);
            }
        }
        const link = element.getAttribute("href");
        // the host empties links that it does not trust
        if (link && !(/^[a-z]+:/i.test(link) && SCHEMES.includes(element.protocol))) {
            bad.push(link);
        }
        const source = element.getAttribute("src");
        if (source !== null && !/^(cid:|\\/web\\/image\\/\\d+)/.test(source)) bad.push(source);
        const { position, transform, zIndex, backgroundImage } = element.style;
        if (position || transform || zIndex || (backgroundImage && backgroundImage !== "none"
            && backgroundImage !== "initial")) {
            bad.push(element.getAttribute("style"));
        }
    }
    return bad;
}
"""
COVERED = """
() => {
    const outside = new Set();
    for (let x = 4; x < innerWidth; x += 24) {
        for (let y = 4; y < innerHeight; y += 15) {
            const top = document.elementFromPoint(x, y);
            const place = top && top.closest(WITHIN);
            if (!place) continue;
            const frame = place.getBoundingClientRect();
            if (x < frame.left - 1 || x > frame.right + 1
                || y < frame.top - 1 || y > frame.bottom + 1) {
                outside.add(top.outerHTML.slice(0, 200));
            }
        }
    }
    return [...outside];
}
"""
SHOWING = """
(texts) => {
    document.body.replaceChildren();
    return Promise.all(texts.map((text) => {
        const frame = document.createElement("iframe");
        frame.srcdoc = text;
        return new Promise((resolve) => {
            frame.onload = resolve;
            document.body.append(frame);
            setTimeout(resolve, 5000);
        });
    }));
}
"""


class Listener:
    """A server that notes what is said to it: where every address of a sender leads."""

    def __init__(self):
        self.requests = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        while True:
            try:
                connection, _address = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._note, args=(connection,), daemon=True).start()

    def _note(self, connection):
        with connection:
            connection.settimeout(5)
            try:
                said = connection.recv(4096).decode("latin-1")
                connection.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
            except OSError:
                said = ""
            self.requests.append(said or "a connection")

    def close(self):
        self.socket.close()


class Trap:
    """``with Trap(url of Odoo) as trap: trap.page.goto(…)``; ``trap.caught`` is what happened."""

    def __init__(self, odoo, playwright=None):
        """:param playwright: where it runs already: one for a thread is all there may be"""
        self.odoo = odoo
        self.playwright = playwright
        self.listener = Listener()
        self.caught = []
        self.opening = False

    def __enter__(self):
        with ExitStack() as stack:
            stack.callback(self.listener.close)
            # Odoo bounds the address space of its process; Chromium's sandboxes reserve far more
            soft, hard = resource.getrlimit(resource.RLIMIT_AS)
            resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
            stack.callback(resource.setrlimit, resource.RLIMIT_AS, (soft, hard))
            self.playwright = self.playwright or stack.enter_context(sync_playwright())
            self.browser = self.playwright.chromium.launch(
                executable_path="/usr/bin/chromium",
                args=[
                    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
                    f"--host-resolver-rules=MAP *.evil.example 127.0.0.1:{self.listener.port}",
                ],
            )  # fmt: skip
            stack.callback(self.browser.close)
            self.page = self._new_page()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *exception):
        return self._stack.__exit__(*exception)

    def _new_page(self):
        context = self.browser.new_context(viewport={"width": 1400, "height": 900})
        context.set_default_timeout(60_000)
        context.add_init_script(TELLING)
        self.opening = True
        context.on("page", self._on_page)
        context.on("request", self._on_request)
        context.on("console", self._on_console)
        page = context.new_page()
        page.on("dialog", self._on_dialog)
        self.opening = False
        return page

    def sign_in(self, login, password):
        self.page.goto(f"{self.odoo}/web/login")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", password)
        self.page.click("button[type=submit]")
        self.page.wait_for_selector(".o_main_navbar")

    def all_caught(self):
        """What ran or was asked for, once the browser had the time to do it."""
        self.page.wait_for_timeout(300)
        heard = [f"heard: {said[:200]}" for said in self.listener.requests]
        return [*self.caught, *heard]

    def forget(self):
        self.caught.clear()
        self.listener.requests.clear()

    # -- what hostile HTML does -----------------------------------------------------------------

    def poke(self, within="body"):
        """Do what a reader does with the mouse and the keyboard, in every frame."""
        for frame in self.page.frames:
            frame.evaluate(POKING.replace("WITHIN", repr(within)))

    def active_parts(self, html):
        """What a browser finds in stored HTML that has no place in a mail."""
        return self.page.evaluate(ACTIVE, str(html))

    def covered(self, within):
        """What of a mail lies over anything that is not that mail."""
        return self.page.evaluate(COVERED.replace("WITHIN", repr(within)))

    def show_bare(self, texts):
        """Show HTML without any protection by frames or policies, in the host's own origin."""
        self.page.goto(f"{self.odoo}/web/health")
        self.page.evaluate(SHOWING, texts)
        self.poke()
        self.page.wait_for_timeout(500)

    # -- hearing --------------------------------------------------------------------------------

    def _on_page(self, page):
        if not self.opening:
            self.caught.append(f"opened: {page.url}")

    def _on_console(self, message):
        if message.text.startswith("ran:"):
            self.caught.append(message.text)

    def _on_dialog(self, dialog):
        self.caught.append(f"ran: {dialog.message}")
        dialog.dismiss()

    def _on_request(self, request):
        url = request.url
        if re.match(r"(data|blob|about|cid|chrome-error):", url):
            return
        if not url.startswith(f"{self.odoo}/") or MARK in url:
            self.caught.append(f"asked: {url}")
