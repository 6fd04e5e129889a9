"""What holds for every message."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.understanding import understand
from bot.understanding.meaning import Expecting
from tests.bot.understanding.corpus import NOW, cases
from tests.bot.understanding.promises import LANGUAGES, MOMENTS, broken
from tests.bot.understanding.work import calls

WORDS = sorted({word for case in cases() for word in case.text.split()})
TALK = st.lists(st.sampled_from(WORDS) | st.text(max_size=8), max_size=20).map(" ".join)
ANYTHING = st.text(max_size=300) | TALK


@given(ANYTHING, st.sampled_from(LANGUAGES), st.sampled_from(Expecting))
@settings(max_examples=400)
def test_no_message_is_too_strange(text: str, language: str | None, expecting: Expecting) -> None:
    assert broken(text, language=language, expecting=expecting) == []


@pytest.mark.parametrize("now", MOMENTS)
def test_no_moment_is_too_far_away(now: datetime) -> None:
    for case in cases()[::10]:
        assert broken(case.text, language=case.lang, expecting=case.expecting, now=now) == []


def test_a_message_ten_times_as_long_is_ten_times_the_work() -> None:
    text = " ".join(case.text for case in cases())[:2_000]

    def work(times: int) -> int:
        return calls(lambda: understand(text * times, now=NOW, language="de"))

    assert work(10) < 12 * work(1)
