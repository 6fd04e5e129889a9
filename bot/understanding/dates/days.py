"""Days and periods: "der vierte Dezember", "übernächste Woche", "3 days after Easter", "KW 48"."""

from dataclasses import replace

from bot.understanding.dates.almanac import (
    DAY,
    WEEK,
    Stretch,
    feast,
    iso_week,
    month_of,
    months_later,
    one_day,
    sane_year,
    week_of,
    weekend_of,
    year_of,
)
from bot.understanding.dates.daynames import COMING, DayName, resolved
from bot.understanding.dates.lexicon import Kind
from bot.understanding.dates.sentence import Sentence
from bot.understanding.dates.tokens import Date, Whole, YearMonth
from bot.understanding.meaning import Grain

Found = tuple[DayName, int]


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


def _relative(s: Sentence, i: int) -> Found | None:
    shift = s[i].number(Kind.DAY)
    if shift is None or shift < 0 or part_after_day(s, i):
        return None
    return DayName(period=one_day(s.today + shift * DAY)), i + 1


def part_after_day(s: Sentence, i: int) -> bool:
    """Whether a word like "morgen" stands after a day, where it is the morning: "Dienstag morgen", "heute morgen"."""
    return s.has(i, Kind.DAY) and s.has(i, Kind.PART) and s.has(i - 1, Kind.WEEKDAY, Kind.SHORT_WEEKDAY, Kind.DAY)


def _weekday(s: Sentence, i: int) -> Found | None:
    j, ref = i, None
    if s.has(i, Kind.REF):
        ref, j = s.ref(i), i + 1
        if s.has(j, Kind.REF):
            ref, j = s.ref(j), j + 1
    if ref is not None and ref < 0:
        return None
    weekday = _named_weekday(s, j)
    if weekday is None:
        return None
    j = s.dot(j + 1)
    trailing = s.ref(j)
    if ref is None and trailing == 2 and not s.has(j + 1, Kind.UNIT):
        return DayName(weekday=weekday, ref=2), j + 1
    return DayName(weekday=weekday, ref=ref), j


def _named_weekday(s: Sentence, i: int) -> int | None:
    sure = s[i].number(Kind.WEEKDAY)
    if sure is not None:
        return sure
    short, shy = s[i].number(Kind.SHORT_WEEKDAY), s[i].number(Kind.SHY_WEEKDAY)
    if short is not None and not s.is_short_unknown(i - 1) and (_beside_time(s, i) or len(s) <= 2):
        return short
    after = s.skip(s.dot(i + 1), Kind.ARTICLE)
    if shy is not None and (
        s.dot(i + 1) == len(s) > i + 1 or isinstance(s[after].shape, Date) or _between_weekdays(s, i)
    ):
        return shy
    return None


def _beside_time(s: Sentence, i: int) -> bool:
    """Whether the words on either side of a short weekday speak of time, too."""
    after = s.skip(s.dot(i + 1), Kind.ARTICLE)
    before = s.has(
        i - 1,
        Kind.ON,
        Kind.BOUND,
        Kind.REF,
        Kind.OR,
        Kind.TO,
        Kind.EVERY,
        Kind.BETWEEN,
        Kind.AND,
        Kind.NOT,
        Kind.RATHER,
    )
    return before or s[after].shape is not None or s.has(after, *_TIME_KINDS)


def _between_weekdays(s: Sentence, i: int) -> bool:
    before = s.has(i - 1, Kind.OR, Kind.TO, Kind.AND) and s.has(i - 2, Kind.WEEKDAY, Kind.SHORT_WEEKDAY)
    after = s.has(i + 1, Kind.OR, Kind.TO) and s.has(i + 2, Kind.WEEKDAY, Kind.SHORT_WEEKDAY)
    return before or after or (s[i - 1].key in ("am", "on", "this", "next"))


_TIME_KINDS = (
    Kind.AT, Kind.PART, Kind.REF, Kind.OR, Kind.TO, Kind.BOUND, Kind.DAY, Kind.WEEKDAY, Kind.CLOCK, Kind.AND, Kind.NOT,
    Kind.HALF_TO,
)  # fmt: skip


