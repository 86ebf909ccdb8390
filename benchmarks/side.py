"""One side of the benchmark, in a process of its own: ``python -m benchmarks.side < task``.

A task and its measurements are JSON objects on standard input and on the last line of standard
output. What differs between the sides is in ``host_side`` and ``our_side``.
"""

import json
import resource
import sys
import time
from contextlib import closing
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config

from benchmarks import host_side, our_side
from benchmarks.mails import ADDRESS

SIDES = {"host": host_side.HostSide, "ours": our_side.OurSide}
TICKS = 100
"""Of ``/proc/PID/stat``, a second: ``USER_HZ`` is 100 on every Linux of today."""


def main() -> None:
    task = json.load(sys.stdin)
    config.parse_config(["-c", task["config"], "-d", task["database"], "--log-level", "warn"])
    with closing(Registry(task["database"]).cursor()) as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        result = measure(env, task)
    print(json.dumps(result))


def measure(env, task: dict) -> dict:
    """Import what is to be there beforehand, then what the clock is for."""
    _prepare(env)
    side = SIDES[task["side"]](env, task)
    for login, count in task["beforehand"]:
        side.fetch(login, count)
    before = _counts(env, side)
    clock, python, database = time.perf_counter(), _python_seconds(), _database_seconds(env)
    profile = _start_profile(task)
    side.fetch(task["login"], task["count"])
    clock = time.perf_counter() - clock
    python = _python_seconds() - python
    database = _database_seconds(env) - database
    if profile:
        profile.disable()
        profile.dump_stats(task["profile"])
    after = _counts(env, side)
    made = {name: after[name] - before[name] for name in after}
    return {**made, "seconds": clock, "python": python, "database": database}


def _prepare(env) -> None:
    """What both databases have: an own domain, as every host that receives mail has one."""
    domain = env["mail.alias.domain"].create({"name": ADDRESS.partition("@")[2]})
    env.company.alias_domain_id = domain
    env.cr.commit()


def _counts(env, side) -> dict[str, int]:
    """Mails that are stored, records, messages in chatters, records that have these, bounces."""
    env.cr.rollback()  # a new snapshot
    env.cr.execute(
        """SELECT count(*), count(DISTINCT res_id) FROM mail_message
            WHERE message_type = 'email' AND model = 'crm.lead'"""
    )
    messages, threads = env.cr.fetchone()
    return {
        "mails": side.stored(),
        "records": env["crm.lead"].with_context(active_test=False).search_count([]),
        "messages": messages,
        "threads": threads,
        "sent": env["mail.mail"].search_count([]),
    }


def _start_profile(task: dict):
    if not task.get("profile"):
        return None
    import cProfile

    profile = cProfile.Profile()
    profile.enable()
    return profile


def _python_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _database_seconds(env) -> float:
    """CPU of PostgreSQL's processes for this database, as far as they are still there."""
    env.cr.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
    return sum(_process_seconds(pid) for (pid,) in env.cr.fetchall())


def _process_seconds(pid: int) -> float:
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(words[11]) + int(words[12])) / TICKS


if __name__ == "__main__":
    main()
