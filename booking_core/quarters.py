"""Sets of quarter hours: whole numbers in which bit i stands for the i-th quarter hour of some line of time."""

from collections.abc import Iterator


def span(start: int, end: int) -> int:
    """The quarters from `start` up to, not including, `end`; none if `end` is not after `start`."""
    start = max(0, start)
    return (1 << max(0, end - start)) - 1 << start


def runs(bits: int, length: int) -> int:
    """The quarters at which at least `length` (one or more) set quarters in a row begin."""
    reached = 1
    while reached < length:
        step = min(reached, length - reached)
        bits &= bits >> step
        reached += step
    return bits


def shifted(bits: int, by: int) -> int:
    """Each quarter `by` places earlier; `by` may be negative."""
    return bits >> by if by >= 0 else bits << -by


def ones(bits: int) -> Iterator[int]:
    """The places of the set quarters, earliest first. Searching a string beats peeling bits off a long number."""
    digits = f"{bits:b}"[::-1]
    place = digits.find("1")
    while place >= 0:
        yield place
        place = digits.find("1", place + 1)


def first(bits: int, *, since: int = 0) -> int | None:
    """The earliest set quarter not before `since`, wherever that is."""
    since = max(0, since)
    rest = bits >> since
    return (rest & -rest).bit_length() - 1 + since if rest else None


def last(bits: int, *, before: int) -> int | None:
    """The latest set quarter before `before`, wherever that is."""
    rest = bits & span(0, min(before, bits.bit_length()))
    return rest.bit_length() - 1 if rest else None


def gathered(places: list[int], length: int) -> int:
    """The set of these places, all of them below `length`. Digits are faster to set than bits."""
    digits = bytearray(b"0" * length)
    for place in places:
        digits[~place] = _ONE
    return int(digits, 2)


_ONE = ord("1")
