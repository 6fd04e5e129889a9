"""What we promise of every message, however strange; asked by the tests and, of 100,000 messages, by the benchmarks."""

from datetime import UTC, datetime

from bot.understanding import understand
from bot.understanding.dates import windows_of
from bot.understanding.explaining import explain
from bot.understanding.meaning import Expecting, Intent
from bot.understanding.telling import as_data
from tests.bot.understanding.corpus import NOW

MOMENTS = (
    NOW,
    datetime.min.replace(tzinfo=NOW.tzinfo),
    datetime.max.replace(tzinfo=NOW.tzinfo),
    datetime.max.replace(tzinfo=UTC),
)
LANGUAGES = (None, "de", "en", "tr", "fr", "", "de-CH")


def broken(text: str, *, language: str | None, expecting: Expecting, now: datetime = NOW) -> list[str]:
    """The promises that the meaning of this message breaks; raises what understanding raises."""
    understood = understand(text, now=now, language=language, expecting=expecting)
    windows = windows_of(understood.when, now=now) if understood.when else ()
    promises = {
        "the same again": understood == understand(text, now=now, language=language, expecting=expecting),
        "the text is kept": understood.text == text,
        "each intent once": len(set(understood.intents)) == len(understood.intents),
        "yes or no": not {Intent.AFFIRM, Intent.DENY} <= set(understood.intents),
        "a choice of plates": len(understood.plate_candidates) != 1,
        "wanted or unwanted": set(understood.services).isdisjoint(understood.unwanted),
        "windows begin ahead": all(window.start is None or window.start >= now for window in windows),
        "windows end ahead": all(window.end is None or window.end >= now for window in windows),
        "can be told": as_data(understood, now=now)["lang"] == understood.language,
        "can be explained": all(
            because.words for because in explain(text, now=now, language=language, expecting=expecting)
        ),
    }
    return [promise for promise, kept in promises.items() if not kept]
