"""The mailboxes of ``make bench-watch``, made in a process of its own; the task is JSON."""

import json
import sys

from benchmarks.session import odoo_environment


def main() -> None:
    task = json.load(sys.stdin)
    with odoo_environment(task) as env:
        reader = env.ref("base.user_admin")
        env["mail.import.mailbox"].create(
            [
                {
                    "name": login.partition("@")[0],
                    "kind": "group",
                    "address": login,
                    "member_ids": reader.ids,
                    "host": task["host"],
                    "port": task["port"],
                    "security": task["security"],
                    "ca_file": task["ca_file"],
                    "password": task["password"],
                    "state": "active",
                }
                for login in task["logins"]
            ]
        )
        env.cr.commit()


if __name__ == "__main__":
    main()
