"""`docs/Performance.md`, made from what the benchmarks kept."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.figures import Chapter, kept, spread, target

PAGE = Path("docs/Performance.md")
FIGURES = Path("docs/performance")

HEAD = """\
# Performance

How fast the bot is, beside others that do the same work and beside the limit of what its database can do.

Every figure is the minimum, median and maximum of several rounds, and where two are compared, their rounds alternate in
the same run. The median is held against the target. `make bench` measures everything anew and writes this page from
`docs/performance/`; each part can be measured alone, too. Times change with the machine and with what else it does;
ratios change little.
"""


def write(page: Path = PAGE, figures: Path = FIGURES) -> None:
    page.write_text(written(kept(sorted(figures.glob("*.json")))), encoding="utf-8")


def written(chapters: Sequence[Chapter]) -> str:
    return "\n".join([HEAD, *(line for chapter in chapters for line in _chapter(chapter))])


def _chapter(chapter: Chapter) -> Iterator[str]:
    yield f"## {chapter.title}\n\n{chapter.text}\n"
    yield "| | unit | min | median | max | target | |"
    yield "|---|---|---:|---:|---:|---|---|"
    for figure in chapter.figures:
        yield f"| {' | '.join([figure.name, figure.unit, *spread(figure), target(figure), figure.note])} |"
    yield f"\nMeasured on {chapter.day}: {chapter.machine}.\n"
    if chapter.appendix:
        yield chapter.appendix.rstrip() + "\n"