def _figures(s: Sentence, i: int) -> Found | None:
    shape = s[i].shape
    if isinstance(shape, Date) and shape.day and not s.has(i + 1, Kind.OCLOCK, Kind.HALF_DAY, Kind.COUNTED):
        year, j = (shape.year, i + 1) if shape.year else _year(s, i + 1)
        return DayName(day=shape.day, month=shape.month, year=year), j
    if isinstance(shape, YearMonth):
        return DayName(month=shape.month, year=shape.year), i + 1
    spaced = _spaced_month(s, i)
    if spaced is not None:
        return spaced
    if isinstance(shape, Whole) and shape.dotted and 1 <= shape.value <= 31:
        month = s[i + 1].shape
        if (
            isinstance(month, Whole)
            and 1 <= month.value <= 12
            and (month.dotted or not s.has(i + 2, Kind.OCLOCK, Kind.COUNTED, Kind.UNIT))
        ):
            year, j = _year(s, i + 2)
            return DayName(day=shape.value, month=month.value, year=year), j
    return None


def _spaced_month(s: Sentence, i: int) -> Found | None:
    """ "2027 / 03", "03- 2027"."""
    first, last = s[i].shape, s[i + 2].shape
    if s[i + 1].key not in ("-", "/") or not isinstance(first, Whole) or not isinstance(last, Whole):
        return None
    year, month = (first, last) if first.digits == 4 else (last, first)
    if year.digits != 4 or month.digits > 2 or not sane_year(year.value) or not 1 <= month.value <= 12:
        return None
    return DayName(month=month.value, year=year.value), i + 3


def _year(s: Sentence, i: int) -> tuple[int | None, int]:
    """A year in figures, "2027" or after a date "27"; (None, i) if none stands here."""
    j = i + 1 if s[i].key == "," or s.has(i, Kind.YEAR_WORD, Kind.OF) else i
    j = j + 1 if s.has(j, Kind.YEAR_WORD) else j
    shape = s[j].shape
    if (
        isinstance(shape, Whole)
        and shape.digits == 4
        and sane_year(shape.value)
        and not s.has(j + 1, Kind.OCLOCK, Kind.COUNTED)
    ):
        return shape.value, j + 1
    return None, i


def _day_number(s: Sentence, i: int) -> tuple[int, int, bool] | None:
    """A day of the month at `i`: its number, the place after it, and whether it is plainly an ordinal."""
    shape = s[i].shape
    ordinal = s[i].number(Kind.ORDINAL)
    if isinstance(shape, Whole) and shape.digits <= 2 and 1 <= shape.value <= 31:
        suffix = s.has(i + 1, Kind.ORDINAL_SUFFIX) and s[i + 1].glued
        return shape.value, i + 1 + suffix, suffix or shape.dotted
    if ordinal is not None and ordinal >= 1:
        return ordinal, i + 1, True
    word = s[i].number(Kind.NUMBER)
    return (word, i + 1, False) if word is not None and 1 <= word <= 31 else None


def _day_of_month(s: Sentence, i: int) -> Found | None:
    """ "24. November", "1 März 2027", "the 2nd of March", "14april"."""
    number = _day_number(s, s.skip(i, Kind.REF) if s.has(i + 1, Kind.ORDINAL) or s[i + 1].shape else i)
    if number is None:
        return None
    j = number[1]
    if s.has(j, Kind.UNIT) and s[j].name(Kind.UNIT) == "day":
        j += 1
    while s.has(j, Kind.OF, Kind.ARTICLE) and not s.has(j, Kind.AT, Kind.MONTH):
        j += 1
    if s[j].key in ("-", "/"):
        j += 1
    month = s[j].number(Kind.MONTH)
    if month is None:
        month = s[j].number(Kind.SHY_MONTH)
    if month is None:
        period = _period(s, j) if j > number[1] else None
        monthly = period is not None and period[0].period is not None and period[0].period.grain is Grain.MONTH
        return (replace(period[0], day=number[0]), period[1]) if period and monthly else None
    j = s.dot(j + 1)
    j += s[j].key in ("-", "/")
    year, after = _year(s, j)
    if year is None:
        year, after = _short_year(s, j)
    return DayName(day=number[0], month=month, year=year), after


def _short_year(s: Sentence, i: int) -> tuple[int | None, int]:
    shape = s[i].shape
    lone = isinstance(shape, Whole) and shape.digits == 2 and not shape.dotted and len(s) == i + 1
    return (2000 + shape.value, i + 1) if lone and isinstance(shape, Whole) else (None, i)


