"""How somebody behaves, whatever they want."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from benchmarks.customers.goals import Goal
from benchmarks.customers.wishes import Wish
from benchmarks.customers.wording import Wording

ASIDES = ("price", "address", "hours", "noise")


@dataclass(frozen=True)
class Manners:
    """Traits of one person.

    `attentive` people read what they are asked to confirm, `forthcoming` ones tell all that is asked in one message,
    `flexible` ones take another time when they hear why theirs cannot be, after `bargains` for another day.
    `thinks` is how long they take over a yes; a hold may run out meanwhile.
    """

    style: str
    taps: bool
    sloppy: float
    lower_case: bool
    plain_letters: bool
    attentive: bool
    forthcoming: bool
    flexible: bool
    bargains: bool
    thinks: timedelta
    asides: tuple[tuple[int, str], ...]
    changes_mind: int | None

    def aside_at(self, turn: int) -> str | None:
        """What they put in instead of the answer to this turn's question."""
        return dict(self.asides).get(turn)

    def changes_mind_at(self, turn: int) -> bool:
        return self.changes_mind == turn

    def pause(self, dice: Random) -> timedelta:
        return timedelta(seconds=dice.randint(10, 70))

    def opening(self, goal: Goal, wording: Wording) -> str:
        """The first message, from a bare greeting to everything at once."""
        facts = self.facts(goal, wording, goal.wish)
        words = wording.say(self.style, **facts)
        if self.style == "greetings":
            return words
        if wording.dice.random() < 0.5 and self.style != "dialect":
            words = f"{wording.say('greetings')}, {words}"
        if self.forthcoming and wording.dice.random() < 0.4:
            words = f"{words}. {wording.say('about_me', name=goal.person.name)}"
            if goal.person.plate:
                words = f"{words} {wording.say('my_plate', plate=goal.person.plate)}"
            if goal.person.email:
                words = f"{words}, {goal.person.email}"
        return words

    def facts(self, goal: Goal, wording: Wording, wish: Wish) -> dict[str, str]:
        """What the phrases are filled with."""
        return {
            "service": wording.service(goal.services, "names"),
            "need": wording.service(goal.services, "needs"),
            "place": goal.place.words,
            "when": wish.words,
        }


STYLES = {
    "openers": 40,
    "openers_without_when": 15,
    "openers_without_place": 15,
    "openers_with_service": 12,
    "openers_with_nothing": 5,
    "greetings": 4,
    "dialect": 9,
}


def some_manners(dice: Random, channel: str) -> Manners:
    """Most people are polite and quick, and some are neither."""
    turns = dice.sample(range(1, 6), dice.choices([0, 1, 2], [70, 24, 6])[0])
    return Manners(
        style=dice.choices(list(STYLES), list(STYLES.values()))[0],
        taps=channel != "sms" and dice.random() < 0.6,
        sloppy=dice.choices([0.0, 0.25, 0.6], [60, 25, 15])[0],
        lower_case=dice.random() < 0.2,
        plain_letters=dice.random() < 0.07,
        attentive=dice.random() < 0.7,
        forthcoming=dice.random() < 0.75,
        flexible=dice.random() < 0.7,
        bargains=dice.random() < 0.3,
        thinks=timedelta(minutes=12) if dice.random() < 0.06 else timedelta(seconds=dice.randint(5, 120)),
        asides=tuple((turn, dice.choice(ASIDES)) for turn in turns),
        changes_mind=dice.randint(1, 4) if dice.random() < 0.18 else None,
    )
