"""What the measurements say: one line each, tables, and the closing line."""

import statistics
from collections.abc import Callable, Sequence

from benchmarks import workloads
from benchmarks.measuring import Case

MEGABYTE = 2**20
Measure = Callable[[dict], float]


def line(case: Case, result: dict) -> str:
    each = 1000 / case.count
    return (
        f"{case.workload:6} {case.side} at {case.existing}: {result['mails']} mails stored, "
        f"{result['records']} records, {result['messages']} messages, "
        f"{result['partners']} contacts and {result['notifications']} notifications made: "
        f"{result['seconds']:.2f} s; a mail {result['seconds'] * each:.1f} ms, of CPU "
        f"{result['python'] * each:.1f} ms in Python and "
        f"{result['database'] * each:.1f} ms in PostgreSQL; at most "
        f"{result['peak'] / MEGABYTE:.0f} MB more than idle ({result['idle'] / MEGABYTE:.0f} MB)"
    )


def clock(result: dict) -> float:
    return result["seconds"]


def processor(result: dict) -> float:
    """Python's and PostgreSQL's together; what else the computer does, does not change it."""
    return result["python"] + result["database"]


class Report:
    """Everything that was measured, side by side."""

    def __init__(self, results: dict[Case, dict]):
        self.results = results
        self.sizes = sorted({case.existing for case in results})

    # -- whether it counts ----------------------------------------------------------------------

    def is_sound(self) -> bool:
        """Both sides stored all mails and made the same of them; says where they did not."""
        wrong = [c for c in self.results if not (self._is_right(c) and self._is_alike(c))]
        return not wrong

    def _is_right(self, case: Case) -> bool:
        wanted = workloads.expected(case.workload, case.side, case.count)
        found = {name: self.results[case][name] for name in wanted}
        if found != wanted:
            print(f"{case} should have made {wanted}, and made {found}")
        return found == wanted

    def _is_alike(self, case: Case) -> bool:
        """The other side made as many contacts."""
        other = self._other(case)
        made = self.results[case]["partners"]
        if other and made != self.results[other]["partners"]:
            print(f"{case} made {made} contacts, and {other} another number")
            return False
        return True

    # -- figures --------------------------------------------------------------------------------

    def ratio(self, workload: str, existing: int, measure: Measure) -> float | None:
        """The host's by ours: the median of the pairs."""
        pairs = [
            measure(self.results[other]) / measure(self.results[case])
            for case in self._cases(workload, existing, "ours")
            if (other := self._other(case))
        ]
        return statistics.median(pairs) if pairs else None

    def growth(self, names: Sequence[str], measure: Measure) -> float | None:
        """Our time for a mail of each workload in the filled database by that in the empty one."""
        times = [[self._median(n, size, "ours", measure) for n in names] for size in self.sizes]
        if len(times) < 2 or not names or not all(map(all, times)):
            return None
        empty, filled = map(sum, times)
        return filled / empty

    def _median(self, workload: str, existing: int, side: str, measure: Measure) -> float | None:
        values = [measure(self.results[case]) for case in self._cases(workload, existing, side)]
        return statistics.median(values) if values else None

    def _cases(self, workload: str, existing: int, side: str) -> list[Case]:
        wanted = workload, existing, side
        return [c for c in self.results if (c.workload, c.existing, c.side) == wanted]

    def _other(self, case: Case) -> Case | None:
        side = "host" if case.side == "ours" else "ours"
        cases = self._cases(case.workload, case.existing, side)
        return next((other for other in cases if other.number == case.number), None)

    # -- words ----------------------------------------------------------------------------------

    def tables(self) -> str:
        """One for each size, as ``docs/performance.md`` has them."""
        return "\n\n".join(self._table(existing) for existing in self.sizes)

    def _table(self, existing: int) -> str:
        rows = [
            f"{existing} e-mails before:",
            "",
            "| workload | Odoo, ms a mail (CPU) | this add-on (CPU) | ratio (CPU) "
            "| MB more than idle: Odoo | this add-on |",
            "|---|---|---|---|---|---|",
        ]
        names = dict.fromkeys(case.workload for case in self.results)
        rows += [row for name in names if (row := self._row(name, existing))]
        return "\n".join(rows)

    def _row(self, workload: str, existing: int) -> str:
        ratio = self.ratio(workload, existing, clock)
        if not ratio:
            return ""
        count = self._cases(workload, existing, "ours")[0].count
        cells = [workload]
        for side in ("host", "ours"):
            times = (self._median(workload, existing, side, m) for m in (clock, processor))
            wall, used = (1000 * seconds / count for seconds in times)
            cells.append(f"{wall:.1f} ({used:.1f})")
        cells.append(f"{ratio:.1f} ({self.ratio(workload, existing, processor):.1f})")
        for side in ("host", "ours"):
            peaks = [self.results[case]["peak"] for case in self._cases(workload, existing, side)]
            cells.append(f"{max(peaks) / MEGABYTE:.0f}")
        return f"| {' | '.join(cells)} |"

    def closing_lines(self, sound: bool) -> str:
        """The last one holds the ratios of the emptiest database, and growth over all workloads."""
        lines = [
            self._ratios(f"at_{existing}_{title}", existing, measure, sound)
            for existing in self.sizes
            for title, measure in (("cpu", processor), ("ratio", clock))
        ]
        names = [name for name in workloads.MEASURED if self.growth([name], clock)]
        last = self._ratios("ratio", self.sizes[0], clock, sound)
        if names:
            lines += [
                _fields({f"{title}_{name}": self.growth([name], measure) for name in names}, sound)
                for title, measure in (("cpu_growth", processor), ("growth", clock))
            ]
            last += " " + _fields({"growth": self.growth(names, clock)}, sound)
        return "\n".join([*filter(None, lines), last.strip()])

    def _ratios(self, title: str, existing: int, measure: Measure, sound: bool) -> str:
        ratios = {name: self.ratio(name, existing, measure) for name in workloads.MEASURED}
        return _fields({f"{title}_{name}": ratio for name, ratio in ratios.items()}, sound)


def _fields(values: dict[str, float | None], sound: bool) -> str:
    return " ".join(
        f"{name}={f'{value:.2f}' if sound else 'void'}" for name, value in values.items() if value
    )
