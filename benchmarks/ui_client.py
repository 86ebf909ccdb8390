"""What the web client asks for its screens, over JSON-RPC."""

import json
import subprocess
import time
import urllib.error
import urllib.request
from http.cookiejar import CookieJar

from lxml import etree

from benchmarks.ui_filling import LOGIN, PASSWORD

ROWS = 80
COUNTED = 10_000
"""Rows that the web client counts where the view says nothing; it asks for one more."""
MOVED = 1_000
ENTRY, LINK = "mail.import.entry", "mail.import.link"


class Client:
    """A user's browser. Each screen returns how many requests it took."""

    def __init__(self, url: str, database: str):
        self.url = url
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self._post(
            "/web/session/authenticate", {"db": database, "login": LOGIN, "password": PASSWORD}
        )
        self.counted = {}
        inbox = self._views(ENTRY, "mail_task_import.action_mail_import_inbox")
        links = self._views(LINK, "mail_task_import.action_mail_import_links")
        self.rows, self.whole, self.lines = inbox["list"], inbox["form"], links["list"]
        self.folders = self._call("mail.import.folder", "search_read", [[]], fields=["kind"])
        self.folder = next(one["id"] for one in self.folders if one["kind"] == "inbox")
        self.account = self._call("res.partner", "search", [[("name", "=", "Big Account")]])[0]
        self.turn, self.moved = 0, []

    @staticmethod
    def wait_for(url: str, seconds: float, process: subprocess.Popen) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and process.poll() is None:
            try:
                with urllib.request.urlopen(f"{url}/web/login", timeout=30):
                    return
            except OSError:
                time.sleep(0.2)
        raise RuntimeError("Odoo does not answer")

    # -- the screens ------------------------------------------------------------------------------

    def inbox(self) -> int:
        domain = [("folder_id", "child_of", self.folder)]
        for field, method in (
            ("folder_id", "search_panel_select_range"),
            ("mailbox_id", "search_panel_select_multi_range"),
        ):
            beside = {"category_domain": [] if field == "folder_id" else domain}
            self._call(
                ENTRY, method, [field],
                enable_counters=True, expand=True, search_domain=[], filter_domain=[], limit=1000,
                **beside,
            )  # fmt: skip
        self.shown = self._rows(ENTRY, domain, self.rows, "date desc, id desc")
        return 3

    def email(self) -> int:
        self.turn += 1
        record = self.shown[self.turn % len(self.shown)]["id"]
        self._call(ENTRY, "web_read", [[record]], specification=self.whole)
        return 1

    def history(self) -> int:
        """The account's button, and what it opens."""
        self._call(
            "res.partner",
            "web_read",
            [[self.account]],
            specification={"mail_import_link_count": {}},
        )
        action = self._call("res.partner", "action_mail_import_links", [[self.account]])
        found = self._rows(LINK, action["domain"], self.lines, "date desc, id desc")
        assert found, "the account has e-mails"
        return 3

    def move(self) -> int:
        """1,000 e-mails to the Archive and back."""
        if not self.moved:
            domain = [("folder_id", "=", self.folder)]
            self.moved = self._call(ENTRY, "search", [domain], limit=MOVED)
        self._call(ENTRY, "action_archive_entry", [self.moved])
        self._call(ENTRY, "action_put_back", [self.moved])
        return 2

    # -- asking -----------------------------------------------------------------------------------

    def _rows(self, model: str, domain, specification: dict, order: str) -> list[dict]:
        answer = self._call(
            model, "web_search_read", [domain],
            specification=specification, limit=ROWS, order=order,
            count_limit=self.counted[model] + 1,
        )  # fmt: skip
        return answer["records"]

    def _views(self, model: str, action: str) -> dict:
        """``{kind of view: specification of its fields}``"""
        found = self._post("/web/action/load", {"action_id": action})
        views = self._call(model, "get_views", [found["views"]])["views"]
        types = self._call(model, "fields_get", [], attributes=["type"])
        trees = {
            kind: etree.fromstring(view["arch"])
            for kind, view in views.items()
            if kind in ("list", "form")
        }
        self.counted[model] = int(trees["list"].get("count_limit", COUNTED))
        return {kind: _specification(tree, types) for kind, tree in trees.items()}

    def _call(self, model: str, method: str, args: list, **kwargs):
        words = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self._post(f"/web/dataset/call_kw/{model}/{method}", words)

    def _post(self, path: str, params: dict):
        request = urllib.request.Request(
            self.url + path,
            json.dumps({"jsonrpc": "2.0", "params": params}).encode(),
            {"Content-Type": "application/json"},
        )
        with self.opener.open(request, timeout=600) as answer:
            found = json.load(answer)
        if "error" in found:
            raise RuntimeError(found["error"]["data"]["debug"])
        return found.get("result")


def _specification(view, types: dict) -> dict:
    """As the web client makes it of a view; lists within a form with their own fields."""
    wanted = {}
    for node in view.iter("field"):
        if any(above.tag == "field" for above in node.iterancestors()):
            continue
        name = node.get("name")
        kind = types.get(name, {}).get("type")
        wanted[name] = {}
        if kind in ("many2one", "reference"):
            wanted[name] = {"fields": {"display_name": {}}}
        elif kind in ("one2many", "many2many"):
            inner = {field.get("name"): {} for field in node.iter("field") if field is not node}
            wanted[name] = {"fields": inner or {"display_name": {}}}
    return wanted
