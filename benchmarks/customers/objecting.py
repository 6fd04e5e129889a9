"""What somebody who reads finds wrong with what is read back to them."""

from collections.abc import Iterator
from datetime import datetime

from benchmarks.customers.hearing import Heard
from benchmarks.customers.mind import AGAIN, Mind
from benchmarks.customers.slips import plain


def objection(mind: Mind, heard: Heard, read: list[datetime]) -> str | None:
    """The first thing that is wrong; None if all is well or they have complained too often."""
    return next(_objections(mind, heard, read), None) if mind.restated <= AGAIN else None


def _objections(mind: Mind, heard: Heard, read: list[datetime]) -> Iterator[str]:
    say, goal = mind.wording.say, mind.goal
    others = {name for code, names in mind.display_names.items() if code not in goal.services for name in names}
    mine = [mind.display_names[code] for code in goal.services]
    if any(f"{name} " in heard.text for name in others) or not all(
        any(name in heard.text for name in names) for names in mine
    ):
        yield say("wrong_service", **mind.facts)
    if read and not (mind.wish.suits(read[0]) or (mind.compromised and read[0] == mind.chosen)):
        yield say("wish_again", when=mind.wish.words)
    if not any(name in heard.text for name in mind.places):
        yield say("wrong_place", place=goal.place.words)
    if plain(goal.person.name) not in plain(heard.text):
        yield say("wrong_name", name=goal.person.name)
    plate = goal.person.plate
    if plate and plate not in heard.text:
        yield say("wrong_plate", plate=plate)
