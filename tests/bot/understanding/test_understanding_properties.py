"""What holds for every message."""

from time import perf_counter

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.understanding import understand
from bot.understanding.explaining import explain
from bot.understanding.meaning import Expecting, Intent
from bot.understanding.telling import as_data
from tests.bot.understanding.corpus import NOW, cases

WORDS = sorted({word for case in cases() for word in case.text.split()})
TALK = st.lists(st.sampled_from(WORDS) | st.text(max_size=8), max_size=20).map(" ".join)
ANYTHING = st.text(max_size=300) | TALK
LANGUAGES = st.sampled_from([None, "de", "en", "tr", "fr", "", "de-CH"])


@given(ANYTHING, LANGUAGES, st.sampled_from(Expecting))
@settings(max_examples=500, deadline=None)
def test_no_message_is_too_strange(text: str, language: str | None, expecting: Expecting) -> None:
    understood = understand(text, now=NOW, language=language, expecting=expecting)
    assert understood == understand(text, now=NOW, language=language, expecting=expecting)
    assert understood.text == text
    assert len(set(understood.intents)) == len(understood.intents)
    assert not {Intent.AFFIRM, Intent.DENY} <= set(understood.intents)
    assert len(understood.plate_candidates) != 1
    assert as_data(understood, now=NOW)["lang"] == understood.language
    assert all(because.words for because in explain(text, now=NOW, language=language, expecting=expecting))


def test_a_long_message_takes_only_as_much_longer_as_it_is() -> None:
    text = " ".join(case.text for case in cases())

    def seconds(length: int) -> float:
        took = []
        for _ in range(3):
            began = perf_counter()
            understand(text[:length], now=NOW, language="de")
            took.append(perf_counter() - began)
        return min(took)

    assert seconds(5_000) < 20 * seconds(1_000)
