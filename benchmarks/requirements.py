"""`docs/NFR.md`: what is asked of the whole, and what was measured. `python -m benchmarks.requirements` writes it.

What is asked stands in `docs/requirements.toml`, what was measured in `docs/performance/`; nothing is typed twice.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from benchmarks.figures import Chapter, Figure, kept, spread
from benchmarks.page import FIGURES

PAGE, ASKED = Path("docs/NFR.md"), Path("docs/requirements.toml")

HEAD = """\
# What is asked of the whole

Each requirement has a target, a way to see whether it is met, and what was seen. A figure is the median of several
rounds as the benchmarks kept it; [Performance](Performance.md) has them all, with the machine they were taken on. Where
a test stands, the target is met as long as the test passes, which CI sees to. This page is written by
`python -m benchmarks.requirements` from `docs/requirements.toml` and the kept figures.
"""


@dataclass(frozen=True)
class Requirement:
    """`figure` is a pattern for the names of figures, `tests` are files of tests that hold us to it."""

    area: str
    asked: str
    target: str
    how: str
    figure: str | None = None
    command: str | None = None
    tests: tuple[str, ...] = ()
    open: str | None = None

    def figures(self, chapters: Sequence[Chapter]) -> list[Figure]:
        """With a target of their own: others only say how it came to be."""
        if self.figure is None:
            return []
        found = (figure for chapter in chapters for figure in chapter.figures if figure.holds is not None)
        return [figure for figure in found if re.search(self.figure, figure.name)]


def asked(path: Path = ASKED) -> list[Requirement]:
    told = tomllib.loads(path.read_text(encoding="utf-8"))["requirement"]
    return [Requirement(**{**one, "tests": tuple(one.get("tests", ()))}) for one in told]


def write(page: Path = PAGE, figures: Path = FIGURES, requirements: Path = ASKED) -> None:
    page.write_text(written(asked(requirements), kept(sorted(figures.glob("*.json")))), encoding="utf-8")


def written(requirements: Sequence[Requirement], chapters: Sequence[Chapter]) -> str:
    lines = [HEAD]
    for area, those in groupby(requirements, key=lambda one: one.area):
        lines += [f"## {area}", "", "| Asked | Target | How it is seen | Seen |", "|---|---|---|---|"]
        lines += [f"| {one.asked} | {one.target} | {one.how} | {_seen(one, chapters)} |" for one in those]
        lines.append("")
    return "\n".join(lines)


def _seen(one: Requirement, chapters: Sequence[Chapter]) -> str:
    return "<br>".join(_evidence(one, chapters))


def _evidence(one: Requirement, chapters: Sequence[Chapter]) -> Iterator[str]:
    figures = one.figures(chapters)
    for figure in figures:
        yield f"{figure.name}: **{spread(figure)[1]} {figure.unit}** {'✓' if figure.holds else '✗'}"
    if one.figure and not figures:
        yield f"no figure kept yet: `{one.command}`"
    yield from (f"[{Path(test).stem}](../{test})" for test in one.tests)
    if one.open:
        yield one.open


if __name__ == "__main__":
    write()
