"""What holds for every message about time."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.understanding.dates import as_json, narrowed, read_when, windows_of
from bot.understanding.dates.almanac import feast
from bot.understanding.dates.kinds import Kind
from bot.understanding.dates.lexicon import lexicon_of
from bot.understanding.meaning import Grain, When, Window
from tests.bot.understanding.told import BERLIN, NOW, read
from tests.bot.understanding.work import calls

LANGUAGES = st.sampled_from(["de", "en", "tr"])
WORDS = [word for language in ("de", "en") if (found := lexicon_of(language)) for word in found.phrases]
MARKS = ["9", "12.", "14:30", "3.12.", "2026", "1430", "/", "-", ",", ".", "Reifen", "kommen", "quietschen"]
MESSAGES = st.lists(st.sampled_from(WORDS + MARKS), max_size=12).map(" ".join)
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=UTC).astimezone(BERLIN)
)


@given(MESSAGES, LANGUAGES, MOMENTS)
@settings(max_examples=300)
def test_every_window_lies_ahead_or_is_open(text: str, language: str, now: datetime) -> None:
    when, spans = read_when(text, now=now, language=language)
    for window in windows_of(when, now=now, days=40) if when else ():
        assert window.start is None or window.start >= now
        assert window.end is None or window.start is None or window.end >= window.start
        assert (window.start == window.end) == (window.grain is Grain.MINUTE)
    assert all(0 <= start < end <= len(text) for start, end in spans)


@given(st.text(max_size=200), LANGUAGES)
@settings(max_examples=300)
def test_no_text_is_too_strange(text: str, language: str) -> None:
    when, _ = read_when(text, now=NOW, language=language)
    as_json(when, now=NOW)


@given(MESSAGES)
@settings(max_examples=200)
def test_the_same_words_mean_the_same(text: str) -> None:
    assert read(text) == read(text)


@given(MESSAGES)
@settings(max_examples=300)
def test_spelling_does_not_matter(text: str) -> None:
    assert read(text.upper()) == read(text)
    assert read(text.replace("ae", "ä").replace("ue", "ü").replace("oe", "ö").replace("ss", "ß")) == read(text)


@pytest.mark.parametrize("text", ["übernächste Woche", "am dreißigsten März", "Samstag früh", "Buß- und Bettag"])
def test_umlauts_may_be_spelt_out(text: str) -> None:
    spelt = text.replace("ü", "ue").replace("ä", "ae").replace("ß", "ss")
    assert read(spelt) == read(text) is not None


@given(st.dates(date(2026, 11, 26), date(2027, 11, 20)), st.integers(7, 18), st.sampled_from([0, 15, 30, 45]))
@settings(max_examples=150)
def test_a_moment_spelt_out_is_understood_as_that_moment(day: date, hour: int, minute: int) -> None:
    moment = datetime.combine(day, time(hour, minute), BERLIN)
    clock = f"{hour:02}:{minute:02}"
    german = (
        f"{format_date(day, 'EEE', 'de')} {day.day}.{day.month}., {clock}",
        f"{format_date(day, 'EEE', 'de').rstrip('.')}, {day.day}.{day.month}., {clock}",
        f"{format_date(day, 'EEEE, d. MMMM y', 'de')} um {hour}:{minute:02} Uhr",
        f"{format_date(day, 'd. MMM', 'de')} {clock}",
    )
    english = (
        f"{format_date(day, 'EEE d MMM', 'en')}, {clock}",
        f"{format_date(day, 'EEEE, MMMM d, y', 'en')} at {clock}",
        f"{day.isoformat()} {clock}",
    )
    for language, texts in (("de", german), ("en", english)):
        for text in texts:
            when = read(text, language)
            assert when is not None, text
            assert windows_of(when, now=NOW) == (Window(moment, moment, Grain.MINUTE),), text


@given(MESSAGES, MESSAGES)
@settings(max_examples=200)
def test_narrowing_never_fails(first: str, second: str) -> None:
    both = narrowed(read(first) or When(), read(second) or When())
    windows_of(both, now=NOW, days=30)


@pytest.mark.parametrize(
    "message", ["am Freitag um 10 oder nicht vor Montag 14:30 Uhr ", "der ", "9 ", "- ", "nächste "]
)
def test_reading_a_text_ten_times_as_long_is_ten_times_the_work(message: str) -> None:
    short, long = (message * 5000)[:500], (message * 5000)[:5000]
    assert calls(lambda: read(long)) < 15 * calls(lambda: read(short))


def test_a_day_with_a_clock_change_keeps_its_hours() -> None:
    before = datetime(2027, 3, 26, 12, tzinfo=BERLIN)
    when = read("Sonntag von 8 bis 12", now=before)
    assert when is not None
    (window,) = windows_of(when, now=before)
    assert window.start == datetime(2027, 3, 28, 8, tzinfo=BERLIN)
    assert window.start.utcoffset() == timedelta(hours=2)
    assert window.end == datetime(2027, 3, 28, 12, tzinfo=BERLIN)


def test_a_clock_time_that_is_skipped_is_the_one_an_hour_later() -> None:
    before = datetime(2027, 3, 26, 12, tzinfo=BERLIN)
    when = read("Sonntag um 02:30", now=before)
    assert when is not None
    assert windows_of(when, now=before)[0].start == datetime(2027, 3, 28, 3, 30, tzinfo=BERLIN)


def test_windows_are_told_in_the_zone_of_now() -> None:
    now = datetime(2026, 11, 25, 9, tzinfo=ZoneInfo("Europe/London"))
    assert as_json(read("morgen um 10", now=now), now=now) == [
        {"start": "2026-11-26T10:00:00+00:00", "end": "2026-11-26T10:00:00+00:00", "grain": "minute"}
    ]


@pytest.mark.parametrize("language", ["de", "en", "tr"])
def test_every_feast_has_a_day(language: str) -> None:
    lexicon = lexicon_of(language)
    assert lexicon is not None
    rules = {entry.get(Kind.FEAST) for found in lexicon.phrases.values() for _, entry in found} - {None}
    assert rules
    assert all(feast(str(rule), 2027) for rule in rules)
