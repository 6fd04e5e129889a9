"""German dates and times, as customers text them."""

import pytest

from bot.understanding.dates import read_when
from bot.understanding.meaning import Expecting
from tests.bot.understanding.told import NOW, read, told

MEANT = (
    # days
    ("heute", "now - 25 Nov"),
    ("Termin morgen?", "26 Nov"),
    ("übermorgen bitte", "27 Nov"),
    ("am Freitag", "27 Nov"),
    ("FREITAG", "27 Nov"),
    ("nächsten Donerstag", "26 Nov"),
    ("kommenden Montag", "30 Nov"),
    ("übernächste Woche Dienstag", "8 Dec"),
    ("mittwoch in zwei wochen", "9 Dec"),
    ("in drei Tagen", "28 Nov"),
    ("in acht Tagen", "2 Dec"),
    ("in vierzehn Tagen", "9 Dec"),
    ("heute in 14 Tagen", "9 Dec"),
    ("in 2 bis 3 Wochen", "9 Dec - 16 Dec"),
    ("am Wochenende", "28 Nov - 29 Nov"),
    ("KW 50", "7 Dec - 13 Dec"),
    ("in der 49. KW", "30 Nov - 6 Dec"),
    # dates
    ("am 3.12.", "3 Dec"),
    ("am 3.12", "3 Dec"),
    ("03.12.2026", "3 Dec"),
    ("3-12-2026", "3 Dec"),
    ("2026-12-03", "3 Dec"),
    ("am 3. Dezember", "3 Dec"),
    ("der dritte Dezember", "3 Dec"),
    ("Do, den 3. Dez", "3 Dec"),
    ("am Donnerstag, dem 3.", "3 Dec"),
    ("am 29. Februar", "29 Feb"),
    ("vom 14.12. auf den 15.12.", "14 Dec - 15 Dec"),
    ("14./15.12.", "14 Dec - 15 Dec"),
    ("7. bis 9. Dezember", "7 Dec - 9 Dec"),
    ("zwischen dem 7. und dem 9.12.", "7 Dec - 9 Dec"),
    ("erster Montag im Dezember", "7 Dec"),
    ("letzte Dezemberwoche", "21 Dec - 27 Dec"),
    # periods
    ("Anfang Dezember", "1 Dec - 10 Dec"),
    ("Anfang des Monats", "1 Dec - 10 Dec"),
    ("Mitte nächster Woche", "1 Dec - 3 Dec"),
    ("Ende des Monats", "now - 30 Nov"),
    ("zum Monatsende", "now - 30 Nov"),
    ("im Januar", "1 Jan - 31 Jan"),
    # feasts
    ("an Heiligabend", "24 Dec"),
    ("zwischen den Jahren", "27 Dec - 31 Dec"),
    ("Ostermontag", "29 Mar"),
    ("Christi Himmelfahrt", "6 May"),
    ("am 2. Advent", "6 Dec"),
    ("am Buß- und Bettag", "17 Nov"),
    ("vor Ostern", "now - 27 Mar"),
    # clock
    ("um 10", "25 Nov 10:00, 26 Nov 10:00 ..."),
    ("um 3", "25 Nov 15:00, 26 Nov 15:00 ..."),
    ("morgen um halb zehn", "26 Nov 9:30"),
    ("viertel drei", "25 Nov 14:15, 26 Nov 14:15 ..."),
    ("viertel nach drei", "25 Nov 15:15, 26 Nov 15:15 ..."),
    ("dreiviertel drei", "25 Nov 14:45, 26 Nov 14:45 ..."),
    ("fünf vor halb drei", "25 Nov 14:25, 26 Nov 14:25 ..."),
    ("zwanzig nach acht", "26 Nov 8:20, 27 Nov 8:20 ..."),
    ("kurz nach 10", "25 Nov 10:00-10:30, 26 Nov 10:00-10:30 ..."),
    ("um 1430", "25 Nov 14:30, 26 Nov 14:30 ..."),
    ("17h10", "25 Nov 17:10, 26 Nov 17:10 ..."),
    ("Donnerstag 15 Uhr 20", "26 Nov 15:20"),
    ("Freitag 9.30 Uhr", "27 Nov 9:30"),
    ("abends um 7", "25 Nov 19:00, 26 Nov 19:00 ..."),
    # parts
    ("morgen früh", "26 Nov 7:00-10:00"),
    ("heute Nachmittag", "25 Nov 13:00-18:00"),
    ("Dienstagabend", "1 Dec 17:00-21:00"),
    ("Samstag vormittags", "28 Nov 8:00-12:00"),
    ("mittags", "25 Nov 12:00-14:00, 26 Nov 12:00-14:00 ..."),
    # bounds
    ("ab Montag", "30 Nov -"),
    ("ab 14 Uhr", "25 Nov 14:00-24:00, 26 Nov 14:00-24:00 ..."),
    ("nach 17 Uhr", "25 Nov 17:00-24:00, 26 Nov 17:00-24:00 ..."),
    ("bis 11 Uhr", "25 Nov 9:00-11:00, 26 Nov 0:00-11:00 ..."),
    ("11 Uhr spätestens", "25 Nov 9:00-11:00, 26 Nov 0:00-11:00 ..."),
    ("bis Freitag", "now - 27 Nov"),
    ("bis spätestens Freitag 12 Uhr", "25 Nov 9:00- 27 Nov 12:00"),
    ("nach dem Wochenende", "30 Nov -"),
    ("vor dem 10.12.", "now - 9 Dec"),
    ("frühestens Donnerstag", "26 Nov -"),
    ("nicht vor 10 Uhr", "25 Nov 10:00-24:00, 26 Nov 10:00-24:00 ..."),
    ("zwischen 4 und 6 nachmittags", "25 Nov 16:00-18:00, 26 Nov 16:00-18:00 ..."),
    ("von 20 bis 0 Uhr", "25 Nov 20:00-24:00, 26 Nov 20:00-24:00 ..."),
    ("viertel vor Mitternacht", "25 Nov 23:45, 26 Nov 23:45 ..."),
    ("von 8 bis 12", "25 Nov 9:00-12:00, 26 Nov 8:00-12:00 ..."),
    ("Freitag 8-10 Uhr", "27 Nov 8:00-10:00"),
    ("innerhalb der nächsten 2 Wochen", "now - 8 Dec"),
    ("in der übernächsten Woche am Donnerstag zwischen 4 und 6 Uhr nachmittags", "10 Dec 16:00-18:00"),
    # choices
    ("Di oder Mi", "1 Dec - 2 Dec"),
    ("Di oder Mi nächste Woche vormittags", "1 Dec 8:00-12:00, 2 Dec 8:00-12:00"),
    ("Montag um 9 oder Donnerstag um 14 Uhr", "30 Nov 9:00, 26 Nov 14:00"),
    ("morgen um 9 oder 10 Uhr", "26 Nov 9:00, 26 Nov 10:00"),
    ("Mo-Fr ab 16 Uhr", "30 Nov 16:00-24:00, 1 Dec 16:00-24:00 ..."),
    ("mittwochs und freitags ab 15 Uhr", "25 Nov 15:00-24:00, 27 Nov 15:00-24:00 ..."),
    ("jeden Dienstag", "1 Dec, 8 Dec ..."),
    ("mo oder di, ab 16 Uhr", "30 Nov 16:00-24:00, 1 Dec 16:00-24:00"),
    ("nächste oder übernächste Woche", "30 Nov - 13 Dec"),
    ("Mo - Do nach 15 Uhr, freitags ab 13 Uhr", "30 Nov 15:00-24:00, 1 Dec 15:00-24:00 ..."),
    # refusals
    ("Freitag geht nicht, lieber Montag", "30 Nov"),
    ("nicht Freitag sondern Montag", "30 Nov"),
    ("nächste Woche, aber Freitag geht nicht", "30 Nov - 3 Dec, 5 Dec - 6 Dec"),
    ("nächste Woche, nur nicht montags", "1 Dec - 6 Dec"),
    ("Montag und Dienstag kann ich leider nicht", "now - 29 Nov, 2 Dec -"),
    ("alles außer Montag", "now - 29 Nov, 1 Dec -"),
    ("vormittags geht nicht", "25 Nov 12:00-24:00, 26 Nov 0:00-8:00 ..."),
    ("Mittwoch nächste Woche statt Freitag", "2 Dec"),
    ("ich weiß nicht, vielleicht Freitag", "27 Nov"),
    ("nächste Woche bin ich weg, geht die Woche danach?", "7 Dec - 13 Dec"),
    ("bin bis Freitag im Urlaub", "28 Nov -"),
    ("vom 10.12. bis 15.12. nicht da", "now - 9 Dec, 16 Dec -"),
    ("Termin von Montag auf Dienstag verschieben", "1 Dec"),
    # any
    ("so bald wie möglich", "now -"),
    ("egal wann", "now -"),
    ("irgendwann nächste Woche", "30 Nov - 6 Dec"),
)

