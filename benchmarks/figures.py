"""What a benchmark measured, in one form for all: shown as a table, and kept as JSON for `docs/Performance.md`.

A benchmark is a module that measures and calls `tell` with its chapters. `python -m benchmarks` runs them all and lets
them keep their chapters in the folder that FIGURES names; run alone, a benchmark only shows them.
"""

import json
import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

FOLDER = "FIGURES"


@dataclass(frozen=True)
class Figure:
    """One thing, measured in several rounds of one run; the median of the rounds is held against the target.

    `unit` is "ms", "/s", "MB", "×", "%" or empty for plain counts. `note` is said beside it in the page.
    """

    name: str
    unit: str
    rounds: tuple[float, ...]
    at_most: float | None = None
    at_least: float | None = None
    note: str = ""

    @property
    def median(self) -> float:
        return median(self.rounds)

    @property
    def holds(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if self.at_most is None and self.at_least is None:
            return None
        return (self.at_most is None or self.median <= self.at_most) and (
            self.at_least is None or self.median >= self.at_least
        )


@dataclass(frozen=True)
class Chapter:
    """Figures that belong together. `text` says in Markdown what was done, `appendix` follows the table.

    `slug` names the file; it begins with a digit, because the page has its chapters in the order of their slugs.
    """

    slug: str
    title: str
    text: str
    figures: tuple[Figure, ...]
    appendix: str = ""
    machine: str = field(default_factory=lambda: this_machine())
    day: str = field(default_factory=lambda: date.today().isoformat())  # noqa: DTZ011 - The day on the wall calendar.


def ratio(name: str, ours: Sequence[float], theirs: Sequence[float], **target: Any) -> Figure:
    """Ours divided by theirs, round by round: what they share of the machine cancels out."""
    return Figure(name, "×", tuple(one / other for one, other in zip(ours, theirs, strict=True)), **target)


def percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def tell(*chapters: Chapter) -> None:
    """Show the chapters, and keep them where somebody asked for it."""
    for chapter in chapters:
        print(f"\n{chapter.title}")
        print(f"{'':58}{'min':>10}{'median':>10}{'max':>10}  target")
        for figure in chapter.figures:
            three = "".join(f"{value:>10}" for value in spread(figure))
            print(f"{figure.name:52}{figure.unit:>6}{three}  {target(figure)}", figure.note)
        if folder := os.environ.get(FOLDER):
            path = Path(folder) / f"{chapter.slug}.json"
            path.write_text(json.dumps(asdict(chapter), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def kept(paths: Iterable[Path]) -> list[Chapter]:
    """The chapters in these files."""
    return [_chapter(json.loads(path.read_text(encoding="utf-8"))) for path in paths]


def _chapter(stored: dict[str, Any]) -> Chapter:
    figures = tuple(Figure(**{**figure, "rounds": tuple(figure["rounds"])}) for figure in stored["figures"])
    return Chapter(**{**stored, "figures": figures})


def spread(figure: Figure) -> tuple[str, str, str]:
    """Minimum, median and maximum, with as many digits as mean something."""
    return number(min(figure.rounds)), number(figure.median), number(max(figure.rounds))


def number(value: float) -> str:
    """Three digits that mean something: 0.123, 4.56, 78.9, 12,345."""
    digits = 3 if abs(value) < 1 else 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0
    return f"{value:,.{digits}f}" if value != int(value) else f"{int(value):,}"


def target(figure: Figure) -> str:
    """The target and whether it is met."""
    sides = [("≤", figure.at_most), ("≥", figure.at_least)]
    said = " and ".join(f"{sign} {number(limit)}" for sign, limit in sides if limit is not None)
    return f"{said} {'✓' if figure.holds else '✗'}" if said else ""


def this_machine() -> str:
    """Processor, cores, memory and Python, and how busy the machine is with other things."""
    facts = dict(line.split(":", 1) for line in _lines("/proc/cpuinfo") if ":" in line)
    model = next((value.strip() for name, value in facts.items() if name.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{model}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()}, Python {platform.python_version()}, "
        f"load {os.getloadavg()[0]:.1f} at the end"
    )


def _lines(path: str) -> list[str]:
    return Path(path).read_text(encoding="utf-8").splitlines() if Path(path).exists() else []
