"""A negotiation about a time, one sentence after the other."""

from functools import reduce

import pytest

from bot.understanding.dates import narrowed
from bot.understanding.meaning import When
from tests.bot.understanding.told import read, told

NEGOTIATIONS = (
    (("nächste Woche", "nur vormittags"), "30 Nov 8:00-12:00, 1 Dec 8:00-12:00 ..."),
    (("nächste Woche", "nur vormittags", "lieber Freitag"), "4 Dec 8:00-12:00"),
    (("nächste Woche", "nur vormittags", "lieber Freitag", "am 12.12."), "12 Dec 8:00-12:00"),
    (("übernächste Woche", "ab Mittwoch"), "9 Dec - 13 Dec"),
    (("im Dezember", "am 15."), "15 Dec"),
    (("im Januar", "am 15."), "15 Jan"),
    (("Freitag um 10", "lieber um 14 Uhr"), "27 Nov 14:00"),
    (("Freitag um 10", "dann Montag"), "30 Nov 10:00"),
    (("Dienstag", "doch lieber Freitag"), "4 Dec"),
    (("nachmittags", "ab 15 Uhr"), "25 Nov 15:00-18:00, 26 Nov 15:00-18:00 ..."),
    (("vormittags", "um 14 Uhr"), "25 Nov 14:00, 26 Nov 14:00 ..."),
    (("diese Woche", "nächste Woche"), "30 Nov - 6 Dec"),
    (("nächste Woche", "Freitag geht nicht"), "30 Nov - 6 Dec"),
    (("nächste Woche, aber Freitag geht nicht", "doch, Freitag geht"), "4 Dec"),
    (("montags", "ab 15 Uhr"), "30 Nov 15:00-24:00, 7 Dec 15:00-24:00 ..."),
    (("Freitag um 10", "egal wann"), "27 Nov"),
    (("Montag um 9 oder Donnerstag um 14 Uhr", "um 11"), "30 Nov 11:00, 26 Nov 11:00"),
    (("ab Montag", "bis Freitag"), "30 Nov - 4 Dec"),
)


@pytest.mark.parametrize(("sentences", "windows"), NEGOTIATIONS)
def test_later_words_refine_or_replace_earlier_ones(sentences: tuple[str, ...], windows: str) -> None:
    wishes = [read(sentence) or When() for sentence in sentences]
    assert told(reduce(narrowed, wishes)) == windows