SILENT = (
    "Tisch für 4",
    "Golf 7 mit 205/55 R16, 60.000 km",
    "mein Golf 6, Bj 2012",
    "Kennzeichen K-AB 1234",
    "K AB 12",
    "B-MO 123",
    "50667 Köln",
    "0221 1234567",
    "ruf mich an: 0171 2345678",
    "Um 4 Reifen geht es",
    "ab 10 Euro",
    "kostet das 80 Euro?",
    "seit 3 Wochen quietschen die Bremsen",
    "vor zwei Tagen war ich da",
    "gestern ging es noch",
    "letzte Woche war ich schon da",
    "der Ölwechsel dauert 2 Stunden",
    "alle 2 Jahre",
    "die zweite",
    "nimm 2",
    "mit freundlichen Grüßen",
    "guten Morgen zusammen",
    "schönen Abend noch",
    "Fr. Müller hat angerufen",
    "Herr Sonntag lässt grüßen",
    "das ist mir so egal",
    "am 31.11.",
)


@pytest.mark.parametrize(("text", "windows"), MEANT)
def test_what_german_customers_say(text: str, windows: str) -> None:
    assert told(read(text, "de")) == windows


@pytest.mark.parametrize("text", SILENT)
def test_says_nothing_where_no_time_is_named(text: str) -> None:
    assert read(text) is None


