"""Which of the offered things was picked, and whether the question was waved aside."""

from bot.understanding.hearing import Hearing
from bot.understanding.meaning import Expecting

_HIGHEST = 20


def read_number(heard: Hearing) -> int | None:
    """The number picked, counted from 1, or -1 for the last: "2", "nr. 3", "die zweite", "ich nehm die 2"."""
    around = heard.places("cue", "choosing") | heard.places("cue", "article") | heard.places("cue", "number")
    named = heard.places("cue", "number")
    counted = heard.places("cue", "digit_follows")
    alone = _only_number(heard, around)
    for place, number in _numbers(heard).items():
        follows_name = place - 1 in named
        if (alone or follows_name) and place + 1 not in counted:
            return number
    return None


def _only_number(heard: Hearing, around: frozenset[int]) -> bool:
    """Whether nothing but numbers and words of choosing was said."""
    numbers = _numbers(heard)
    polite = {place for hit in heard.of("intent") for place in hit.places}
    rest = [place for place in range(len(heard.words)) if place not in around | polite and place not in numbers]
    return len(numbers) == 1 and not rest


def _numbers(heard: Hearing) -> dict[int, int]:
    """The numbers by their places; beside an ordinal the others only decorate ("the second one")."""
    ordinals = {hit.first: int(hit.sense.key) for hit in heard.of("ordinal")}
    if ordinals:
        return ordinals
    numbers = {hit.first: int(hit.sense.key) for hit in heard.of("cardinal")}
    for place, word in enumerate(heard.words):
        if (
            word.typed.isascii()
            and word.typed.isdecimal()
            and len(word.typed) <= 2
            and 1 <= int(word.typed) <= _HIGHEST
        ):
            numbers[place] = int(word.typed)
    return numbers


def read_skip(heard: Hearing) -> bool:
    """Whether the customer does not want to give what was asked for."""
    return heard.expecting is not Expecting.NOTHING and heard.says("skip")
