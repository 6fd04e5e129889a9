"""The figures as Markdown tables."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from statistics import median, quantiles

from benchmarks.understanding.judging import judge
from benchmarks.understanding.readers import Reader
from bot.understanding.meaning import Understanding
from tests.bot.understanding.corpus import Case

Labels = Callable[[Case], frozenset[str]]


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table with its first column to the left and the others to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def share(part: int, whole: int) -> str:
    """A percentage for people."""
    return f"{100 * part / whole:.1f} %" if whole else "–"


def milliseconds(read: Callable[[Case], object], cases: Sequence[Case]) -> tuple[float, float]:
    """Median and 95th percentile over the messages; each is read three times and its best counts, for others share the
    machine.
    """
    taken = [min(_seconds(read, case) for _ in range(3)) for case in cases]
    return 1_000 * median(taken), 1_000 * quantiles(taken, n=20)[-1]


def _seconds(read: Callable[[Case], object], case: Case) -> float:
    began = time.perf_counter()
    read(case)
    return time.perf_counter() - began


def dates_row(name: str, read: Reader, cases: Sequence[Case], language: str) -> list[str]:
    """Exact, start right and false alarms of one reader in one language, and its speed."""
    dated = [case for case in cases if case.lang == language and case.when and case.when != ("soonest",)]
    silent = [case for case in cases if case.lang == language and case.when == ()]
    verdicts = [judge(case.when or (), read(case)) for case in dated]
    alarms = sum(bool(read(case)) for case in silent)
    middle, slow = milliseconds(read, dated + silent)
    return [
        name,
        share(sum(verdict.exact for verdict in verdicts), len(dated)),
        share(sum(verdict.start for verdict in verdicts), len(dated)),
        share(alarms, len(silent)),
        f"{middle:.2f}",
        f"{slow:.2f}",
    ]


class Confusion:
    """Which labels were heard where others were meant. Labels a case calls right as well count for nothing."""

    def __init__(self) -> None:
        self.cases = self.right = 0
        self.meant: Counter[str] = Counter()
        self.heard: Counter[str] = Counter()
        self.both: Counter[str] = Counter()
        self.mixed: Counter[tuple[str, str]] = Counter()

    def add(self, meant: frozenset[str], heard: frozenset[str], also_right: frozenset[str]) -> None:
        """Count one message."""
        meant, heard = meant - also_right, heard - also_right
        self.cases += 1
        self.right += meant == heard
        self.meant.update(meant)
        self.heard.update(heard)
        self.both.update(meant & heard)
        missed, extra = sorted(meant - heard), sorted(heard - meant)
        self.mixed.update((label, other) for label in missed for other in extra or ["nothing"])
        self.mixed.update(("nothing", other) for other in extra if not missed)

    def table(self) -> str:
        """Per label how often it was meant, heard, and what it was mixed up with."""
        rows = []
        for label in sorted(self.meant | self.heard):
            mixed = [f"{other} ×{count}" for (meant, other), count in self.mixed.most_common() if meant == label]
            found = [share(self.both[label], self.meant[label]), share(self.both[label], self.heard[label])]
            rows.append([label, str(self.meant[label]), *found, ", ".join(mixed) or "–"])
        uncalled = [f"{other} ×{count}" for (meant, other), count in self.mixed.most_common() if meant == "nothing"]
        rows.append(["(nothing)", "", "", "", ", ".join(uncalled) or "–"])
        return markdown(["meant", "messages", "found", "right when heard", "heard instead"], rows)


def understood(cases: Sequence[Case]) -> list[tuple[Case, Understanding]]:
    """All messages of the corpus with what we make of them."""
    return [(case, case.understood()) for case in cases]
