"""Days and periods, whatever they are called: "3 days after Easter", "KW 48", "Anfang nächster Woche"."""

from dataclasses import replace

from bot.understanding.dates.almanac import DAY, WEEK, Stretch, iso_week, one_day, week_of
from bot.understanding.dates.daynames import DayName, Found, resolved
from bot.understanding.dates.kinds import Kind
from bot.understanding.dates.monthdays import (
    day_number,
    day_of_month,
    feast_name,
    in_figures,
    lone_day,
    lone_year,
    month_day,
    year_at,
)
from bot.understanding.dates.periods import coming_days, length_of, period_at, shifted
from bot.understanding.dates.sentence import Sentence
from bot.understanding.dates.tokens import Whole
from bot.understanding.dates.weekdays import relative_day, weekday_name
from bot.understanding.meaning import Grain


def day(s: Sentence, i: int) -> Found | None:
    """The day or period named at `i`: the reading that takes most words."""
    return s.remembered(_longest, i) if s[i].meanings or s[i].shape is not None else None


def _longest(s: Sentence, i: int) -> Found | None:
    best: Found | None = None
    for rule in _RULES:
        found = rule(s, i)
        if found is not None and (best is None or found[1] > best[1]):
            best = found
    return best


def whole_day(s: Sentence, i: int) -> Found | None:
    """A day with everything that belongs to it standing next to it: "Freitag, den 27. November"."""
    found = day(s, i)
    while found is not None:
        j = s.skip(found[1], Kind.ARTICLE, Kind.ON, Kind.OF)
        more = day(s, j)
        both = found[0].joined(more[0]) if more else None
        if more is None or both is None:
            return found
        found = both, more[1]
    return None


def _ahead(s: Sentence, i: int) -> Found | None:
    """ "in zwei Wochen", "heute in 14 Tagen", "3 weeks from now", "two mondays from now"."""
    j = i + 1 if s.has(i, Kind.IN) else i
    count = s.quantity(j)
    k = j + 1
    if s.has(k, Kind.QUANTITY):  # "in ein paar Tagen"
        count, k = s.quantity(k), k + 1
    if count is None or not 1 <= count <= 400:
        return None
    if s.has(k, Kind.TO, Kind.OR) and s.quantity(k + 1) is not None and s.has(k + 2, Kind.UNIT) and j > i:
        return _spread(s, count, s.quantity(k + 1) or count, k + 2)
    later = s.has(k + 1, Kind.LATER)
    if j == i and not later:
        return None
    weekday = s[k].number(Kind.WEEKDAY) or s[k].number(Kind.EVERY_WEEKDAY)
    if weekday is not None and later:
        first = resolved(DayName(weekday=weekday), s.today)
        return (DayName(period=one_day(first.start + (count - 1) * WEEK)), k + 2) if first else None
    unit = s[k].name(Kind.UNIT)
    after = k + 1 + later
    if unit == "week":
        return DayName(weeks=count), after
    length = length_of(s, count, unit) if unit else None
    if length is None:
        return None
    return DayName(period=one_day(length.end - DAY if unit == "workday" else length.end)), after


def _spread(s: Sentence, least: int, most: int, i: int) -> Found | None:
    """ "in 2 bis 3 Wochen"."""
    first, last = (length_of(s, count, s[i].name(Kind.UNIT) or "") for count in (least, most))
    if first is None or last is None or first.end > last.end:
        return None
    return DayName(period=Stretch(first.end, last.end + DAY, Grain.WEEK)), i + 1


def _offset(s: Sentence, i: int) -> Found | None:
    """ "drei Tage nach Ostern", "2 weeks from January 15", "the week after Easter"."""
    count = s.quantity(i)
    j = i + 1 if count is not None else i
    unit = s[j].name(Kind.UNIT)
    if unit is None or unit not in ("day", "week", "workday"):
        return None
    sign = {"after": 1, "from": 1, "before": -1}.get(s[j + 1].name(Kind.BOUND) or "")
    if sign is None:
        return None
    found = whole_day(s, s.skip(j + 2, Kind.ARTICLE, Kind.ON))
    anchor = resolved(found[0], s.today, s.lexicon.next_weekday) if found else None
    if found is None or anchor is None:
        return None
    if count is None:
        return (DayName(period=week_of(anchor.start + sign * WEEK)), found[1]) if unit == "week" and sign else None
    return DayName(period=one_day(anchor.start + sign * count * (7 if unit == "week" else 1) * DAY)), found[1]


