"""Days of a month, in figures and words, months, years and feasts: "der vierte Dezember", "24.11."."""

from dataclasses import replace

from bot.understanding.dates.almanac import feast, sane_year
from bot.understanding.dates.daynames import DayName, Found
from bot.understanding.dates.kinds import Kind
from bot.understanding.dates.periods import period_at
from bot.understanding.dates.sentence import Sentence
from bot.understanding.dates.tokens import Date, Whole, YearMonth
from bot.understanding.meaning import Grain


def in_figures(s: Sentence, i: int) -> Found | None:
    shape = s[i].shape
    if isinstance(shape, Date) and shape.day and not s.has(i + 1, Kind.OCLOCK, Kind.HALF_DAY, Kind.COUNTED):
        year, j = (shape.year, i + 1) if shape.year else year_at(s, i + 1)
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
            year, j = year_at(s, i + 2)
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


def year_at(s: Sentence, i: int) -> tuple[int | None, int]:
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


def day_number(s: Sentence, i: int) -> tuple[int, int, bool] | None:
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


def day_of_month(s: Sentence, i: int) -> Found | None:
    """ "24. November", "1 März 2027", "the 2nd of March", "14april"."""
    number = day_number(s, s.skip(i, Kind.REF) if s.has(i + 1, Kind.ORDINAL) or s[i + 1].shape else i)
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
        period = period_at(s, j) if j > number[1] else None
        monthly = period is not None and period[0].period is not None and period[0].period.grain is Grain.MONTH
        return (replace(period[0], day=number[0]), period[1]) if period and monthly else None
    j = s.dot(j + 1)
    j += s[j].key in ("-", "/")
    year, after = year_at(s, j)
    if year is None:
        year, after = _short_year(s, j)
    return DayName(day=number[0], month=month, year=year), after


def _short_year(s: Sentence, i: int) -> tuple[int | None, int]:
    shape = s[i].shape
    lone = isinstance(shape, Whole) and shape.digits == 2 and not shape.dotted and len(s) == i + 1
    return (2000 + shape.value, i + 1) if lone and isinstance(shape, Whole) else (None, i)


def month_day(s: Sentence, i: int) -> Found | None:
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
    if not any(s.has(place, Kind.IN, Kind.AT) for place in range(k, after)):
        number = day_number(s, after)
        if number is not None and not _is_time(s, after, number[1]):
            year, end = year_at(s, number[1])
            return DayName(day=number[0], month=month or shy, year=year), end
    year, end = year_at(s, k)
    if month is None and year is None and ref is None and not s.has(j - 1, Kind.OF, Kind.BOUND, Kind.BETWEEN):
        return None
    return DayName(month=month or shy, year=year, ref=1 if ref else None), end if year else s.dot(j + 1)


def _is_time(s: Sentence, i: int, j: int) -> bool:
    """Whether the number after a month is a clock time ("März 10 Uhr") or counts something."""
    return s.has(j, Kind.OCLOCK, Kind.HALF_DAY, Kind.COUNTED, Kind.UNIT) or isinstance(s[i].shape, Date)


def lone_day(s: Sentence, i: int) -> Found | None:
    """ "der 15.", "am 3.", "on the 7th", "den vierten"."""
    number = day_number(s, i)
    if number is None:
        return None
    value, j, ordinal = number
    if s.has(j, Kind.COUNTED, Kind.OCLOCK, Kind.HALF_DAY, Kind.UNIT, Kind.ORDINAL, Kind.CLOCK, Kind.FEAST):
        return None
    weekday = s.has(i - 1, Kind.WEEKDAY)
    if s[i].shape is None:
        led_in = s.has(i - 1, Kind.DEFINITE) and s.has(i - 2, Kind.WEEKDAY, *_LEADING_TO_A_DAY)
        spoken = ordinal and (weekday or led_in or s.has(i - 1, Kind.ON_DAY))
        return (DayName(day=value), j) if spoken and _ends_phrase(s, j) else None
    if ordinal:
        named = weekday or s.has(i - 1, Kind.DEFINITE, Kind.ON, Kind.ARTICLE, Kind.OR, *_LEADING_TO_A_DAY)
    elif weekday:
        named = value > 18 or s.has(j, Kind.AT)
    else:
        named = s.has(i - 1, Kind.ON_DAY, Kind.DEFINITE) and not s.has(i - 1, Kind.AT) and _ends_phrase(s, j)
    return (DayName(day=value), j) if named else None


_LEADING_TO_A_DAY = (Kind.LASTING, Kind.BOUND, Kind.BETWEEN, Kind.TO)


def _ends_phrase(s: Sentence, i: int) -> bool:
    """Whether the next word cannot be something that is numbered ("der zweite Termin")."""
    return not s[i].letters or bool(s[i].meanings)


def feast_name(s: Sentence, i: int) -> Found | None:
    j, nth = s.skip(i, Kind.REF), None
    number = day_number(s, i)
    if number is not None and number[2] and s.has(number[1], Kind.FEAST):
        nth, j = number[0], number[1]
    rule = s[j].name(Kind.FEAST)
    if rule is None:
        return None
    if rule == "advent+0" and nth is not None and 1 <= nth <= 4:
        rule = f"advent+{7 * (nth - 1)}"
    year, k = year_at(s, j + 1)
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


def lone_year(s: Sentence, i: int) -> Found | None:
    """ "im Jahr 2027"; a bare figure is no year."""
    if not s.has(i, Kind.YEAR_WORD) and not (s.has(i - 1, Kind.BOUND) and s[i].shape is not None):
        return None
    year, j = year_at(s, i)
    return (DayName(year=year), j) if year else None
