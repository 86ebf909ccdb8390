"""Mails by templates with placeholders beside those of the host's own: ``make bench-templates``.

One process, one database, one text: once with the host's ``{{ }}`` and ``t-out``, once with
placeholders of the same fields. Each turn makes the mails of so many contacts by a template, as far
as the queue of outgoing mail, and is undone; the sides take turns. The last line is the median of
the turns' time with placeholders divided by that of the host. Texts that differ void it.
"""

import argparse
import os
import statistics
import sys
import time

from benchmarks.session import odoo_environment

SIDES = ("host", "ours")
SUBJECTS = {
    "host": "{{ object.name }}: our chairs",
    "ours": "{Person.name}: our chairs",
}
BODIES = {
    "host": (
        "<p>Dear <t t-out='object.name'/>,</p><p>our chairs are in <t t-out='object.city'/> now. "
        "We write to <t t-out='object.email'/>, for <t t-out='object.function'/>.</p>"
        "<p><t t-out='user.name'/></p>"
    ),
    "ours": (
        "<p>Dear {Person.name},</p><p>our chairs are in {Person.addressCity} now. "
        "We write to {Person.emailAddress}, for {Person.title}.</p><p>{User.name}</p>"
    ),
}


def main() -> int:
    options = _options()
    task = {
        "config": os.environ["MAIL_IMPORT_CONFIG"],
        "database": os.environ["MAIL_IMPORT_DATABASE"],
    }
    with odoo_environment(task) as env:
        env = env(user=env.ref("base.user_admin"))
        people = _people(env, options.mails)
        templates = {side: _template(env, side) for side in SIDES}
        seconds, texts = {side: [] for side in SIDES}, {}
        for turn in range(-1, options.mails // options.batch):
            start = max(turn, 0) * options.batch
            some = people[start : start + options.batch]
            for side in SIDES if turn % 2 else reversed(SIDES):
                took, texts[side] = _turn(templates[side], some)
                if turn >= 0:  # the first warms up
                    seconds[side].append(took)
        return _tell(seconds, texts, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--mails", type=int, default=10_000, help="of each side")
    parser.add_argument("--batch", type=int, default=500, help="mails a turn")
    return parser.parse_args()


def _people(env, count: int):
    return env["res.partner"].create(
        [
            {
                "name": f"Ann Number {number}",
                "email": f"ann{number}@customer.example",
                "city": f"Town {number % 97}",
                "function": "Buyer & seller",
            }
            for number in range(count)
        ]
    )


def _template(env, side: str):
    return env["mail.template"].create(
        {
            "name": side,
            "model_id": env["ir.model"]._get_id("res.partner"),
            "subject": SUBJECTS[side],
            "body_html": BODIES[side],
            "use_default_to": True,
        }
    )


def _turn(template, people) -> tuple[float, list]:
    """Seconds, and what was written to whom."""
    # the add-ons are found once Odoo is configured
    from odoo.addons.mail_task_import.rehearsing import undone

    env = template.env
    with undone(env):
        env.flush_all()
        env.invalidate_all()
        began = time.perf_counter()
        mails = template.send_mail_batch(people.ids, force_send=False)
        env.flush_all()
        took = time.perf_counter() - began
        texts = [(mail.subject, str(mail.body_html)) for mail in mails.sorted("id")]
    return took, texts


def _tell(seconds: dict, texts: dict, options) -> int:
    for side in SIDES:
        each = 1000 * statistics.median(seconds[side]) / options.batch
        print(f"{side}: {len(seconds[side]) * options.batch} mails, {each:.2f} ms a mail")
    same = texts["host"] == texts["ours"] and len(texts["ours"]) == options.batch
    if not same:
        print(f"The texts differ: {texts['host'][:1]} and {texts['ours'][:1]}")
    turns = zip(seconds["ours"], seconds["host"], strict=True)
    ratio = statistics.median(ours / host for ours, host in turns)
    print(f"ratio_render={f'{ratio:.2f}' if same else 'void'}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