def _month_day(s: Sentence, i: int) -> Found | None:
    """ "March 12th", "Oct. 2", "april the ninth", "Dezember 2027"."""
    j = s.skip(i, Kind.REF)
    ref = s.ref(i) if j > i else None
    month = s[j].number(Kind.MONTH)
    shy = s[j].number(Kind.SHY_MONTH)
    if (month is None and shy is None) or (ref is not None and ref < 0):
        return None
    k = s.dot(j + 1)
    k += s[k].key in (",", "-", "/")
    after = s.skip(k, Kind.ARTICLE, Kind.ON)
    if all(s[place].key not in ("in", "at") for place in range(k, after)):
        number = _day_number(s, after)
        if number is not None and not _is_time(s, after, number[1]):
            year, end = _year(s, number[1])
            return DayName(day=number[0], month=month or shy, year=year), end
    year, end = _year(s, k)
    if month is None and year is None and ref is None and not s.has(j - 1, Kind.OF, Kind.BOUND, Kind.BETWEEN):
        return None
    return DayName(month=month or shy, year=year, ref=1 if ref else None), end if year else s.dot(j + 1)


def _is_time(s: Sentence, i: int, j: int) -> bool:
    """Whether the number after a month is a clock time ("März 10 Uhr") or counts something."""
    return s.has(j, Kind.OCLOCK, Kind.HALF_DAY, Kind.COUNTED, Kind.UNIT) or isinstance(s[i].shape, Date)


def _lone_day(s: Sentence, i: int) -> Found | None:
    """ "der 15.", "am 3.", "on the 7th", "den vierten"."""
    number = _day_number(s, i)
    if number is None:
        return None
    value, j, ordinal = number
    before = _last_word(s, i - 1) == "the" or s.has(
        i - 1, Kind.ON, Kind.ARTICLE, Kind.BOUND, Kind.BETWEEN, Kind.TO, Kind.LASTING, Kind.OR, Kind.WEEKDAY
    )
    if s.has(j, Kind.COUNTED, Kind.OCLOCK, Kind.HALF_DAY, Kind.UNIT, Kind.ORDINAL, Kind.CLOCK, Kind.FEAST):
        return None
    if s[i].shape is None:
        named = s[i - 1].key == "the" and not s.has(
            i - 2, Kind.LASTING, Kind.BOUND, Kind.BETWEEN, Kind.TO, Kind.WEEKDAY
        )
        strict = not named and (_last_word(s, i - 1) in ("am", "vom", "zum", "on", "the") or s.has(i - 1, Kind.WEEKDAY))
        return (DayName(day=value), j) if ordinal and strict and _ends_phrase(s, j) else None
    after_weekday = s.has(i - 1, Kind.WEEKDAY) and (value > 18 or s.has(j, Kind.AT))
    if (ordinal and before) or after_weekday:
        return DayName(day=value), j
    if (
        s.has(i - 1, Kind.ON)
        and not s.has(i - 1, Kind.AT)
        and _last_word(s, i - 1) in ("am", "on", "vom", "the")
        and _ends_phrase(s, j)
    ):
        return DayName(day=value), j
    return None


def _last_word(s: Sentence, i: int) -> str:
    return s[i].key.rpartition(" ")[2]


def _ends_phrase(s: Sentence, i: int) -> bool:
    """Whether the next word cannot be something that is numbered ("der zweite Termin")."""
    return not s[i].letters or bool(s[i].meanings)


def _feast(s: Sentence, i: int) -> Found | None:
    j, nth = s.skip(i, Kind.REF), None
    number = _day_number(s, i)
    if number is not None and number[2] and s.has(number[1], Kind.FEAST):
        nth, j = number[0], number[1]
    rule = s[j].name(Kind.FEAST)
    if rule is None:
        return None
    if rule == "advent+0" and nth is not None and 1 <= nth <= 4:
        rule = f"advent+{7 * (nth - 1)}"
    year, k = _year(s, j + 1)
    if (
        year is None
        and s.has(j + 1, Kind.OF, Kind.IN)
        and s.has(j + 2, Kind.REF)
        and s[j + 3].name(Kind.UNIT) == "year"
    ):
        year, k = s.today.year + (s.ref(j + 2) or 0), j + 4
    weekday = s[k].number(Kind.WEEKDAY)
    if weekday == 1 and rule in ("easter+0", "easter+49"):
        return DayName(feast=f"easter+{int(rule[7:]) + 1}", year=year), k + 1
    if feast(rule, s.today.year) is None:
        return None
    return DayName(feast=rule, year=year), k


