"""What customers come for."""

import string
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from random import Random
from typing import Any

from benchmarks.customers.wishes import Wish, a_wish, on
from benchmarks.customers.wording import Wording, table

HU = "hu-au"
DISTRICTS = ("K", "BN", "SU", "GL", "BM", "D", "LEV")


class Kind(StrEnum):
    """What a conversation is about."""

    BOOK = "book"
    TWO_SERVICES = "two services"
    AGAIN = "book again"
    MOVE = "book, then move"
    CANCEL = "book, then cancel"
    CANNOT_BE = "cannot be"


SHARES = {Kind.BOOK: 40, Kind.TWO_SERVICES: 12, Kind.AGAIN: 8, Kind.MOVE: 14, Kind.CANCEL: 12, Kind.CANNOT_BE: 14}


@dataclass(frozen=True)
class Place:
    """Where somebody is: how they say it, and which workshops they would call the right ones.

    `far` says that none is near that does what they want; what the near ones do not do is in `lacks`.
    """

    words: str
    workshops: frozenset[str]
    far: bool = False
    lacks: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Person:
    """Who comes. Without a plate they may know the car, and without either nothing."""

    name: str
    plate: str | None
    car: str | None
    email: str | None


@dataclass(frozen=True)
class Goal:
    """What somebody wants before the conversation begins to change it."""

    kind: Kind
    person: Person
    services: tuple[str, ...]
    place: Place
    wish: Wish
    then: "Goal | None" = None

    def __str__(self) -> str:
        person = self.person
        who = ", ".join(filter(None, [person.name, person.plate, person.car, person.email]))
        what = f"{' + '.join(self.services)} {self.place.words} {self.wish.words}"
        return f"{what} ({who})" + (f", then {self.then.wish.words}" if self.then else "")


def a_goal(kind: Kind, wording: Wording, now: datetime) -> Goal:
    """A goal of this kind, fit for somebody who writes now."""
    dice = wording.dice
    person = a_person(wording)
    place = a_place(wording)
    sold = sorted(set(table(wording.language)["services"]) - place.lacks)
    services = tuple(dice.sample(sold, 2 if kind is Kind.TWO_SERVICES else 1))
    match kind:
        case Kind.CANNOT_BE:
            return _impossible(person, services, place, wording, now)
        case Kind.MOVE:
            wish = a_wish(wording, now, soonest=False)
            other = a_wish(wording, now, soonest=False, without=wish.days)
            then = Goal(kind, person, services, place, other)
            return Goal(kind, person, services, place, wish, then)
        case Kind.CANCEL:
            wish = a_wish(wording, now, soonest=False)
            return Goal(kind, person, services, place, wish, Goal(kind, person, services, place, wish))
        case Kind.AGAIN:
            wish = a_wish(wording, now)
            others = sorted(set(sold) - set(services))
            then = Goal(kind, person, (dice.choice(others),), place, a_wish(wording, now, without=wish.days))
            return Goal(kind, person, services, place, wish, then)
        case _:
            return Goal(kind, person, services, place, a_wish(wording, now))


def _impossible(person: Person, services: tuple[str, ...], place: Place, wording: Wording, now: datetime) -> Goal:
    dice = wording.dice
    match dice.choice(["sunday", "examiner", "night", "far"]):
        case "sunday":
            wish = on(_next(now.date(), 7), wording, now)
        case "examiner":
            services = (HU,)
            wish = on(_next(now.date(), dice.choice([1, 3, 5])), wording, now)
        case "night":
            day, hour = _next(now.date(), dice.choice([2, 4])), dice.choice([20, 21, 22])
            plain = on(day, wording, now, wording.say("parts.at", hour=hour))
            wish = Wish(plain.words, plain.days, time(hour), time(hour))
        case _:
            place = a_place(wording, far=True)
            services = tuple(place.lacks) or services
            wish = a_wish(wording, now)
    return Goal(Kind.CANNOT_BE, person, services, place, wish)


def _next(today: date, isoweekday: int) -> date:
    """The next such day, not today."""
    return today + timedelta(days=(isoweekday - today.isoweekday() - 1) % 7 + 1)


def a_person(wording: Wording) -> Person:
    dice = wording.dice
    name = wording.one_of(wording.list("names"))
    knows = dice.random()
    return Person(
        name,
        plate=a_plate(dice) if knows < 0.75 else None,
        car=wording.one_of(wording.list("cars")) if 0.75 <= knows < 0.9 else None,
        email=_address(name) if dice.random() < 0.5 else None,
    )


def a_plate(dice: Random) -> str:
    """As it is written on the car: "K-AB 123", at most eight letters and digits."""
    district = dice.choice(DISTRICTS)
    letters = "".join(dice.choices(string.ascii_uppercase, k=dice.choice([1, 2, 2, 2])))
    room = min(4, 8 - len(district) - len(letters))
    return f"{district}-{letters} {dice.randint(1, 10**room - 1)}"


def _address(name: str) -> str:
    plain = name.casefold().translate({ord("ö"): "oe", ord("ü"): "ue", ord("ß"): "ss", ord("'"): None})
    return f"{plain.split()[0]}.{plain.split()[-1]}@example.org"


def a_place(wording: Wording, *, far: bool = False) -> Place:
    row: dict[str, Any] = wording.dice.choice(table("places")["far" if far else "places"])
    words = wording.one_of(row["said"][wording.language])
    return Place(words, frozenset(row["workshops"]), far, frozenset(row.get("lacks", ())))