def _numbered_week(s: Sentence, i: int) -> Found | None:
    """ "KW 48", "48. KW", "week 31", "die Woche vom 7.12."."""
    j = s.dot(i + 1)
    if s.has(i, Kind.WEEK_OF):
        found = whole_day(s, s.skip(i + 1, Kind.ARTICLE, Kind.ON))
        days = resolved(found[0], s.today) if found else None
        return (DayName(period=week_of(days.start)), found[1]) if found and days else None
    if s[i].name(Kind.UNIT) == "week" and s.has(i + 1, Kind.OF):
        found = whole_day(s, s.skip(i + 1, Kind.OF, Kind.ARTICLE, Kind.ON))
        days = resolved(found[0], s.today) if found and found[0].is_day else None
        return (DayName(period=week_of(days.start)), found[1]) if found and days else None
    number = s.whole(j) if s.has(i, Kind.WEEK_NUMBER) else None
    if number is not None:
        j += 1
    elif s.has(i + 1, Kind.WEEK_NUMBER) and isinstance(shape := s[i].shape, Whole) and shape.dotted:
        number, j = shape.value, i + 2
    if number is None:
        return None
    year, k = year_at(s, j)
    week = iso_week(year or s.today.year, number)
    if year is None and week is not None and week.end <= s.today:
        week = iso_week(s.today.year + 1, number)
    return (DayName(period=week), k) if week else None


def _edge(s: Sentence, i: int) -> Found | None:
    """ "Anfang nächster Woche", "Ende des Monats", "Mitte Dezember", "later this week"."""
    one_word = s[i].name(Kind.EDGE_DAY)
    if one_word is not None:
        edge, _, unit = one_word.partition("-")
        following = day(s, s.skip(i + 1, Kind.OF, Kind.ARTICLE))
        if following and following[0].period and following[0].period.grain in (Grain.WEEK, Grain.MONTH):
            return replace(following[0], edge=edge), following[1]
        period = shifted(unit, 0, s)
        return (DayName(period=period, edge=edge), i + 1) if period else None
    named = s[i].name(Kind.EDGE)
    if named is None:
        return None
    j = s.skip(i + 1, Kind.OF, Kind.ARTICLE, Kind.ON)
    found = period_at(s, j) or month_day(s, j) or relative_day(s, j)
    if found is None:
        bare = shifted(s[j].name(Kind.UNIT) or "", 0, s)
        found = (DayName(period=bare), j + 1) if bare and (j > i + 1 or named == "rest") else None
    if found is None or found[0].day is not None:
        return None
    if found[0].is_day:
        return found if named in ("later", "rest", "end") else None
    return replace(found[0], edge=named), found[1]


def _nth(s: Sentence, i: int) -> Found | None:
    """ "der erste Montag im Oktober", "last week of July", "the third month of 2027"."""
    number = s[i].number(Kind.ORDINAL)
    j = i + 1
    if number is None:
        figures = day_number(s, i)
        if figures is None or not figures[2]:
            return None
        number, j = figures[0], figures[1]
    weekday, unit, month = s[j].number(Kind.WEEKDAY), s[j].name(Kind.UNIT), s[j].number(Kind.MONTH)
    if month is not None and s[j + 1].name(Kind.UNIT) in ("week", "weekend"):  # "letzte Novemberwoche"
        return DayName(nth=number, unit=s[j + 1].name(Kind.UNIT), month=month), j + 2
    if weekday is None and unit not in ("day", "week", "weekend", "month"):
        return None
    j = s.dot(j + 1)
    of = s.skip(j, Kind.OF, Kind.ARTICLE, Kind.ON)
    found = period_at(s, of) or month_day(s, of)
    if found is None:
        year, after = year_at(s, j)
        found = (DayName(year=year), after) if year else None
    if found is None and s.has(of, Kind.UNIT) and of > j:
        bare = shifted(s[of].name(Kind.UNIT) or "", 0, s)
        found = (DayName(period=bare), of + 1) if bare else None
    if found is None and (weekday is None or number < 0):
        return None
    name = DayName(nth=number, weekday=weekday, unit=unit)
    both = name.joined(found[0]) if found else name
    if both is None or found is None:
        return (name, j) if weekday is not None and number > 0 else None
    return both, found[1]


_RULES = (
    relative_day, weekday_name, in_figures, day_of_month, month_day, lone_day, feast_name, period_at, coming_days,
    _ahead, _offset, _numbered_week, _edge, _nth, lone_year,
)  # fmt: skip