def _period(s: Sentence, i: int) -> Found | None:
    """ "nächste Woche", "dieses Wochenende", "the coming month", "am Wochenende"."""
    j, ref = i, s.ref(i)
    if ref is not None:
        j = i + 1
        if s.has(j, Kind.OR, Kind.AND) and s.has(j + 1, Kind.REF):
            return None
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
    period = _shifted(unit, ref, s) if (unit, ref) != ("day", 0) else None
    return (DayName(period=period), j + 1) if period else None


def _shifted(unit: str, ref: int, s: Sentence) -> Stretch | None:
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


def _coming(s: Sentence, i: int) -> Found | None:
    """ "die nächsten drei Wochen", "innerhalb von 2 Wochen", "the next 4 business days"."""
    j = s.skip(i, Kind.WITHIN)
    within = j > i
    j = s.skip(j, Kind.ARTICLE) if within else j
    ref = s.ref(j)
    if ref in (1, COMING):
        j += 1
    elif not within or s[i].key in ("in", "im"):
        return None
    count, unit = s.quantity(j), s[j + 1].name(Kind.UNIT)
    k = j + 2
    if ref is None and s.has(j + 1, Kind.REF) and s.ref(j + 1) == 1:
        unit, k = s[j + 2].name(Kind.UNIT), j + 3
    if count is None or unit is None or not 1 <= count <= 400:
        return None
    length = _length(s, count, unit)
    if length is None:
        return None
    if unit == "month":
        length = Stretch(s.today, month_of(s.today.year, s.today.month + count).end, Grain.MONTH)
    extra = DAY if ref in (1, COMING) and unit == "day" else 0 * DAY
    return DayName(period=Stretch(length.start, length.end + extra, Grain.WEEK)), k


def _length(s: Sentence, count: int, unit: str) -> Stretch | None:
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


def _ahead(s: Sentence, i: int) -> Found | None:
    """ "in zwei Wochen", "heute in 14 Tagen", "3 weeks from now", "two mondays from now"."""
    j = i + 1 if s.has(i, Kind.IN) else i
    count = s.quantity(j)
    k = j + 1
    while s.quantity(k) is not None and s.has(k, Kind.QUANTITY):
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
    length = _length(s, count, unit) if unit else None
    if length is None:
        return None
    return DayName(period=one_day(length.end - DAY if unit == "workday" else length.end)), after


def _spread(s: Sentence, least: int, most: int, i: int) -> Found | None:
    """ "in 2 bis 3 Wochen"."""
    first, last = (_length(s, count, s[i].name(Kind.UNIT) or "") for count in (least, most))
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
    year, k = _year(s, j)
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
        period = _shifted(unit, 0, s)
        return (DayName(period=period, edge=edge), i + 1) if period else None
    named = s[i].name(Kind.EDGE)
    if named is None:
        return None
    j = s.skip(i + 1, Kind.OF, Kind.ARTICLE, Kind.ON)
    found = _period(s, j) or _month_day(s, j) or _relative(s, j)
    if found is None:
        bare = _shifted(s[j].name(Kind.UNIT) or "", 0, s)
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
        figures = _day_number(s, i)
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
    found = _period(s, of) or _month_day(s, of)
    if found is None:
        year, after = _year(s, j)
        found = (DayName(year=year), after) if year else None
    if found is None and s.has(of, Kind.UNIT) and of > j:
        bare = _shifted(s[of].name(Kind.UNIT) or "", 0, s)
        found = (DayName(period=bare), of + 1) if bare else None
    if found is None and (weekday is None or number < 0):
        return None
    name = DayName(nth=number, weekday=weekday, unit=unit)
    both = name.joined(found[0]) if found else name
    if both is None or found is None:
        return (name, j) if weekday is not None and number > 0 else None
    return both, found[1]


def _lone_year(s: Sentence, i: int) -> Found | None:
    """ "im Jahr 2027"; a bare figure is no year."""
    if not s.has(i, Kind.YEAR_WORD) and not (s.has(i - 1, Kind.BOUND) and s[i].shape is not None):
        return None
    year, j = _year(s, i)
    return (DayName(year=year), j) if year else None


_RULES = (
    _relative, _weekday, _figures, _day_of_month, _month_day, _lone_day, _feast, _period, _coming, _ahead, _offset,
    _numbered_week, _edge, _nth, _lone_year,
)  # fmt: skip
