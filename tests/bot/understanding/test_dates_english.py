"""English dates and times, as customers text them."""

import pytest

from tests.bot.understanding.told import read, told

MEANT = (
    # days
    ("today", "now - 25 Nov"),
    ("tomorrow", "26 Nov"),
    ("the day after tomorrow", "27 Nov"),
    ("on Friday", "27 Nov"),
    ("next Friday", "4 Dec"),
    ("this Friday", "27 Nov"),
    ("friday after next", "4 Dec"),
    ("next week Wednesday", "2 Dec"),
    ("in two weeks", "9 Dec"),
    ("in a fortnight", "9 Dec"),
    ("two weeks from now", "9 Dec"),
    ("two fridays from now", "4 Dec"),
    ("3 days after Christmas", "28 Dec"),
    ("a week from Monday", "7 Dec"),
    ("this weekend", "28 Nov - 29 Nov"),
    ("the week after next", "7 Dec - 13 Dec"),
    ("week 50", "7 Dec - 13 Dec"),
    # dates
    ("Dec 3", "3 Dec"),
    ("the 3rd of December", "3 Dec"),
    ("3rd Dec 2026", "3 Dec"),
    ("December third", "3 Dec"),
    ("on the 3rd", "3 Dec"),
    ("Thursday the 3rd", "3 Dec"),
    ("12/3", "12 Mar"),
    ("2026-12-03", "3 Dec"),
    ("7-9 December", "7 Dec - 9 Dec"),
    ("December 7 to 9", "7 Dec - 9 Dec"),
    ("from the 7th to the 9th of December", "7 Dec - 9 Dec"),
    ("the first Monday of December", "7 Dec"),
    ("in May", "1 May - 31 May"),
    # periods
    ("early next week", "30 Nov - 1 Dec"),
    ("late December", "21 Dec - 31 Dec"),
    ("end of next week", "3 Dec - 4 Dec"),
    ("later this week", "26 Nov - 29 Nov"),
    # feasts
    ("Christmas Eve", "24 Dec"),
    ("good friday", "26 Mar"),
    ("between Christmas and New Year", "27 Dec - 31 Dec"),
    # clock
    ("at 10", "25 Nov 10:00, 26 Nov 10:00 ..."),
    ("at 3", "25 Nov 15:00, 26 Nov 15:00 ..."),
    ("half past nine tomorrow", "26 Nov 9:30"),
    ("a quarter to four", "25 Nov 15:45, 26 Nov 15:45 ..."),
    ("twenty past eight", "26 Nov 8:20, 27 Nov 8:20 ..."),
    ("3ish", "25 Nov 15:00, 26 Nov 15:00 ..."),
    ("at 4 in the evening", "25 Nov 16:00, 26 Nov 16:00 ..."),
    ("noon on Friday", "27 Nov 12:00"),
    ("9:30 am", "25 Nov 9:30, 26 Nov 9:30 ..."),
    ("morning 10:45", "25 Nov 10:45, 26 Nov 10:45 ..."),
    # parts
    ("tomorrow morning", "26 Nov 7:00-12:00"),
    ("tonight", "25 Nov 17:00-21:00"),
    ("first thing Monday morning", "30 Nov 7:00-10:00"),
    ("Thursday or Friday afternoon", "26 Nov 13:00-18:00, 27 Nov 13:00-18:00"),
    ("after lunch", "25 Nov 13:00-18:00, 26 Nov 13:00-18:00 ..."),
    # bounds
    ("after 5", "25 Nov 17:00-24:00, 26 Nov 17:00-24:00 ..."),
    ("not before 10am", "25 Nov 10:00-24:00, 26 Nov 10:00-24:00 ..."),
    ("until 2 pm", "25 Nov 9:00-14:00, 26 Nov 0:00-14:00 ..."),
    ("by Friday", "now - 27 Nov"),
    ("from Monday", "30 Nov -"),
    ("3 pm or later on Friday", "27 Nov 15:00-24:00"),
    ("between 8 and 10 on Thursday", "26 Nov 8:00-10:00"),
    ("Mon-Fri after 4pm", "30 Nov 16:00-24:00, 1 Dec 16:00-24:00 ..."),
    ("within the next two weeks", "now - 8 Dec"),
    # refusals
    ("not Thursday, make it Sunday", "29 Nov"),
    ("can't do Friday, Monday works", "30 Nov"),
    ("I can't make it on Friday", "now - 26 Nov, 28 Nov -"),
    ("anything but Wednesday", "now - 1 Dec, 3 Dec -"),
    ("I'm away next week, how about the week after?", "7 Dec - 13 Dec"),
    # any
    ("as soon as possible", "now -"),
    ("whenever", "now -"),
)

SILENT = (
    "table for 4",
    "the sun is shining",
    "I sat in the car and it would not start",
    "you may not know this",
    "Audi A4",
    "my tyres are 205/55 R16",
    "60,000 km",
    "call me on 0171 2345678",
    "I need 4 new tyres",
    "it takes 2 hours",
    "since last week my brakes squeak",
    "2 weeks ago",
    "the second one",
    "the first",
    "have a nice weekend",
    "good morning",
    "second gear grinds",
    "model year 2015",
)


@pytest.mark.parametrize(("text", "windows"), MEANT)
def test_what_english_customers_say(text: str, windows: str) -> None:
    assert told(read(text, "en")) == windows


@pytest.mark.parametrize("text", SILENT)
def test_says_nothing_where_no_time_is_named(text: str) -> None:
    assert read(text, "en") is None
