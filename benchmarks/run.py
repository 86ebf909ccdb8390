"""Our importer beside the host's own: ``make bench``, or ``make bench ARGS="--quick"``.

The same mails (what they are and what becomes of them: ``workloads.py``) from the same IMAP
server, both sides in a process and a fresh database of their own; first one that is empty, then
one that holds 100,000 e-mails and 50,000 contacts. The clock runs while mail is fetched, not
while Odoo starts or is set up.

The last line gives the host's time divided by ours, the median of the pairs, in the empty database
(where the host is at its best), and ``growth``, our time for a mail of each workload in the filled
one divided by that in the empty one. The lines before it say the same of CPU, Python's and
PostgreSQL's together, of the filled database, and of the growth of each workload. Sides that
stored, made or posted different numbers void the ratios.
"""

import argparse
import itertools
import sys
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path

from benchmarks import report, workloads
from benchmarks.measuring import Bench, Case
from benchmarks.people import EMAILS
from environment.dovecot import Dovecot

SIDES = ("host", "ours")
QUICK = ["--pairs", "1", "--existing", "0", "--large", "0"]


def main() -> int:
    options = _options()
    cases = list(_cases(options))
    moment = datetime.now(timezone.utc).replace(microsecond=0)
    results = {}
    with Dovecot() as dovecot, Bench(dovecot, moment, options.profile) as bench:
        bench.announce(cases)
        for case in cases:
            results[case] = bench.measure(case)
            print(report.line(case, results[case]), flush=True)
    summary = report.Report(results)
    sound = summary.is_sound()
    print(summary.tables())
    print(summary.closing_lines(sound))
    return 0 if sound else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--mails", type=int, default=200, help="measured mails a workload; three times that of file"
    )
    parser.add_argument("--pairs", type=int, default=3, help="of both sides; the median counts")
    parser.add_argument(
        "--workloads",
        nargs="+",
        choices=workloads.MEASURED + workloads.ONCE,
        default=workloads.MEASURED + workloads.ONCE,
        help="all by default",
    )
    parser.add_argument(
        "--existing",
        nargs="+",
        type=int,
        choices=(0, EMAILS),
        default=(0, EMAILS),
        help="e-mails that are there before; both by default",
    )
    parser.add_argument(
        "--large", type=int, default=3000, help="mails of the large mailbox; 0 for none"
    )
    parser.add_argument("--sides", nargs="+", choices=SIDES, default=SIDES, help="both by default")
    parser.add_argument("--profile", type=Path, help="folder for a cProfile of each side")
    parser.add_argument("--quick", action="store_true", help=f"the same as {' '.join(QUICK)}")
    words = sys.argv[1:]
    return parser.parse_args([*QUICK, *words] if "--quick" in words else words)


def _cases(options: argparse.Namespace):
    """Pair by pair, so that what slows this computer down for a while slows all of them.

    The empty databases come first: see ``Bench``.
    """
    names = [name for name in workloads.MEASURED if name in options.workloads]
    for existing in sorted(options.existing):
        for number, name in itertools.product(range(options.pairs), names):
            count = options.mails * workloads.MORE_OF.get(name, 1)
            yield from _pair(name, existing, count, number, options.sides)
    counts = {"link": options.mails, "large": options.large}
    for name in workloads.ONCE:
        if name in options.workloads and counts[name]:
            yield from _pair(name, min(options.existing), counts[name], 0, options.sides)


def _pair(workload: str, existing: int, count: int, number: int, sides: Sequence[str]):
    """Both sides once; who begins alternates."""
    for side in sides if number % 2 == 0 else reversed(sides):
        yield Case(workload, existing, side, count, number)


if __name__ == "__main__":
    sys.exit(main())
