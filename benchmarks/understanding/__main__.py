"""`python -m benchmarks.understanding [--write]`: measure, print, and put the tables into docs/Understanding.md.

The other libraries are no part of the project: `uv pip install --target .others -r benchmarks/understanding/others.txt`
and PYTHONPATH=.others. Duckling needs Java as well. Whatever is missing is left out, with a line that says so.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.understanding.readers import readers
from benchmarks.understanding.tables import Confusion, dates_row, markdown, milliseconds, share, understood
from tests.bot.understanding.corpus import Case, cases, details_of

_PAGE = Path("docs/Understanding.md")
_BEGIN, _END = "<!-- measured by python -m benchmarks.understanding -->", "<!-- end of the measured part -->"
_LANGUAGES = {"de": "German", "en": "English", "tr": "Turkish"}


def report() -> str:
    """All tables."""
    corpus = cases()
    services, intents = Confusion(), Confusion()
    rows = list(_languages(corpus, services, intents))
    middle, slow = milliseconds(Case.understood, corpus)
    return "\n\n".join(
        [
            f"{len(corpus)} messages, each understood in {middle:.2f} ms (median), {slow:.2f} ms (95th percentile).",
            markdown(["", "messages", "services", "intents", "details", "language"], rows),
            *_dates(corpus),
            "**Services**",
            services.table(),
            "**Intents**",
            intents.table(),
        ]
    )


def _languages(corpus: tuple[Case, ...], services: Confusion, intents: Confusion) -> Iterator[list[str]]:
    right: Counter[tuple[str, str]] = Counter()
    for case, heard in understood(corpus):
        same_services = case.services ^ set(heard.services) <= case.also_services
        same_intents = case.intents ^ set(map(str, heard.intents)) <= case.also_intents
        services.add(case.services, frozenset(heard.services), case.also_services)
        intents.add(case.intents, frozenset(map(str, heard.intents)), case.also_intents)
        right.update(
            {
                (case.lang, "messages"): 1,
                (case.lang, "services"): same_services,
                (case.lang, "intents"): same_intents,
                (case.lang, "details"): details_of(heard) == case.details,
                (case.lang, "language"): heard.language == case.lang,
            }
        )
    for code, name in _LANGUAGES.items():
        whole = right[code, "messages"]
        shares = [share(right[code, what], whole) for what in ("services", "intents", "details", "language")]
        yield [name, str(whole), *shares]


def _dates(corpus: tuple[Case, ...]) -> Iterator[str]:
    compared = list(readers())
    for code, name in list(_LANGUAGES.items())[:2]:
        rows = [dates_row(reader, read, corpus, code) for reader, read in compared]
        yield f"**Dates and times, {name}**"
        yield markdown(["", "exact", "start right", "false alarms", "ms median", "ms p95"], rows)


def main() -> None:
    """Print the report; with `--write` also keep it in the page."""
    text = report()
    print(text)
    if "--write" in sys.argv:
        page = _PAGE.read_text(encoding="utf-8")
        before, _, rest = page.partition(_BEGIN)
        _, _, after = rest.partition(_END)
        _PAGE.write_text(f"{before}{_BEGIN}\n\n{text}\n\n{_END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
