"""Turkish dates and times: a language that is only a data file."""

import pytest

from tests.bot.understanding.told import read, told

MEANT = (
    ("yarın sabah", "26 Nov 7:00-12:00"),
    ("Salı günü saat 3", "1 Dec 15:00"),
    ("cuma öğleden sonra", "27 Nov 13:00-18:00"),
    ("gelecek hafta", "30 Nov - 6 Dec"),
    ("bu hafta sonu", "28 Nov - 29 Nov"),
    ("15 Aralık saat 10:30", "15 Dec 10:30"),
    ("yarın 10'da", "26 Nov 10:00"),
    ("saat 9 buçukta", "25 Nov 9:30, 26 Nov 9:30 ..."),
    ("pazartesi veya salı", "30 Nov - 1 Dec"),
    ("14'ten sonra", "25 Nov 14:00-24:00, 26 Nov 14:00-24:00 ..."),
    ("3 gün sonra", "28 Nov"),
    ("en kısa zamanda", "now -"),
    ("bugün akşam", "25 Nov 17:00-21:00"),
    ("önümüzdeki cuma saat 14:00", "27 Nov 14:00"),
    ("cuma olmaz, pazartesi gelebilirim", "30 Nov"),
    ("her salı", "1 Dec, 8 Dec ..."),
)


@pytest.mark.parametrize(("text", "windows"), MEANT)
def test_what_turkish_customers_say(text: str, windows: str) -> None:
    assert told(read(text, "tr")) == windows
