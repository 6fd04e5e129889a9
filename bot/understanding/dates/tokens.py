"""A message cut into words, numbers and marks, each with its place in the text."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.understanding.dates.lexicon import fold

_LETTER = r"(?:[^\W\d_]|[\u0300-\u036f])"
_APOSTROPHES = "'’`´\""
_TOKEN = re.compile(
    rf"(?P<word>{_LETTER}+(?:[{_APOSTROPHES}]{_LETTER}+)*)"
    r"|(?P<number>\d+(?:[.,:/\-–]{1,2}\d+)*\.?)"
    r"|(?P<mark>[^\w\s])"
)
_DASH = re.compile(r"(?<=[\d.])[-–](?=\d)")
_SLASH = re.compile(r"(?<=\.)/(?=\d)")
_LONGEST_NUMBER = 24


@dataclass(frozen=True)
class Whole:
    """A whole number: "7", "07", "7."."""

    value: int
    digits: int
    dotted: bool = False


@dataclass(frozen=True)
class Face:
    """A clock face: "9:30"; `zero` if the hour was written with a leading zero."""

    hour: int
    minute: int
    zero: bool = False


@dataclass(frozen=True)
class Date:
    """A date in figures. "10.10" could be a clock time too, so it carries its reading as a `face`."""

    day: int
    month: int
    year: int | None = None
    face: Face | None = None


@dataclass(frozen=True)
class YearMonth:
    """A month of a year in figures: "2027-03", "03/2027"."""

    year: int
    month: int


@dataclass(frozen=True)
class Unreadable:
    """Figures that are no time: a phone number, a tyre size, a price."""


Shape = Whole | Face | Date | YearMonth | Unreadable


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or mark. `key` is its folded spelling; `glued` says that no space stands before it."""

    key: str
    start: int
    end: int
    glued: bool
    shape: Shape | None = None
    letters: bool = False


def tokens_of(text: str) -> list[Token]:
    """Cut the text up, in one pass."""
    tokens: list[Token] = []
    last_end = -1
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        glued = start == last_end
        last_end = end
        found = match.group()
        if match.lastgroup == "number":
            tokens += _numbers(found, start, glued)
        elif match.lastgroup == "word":
            plain = found if found.isalpha() else "".join(c for c in found if c not in _APOSTROPHES)
            tokens.append(Token(fold(plain), start, end, glued, letters=True))
        elif not (glued and found in _APOSTROPHES):  # "14'ten"
            tokens.append(Token("-" if found in "–—−" else found, start, end, glued))
    return tokens


def _numbers(text: str, start: int, glued: bool) -> Iterator[Token]:
    """One number, or the numbers of a range ("13-15", "14./15.10.")."""
    shape = _shape(text)
    for divider in (_DASH, _SLASH):
        if not isinstance(shape, Unreadable) or len(text) > _LONGEST_NUMBER:
            break
        pieces = divider.split(text)
        shapes = [_shape(piece) for piece in pieces]
        if len(pieces) == 2 and not any(_no_end(piece) for piece in shapes):
            middle = start + len(pieces[0])
            yield Token(pieces[0], start, middle, glued, shapes[0])
            yield Token("-", middle, middle + 1, True)
            yield Token(pieces[1], middle + 1, start + len(text), True, shapes[1])
            return
    yield Token(text, start, start + len(text), glued, shape)


def _no_end(shape: Shape) -> bool:
    """Whether no range of times ends so: "555-1212" is a phone number."""
    return isinstance(shape, Unreadable) or (isinstance(shape, Whole) and shape.digits > 2)


def _shape(text: str) -> Shape:
    if len(text) <= _LONGEST_NUMBER:
        for pattern, build in _SHAPES:
            match = pattern.fullmatch(text)
            if match is not None:
                shape = build(*match.groups())
                if shape is not None:
                    return shape
    return Unreadable()


def _whole(number: str, dot: str) -> Shape | None:
    return Whole(int(number), len(number), bool(dot))


def _face(hour: str, minute: str) -> Shape | None:
    face = Face(int(hour), int(minute), len(hour) == 2 and hour[0] == "0")
    return face if face.hour <= 24 and face.minute < 60 else None


def _date(day: str, month: str, year: str | None = None) -> Shape | None:
    full = None if year is None else int(year) + (2000 if len(year) == 2 else 0)
    if int(month) > 12 >= int(day):
        day, month = month, day
    return Date(int(day), int(month), full) if 1 <= int(day) <= 31 and 1 <= int(month) <= 12 else None


def _pair(first: str, second: str, dot: str) -> Shape | None:
    """ "10.10" is a date or a clock time, "18.30" only a time."""
    face = _face(first, second) if len(second) == 2 and not dot else None
    if 1 <= int(first) <= 31 and 1 <= int(second) <= 12:
        return Date(int(first), int(second), None, face if isinstance(face, Face) else None)
    return Date(0, 0, None, face) if isinstance(face, Face) else None


def _iso(year: str, month: str, day: str) -> Shape | None:
    return _date(day, month, year) if int(month) <= 12 else None


def _month(year: str, month: str) -> Shape | None:
    return YearMonth(int(year), int(month)) if 1 <= int(month) <= 12 else None


_SHAPES: tuple[tuple[re.Pattern[str], Callable[..., Shape | None]], ...] = (
    (re.compile(r"(\d{1,4})(\.?)"), _whole),
    (re.compile(r"(\d{1,2}):(\d\d)(?::\d\d)?\.?"), _face),
    (re.compile(r"(\d{1,2})\.(\d{1,2})(\.?)"), _pair),
    (re.compile(r"(\d{1,2})/(\d{1,2})\.?"), _date),
    (re.compile(r"(\d{1,2})([./-])(\d{1,2})\2((?:20)?\d\d)\.?"), lambda day, _, month, year: _date(day, month, year)),
    (re.compile(r"(20\d\d)([./-])(\d{1,2})\2(\d{1,2})\.?"), lambda year, _, month, day: _iso(year, month, day)),
    (re.compile(r"(20\d\d)[-/](\d{1,2})\.?"), _month),
    (re.compile(r"(\d{1,2})[-./](20\d\d)\.?"), lambda month, year: _month(year, month)),
)
