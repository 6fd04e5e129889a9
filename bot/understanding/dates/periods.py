"""Weeks, months and other stretches of days: "übernächste Woche", "die nächsten drei Tage"."""

from bot.understanding.dates.almanac import (
    DAY,
    WEEK,
    Stretch,
    month_of,
    months_later,
    one_day,
    week_of,
    weekend_of,
    year_of,
)
from bot.understanding.dates.daynames import COMING, DayName, Found
from bot.understanding.dates.kinds import Kind
from bot.understanding.dates.sentence import Sentence
from bot.understanding.meaning import Grain


def period_at(s: Sentence, i: int) -> Found | None:
    """ "nächste Woche", "dieses Wochenende", "the coming month", "am Wochenende"."""
    j, ref = i, s.ref(i)
    if ref is not None:
        j = i + 1
        if s.has(j, Kind.OR, Kind.AND) and s.has(j + 1, Kind.REF) and ref >= 0:  # "nächste oder übernächste Woche"
            either = shifted(s[j + 2].name(Kind.UNIT) or "", ref, s)
            return (DayName(period=either), j) if either else None
        if s.has(j, Kind.REF):
            ref, j = s.ref(j), j + 1
    unit = s[j].name(Kind.UNIT)
    if unit is None or (ref is not None and ref < 0):
        return None
    if ref is None:
        trailing = s.ref(j + 1) if s.has(j + 1, Kind.REF) else None
        if unit == "weekend":
            return DayName(period=weekend_of(s.today + (trailing or 0) * WEEK)), j + 1 + (trailing is not None)
        if unit == "week" and trailing in (1, 2) and s.has(j, Kind.UNIT):
            return DayName(period=week_of(s.today + trailing * WEEK)), j + 2
        return None
    period = shifted(unit, ref, s) if (unit, ref) != ("day", 0) else None
    return (DayName(period=period), j + 1) if period else None


def shifted(unit: str, ref: int, s: Sentence) -> Stretch | None:
    today = s.today
    if ref == COMING:
        ref = 0 if unit == "weekend" else 1
    if unit == "day":
        return one_day(today + ref * DAY) if ref in (0, 1) else None
    if unit == "week":
        return week_of(today + ref * WEEK)
    if unit == "workweek":
        monday = week_of(today + ref * WEEK).start
        return Stretch(monday, monday + 5 * DAY, Grain.WEEK)
    if unit == "weekend":
        return weekend_of(today + ref * WEEK)
    if unit == "month":
        return month_of(today.year, today.month + ref)
    if unit == "quarter":
        first = month_of(today.year, (today.month - 1) // 3 * 3 + 1 + 3 * ref)
        return Stretch(first.start, month_of(first.start.year, first.start.month + 2).end, Grain.MONTH)
    return year_of(today.year + ref) if unit == "year" else None


def coming_days(s: Sentence, i: int) -> Found | None:
    """ "die nächsten drei Wochen", "innerhalb von 2 Wochen", "the next 4 business days"."""
    j = s.skip(i, Kind.WITHIN)
    within = j > i
    j = s.skip(j, Kind.ARTICLE) if within else j
    ref = s.ref(j)
    if ref in (1, COMING):
        j += 1
    elif not within or s.has(i, Kind.IN, Kind.OF):
        return None
    count, unit = s.quantity(j), s[j + 1].name(Kind.UNIT)
    k = j + 2
    if ref is None and s.has(j + 1, Kind.REF) and s.ref(j + 1) == 1:
        unit, k = s[j + 2].name(Kind.UNIT), j + 3
    if count is None or unit is None or not 1 <= count <= 400:
        return None
    length = length_of(s, count, unit)
    if length is None:
        return None
    if unit == "month":
        length = Stretch(s.today, month_of(s.today.year, s.today.month + count).end, Grain.MONTH)
    extra = DAY if ref in (1, COMING) and unit == "day" else 0 * DAY
    return DayName(period=Stretch(length.start, length.end + extra, Grain.WEEK)), k


def length_of(s: Sentence, count: int, unit: str) -> Stretch | None:
    """So many units from today on."""
    today = s.today
    if unit == "workday":
        day, left = today, count
        while left:
            day += DAY
            left -= day.isoweekday() <= 5
        return Stretch(today + DAY, day + DAY)
    if unit in ("day", "week", "fortnight"):
        days = count * {"day": 1, "week": 7, "fortnight": 14}[unit]
        return Stretch(today, today + days * DAY)
    if unit in ("month", "year"):
        return Stretch(today, months_later(today, count * (12 if unit == "year" else 1)))
    return None