def test_being_away_alone_is_a_time_like_any_other_until_we_asked_for_one() -> None:
    text = "von Montag bis Mittwoch bin ich weg"
    assert told(read(text)) == "30 Nov - 2 Dec"
    assert told(read(text, expecting=Expecting.WHEN)) == "now - 29 Nov, 3 Dec -"


def test_being_away_rules_days_out_when_the_message_speaks_of_more() -> None:
    text = "Ich brauche eine Inspektion, von Montag bis Mittwoch bin ich weg"
    assert told(read(text)) == "now - 29 Nov, 3 Dec -"


@pytest.mark.parametrize(
    ("answer", "windows"),
    [("10", "25 Nov 10:00, 26 Nov 10:00 ..."), ("3.", "3 Dec"), ("1430", "25 Nov 14:30, 26 Nov 14:30 ...")],
)
def test_a_lone_number_answers_when(answer: str, windows: str) -> None:
    assert told(read(answer, expecting=Expecting.WHEN)) == windows
    assert read(answer) is None


def test_a_name_that_is_a_day_stays_a_name() -> None:
    assert read("Sonntag", expecting=Expecting.NAME) is None


def test_today_a_clock_time_that_is_over_means_the_one_to_come() -> None:
    afternoon = NOW.replace(hour=16, minute=12)
    assert told(read("heute von 7 bis 8", now=afternoon), afternoon) == "25 Nov 19:00-20:00"


@pytest.mark.parametrize(
    ("day", "text", "windows"),
    [
        (29, "Montag nächster Woche", "30 Nov"),
        (29, "nächste Woche Montag um 10", "30 Nov 10:00"),
        (29, "Sonntag nächster Woche", "6 Dec"),
        (28, "Montag nächster Woche", "30 Nov"),
        (30, "Montag nächster Woche", "7 Dec"),
        (30, "Montag übernächster Woche", "14 Dec"),
    ],
)
def test_a_week_begins_on_monday_whenever_it_is_said(day: int, text: str, windows: str) -> None:
    said = NOW.replace(day=day, hour=10)
    assert told(read(text, now=said), said) == windows


def test_instead_of_other_work_drops_no_day() -> None:
    assert told(read("Achsvermessung statt Ölwechsel, und erst am Freitag")) == "27 Nov"
    assert told(read("Freitag statt dem Termin am Donnerstag")) == "27 Nov"


def test_dates_with_a_foreign_month_are_left_to_dateparser() -> None:
    assert told(read("12 grudnia 2026")) == "12 Dec"


def test_the_places_of_the_words_are_told() -> None:
    text = "Ölwechsel am Freitag um 10 bitte"
    _, spans = read_when(text, now=NOW, language="de")
    assert [text[start:end] for start, end in spans] == ["Freitag", "um 10"]
