"""Which of the choices on the screen a message takes."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.messages import Choice, InboundMessage
from bot.understanding.dates import windows_of
from bot.understanding.meaning import Understanding

_NEXT_YEAR = timedelta(days=300)
"""From here on a date without its year is rather meant as one that has passed."""

SHORTEST_PART = 4
"""Letters of a label that suffice to name it, if they name only one."""


def picked(message: InboundMessage, meaning: Understanding, choices: Sequence[Choice]) -> str | None:
    """The id of the choice that was tapped, or named by its number, its label or a part of it.

    A tapped id is passed on even if it is not on the screen: the dialog says so kindly.
    """
    if message.choice:
        return message.choice
    words = message.text.casefold().strip(" .!)")
    if not words:
        return None
    for choice in choices:
        if words == choice.label.casefold():
            return choice.id
    return _numbered(meaning.number, choices) or _named_in_part(words, choices)


def is_over(meaning: Understanding, *, now: datetime) -> bool:
    """Whether the time they named has passed.

    "Am 1.11." said on the 23rd is one that slipped by, though the calendar would find it in a year.
    """
    when = meaning.when
    if when is None:
        return meaning.bygone and not meaning.symptoms
    if not when.windows:
        return False
    windows = windows_of(when, now=now)
    starts = [window.start for window in windows]
    if not windows:
        return not (when.without or when.without_weekdays)
    return not meaning.year_named and all(start is not None and start > now + _NEXT_YEAR for start in starts)


def _numbered(number: int | None, choices: Sequence[Choice]) -> str | None:
    """What "the last one" is, the state knows: the last choice on the screen may be a way out."""
    return choices[number - 1].id if number is not None and 1 <= number <= len(choices) else None


def _named_in_part(words: str, choices: Sequence[Choice]) -> str | None:
    if len(words) < SHORTEST_PART:
        return None
    named = [choice.id for choice in choices if words in choice.label.casefold()]
    return named[0] if len(named) == 1 else None
