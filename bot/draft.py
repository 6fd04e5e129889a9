"""What a conversation knows of the visit the customer wants."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.facts import Client, Held, Shop, named_shop
from bot.negotiating import fits, same_day, week_of
from bot.understanding.dates import narrowed
from bot.understanding.meaning import Grain, Stay, Understanding, Vehicle, When, Window
from bot.understanding.names import in_full


@dataclass(frozen=True)
class Draft:
    """Everything said so far, whoever asked for it and whether or not anybody did.

    `where` is how they put the place, which may name a part of the town, until we know its workshops. `shops` are the
    workshops we look for times at, usually one; `nearby` are all that came into question. `spare` is the time that
    stays reserved while they look for another, `reassured` says that they know it. `plates` are the readings of an
    ambiguous plate, `next_car` is one that wants the same afterwards. `declined` holds what the customer would rather
    not tell ("vehicle", "email"); it is not asked for again. `invited` says that they know name and car to be welcome
    along with any answer, `stay` whether they wait for the car. `cars` is how many are to come, one after the
    other; `another_car` that it is none of those we know.
    """

    services: tuple[str, ...] = ()
    plz: str | None = None
    city: str | None = None
    where: str = ""
    shops: tuple[Shop, ...] = ()
    nearby: tuple[Shop, ...] = ()
    when: When | None = None
    held: Held | None = None
    spare: Held | None = None
    reassured: bool = False
    vehicle: Vehicle = field(default_factory=Vehicle)
    plates: tuple[str, ...] = ()
    next_car: Vehicle | None = None
    name: str | None = None
    email: str | None = None
    declined: frozenset[str] = frozenset()
    invited: bool = False
    stay: Stay | None = None
    cars: int = 1
    another_car: bool = False
    client: Client = field(default_factory=Client)

    @property
    def visit(self) -> tuple[object, ...]:
        """What decides which times we can offer."""
        return self.services, self.when, self.plz, self.city, self.shops

    @property
    def other_shops(self) -> tuple[Shop, ...]:
        return tuple(shop for shop in self.nearby if shop not in self.shops)

    @property
    def lacks_vehicle(self) -> bool:
        return self.vehicle == Vehicle() and not self.plates and "vehicle" not in self.declined

    @property
    def lacks_email(self) -> bool:
        return self.email is None and "email" not in self.declined and not self.client.returning

    @property
    def underway(self) -> bool:
        """Whether there is a booking to come back to after a digression."""
        return bool(self.services)

    def hearing(self, said: Understanding) -> "Draft":
        """The draft with what was just said. A chosen time is let go when it no longer fits what is wanted."""
        elsewhere = self._is_elsewhere(said)
        wish = self.staying_at_the_time().when if elsewhere else self.when
        repeated = self.held and said.when and _fits_that_week(said.when, self.held.start)
        next_car = said.vehicle if self._means_another_car(said) else None
        learned = replace(
            self,
            services=_joined(self.services, said),
            when=wish if repeated else self._wish_with(wish, said.when),
            vehicle=self.vehicle if next_car else _told(self.vehicle, said.vehicle),
            next_car=next_car or self.next_car,
            plates=() if said.vehicle.plate else said.plate_candidates or self.plates,
            name=said.name or self._name_in_full(said) or self.name,
            email=said.email or self.email,
            stay=said.stay or self.stay,
            cars=said.cars or self.cars,
        )
        if elsewhere and (said.plz, said.city) != (self.plz, self.city):
            learned = replace(learned, plz=said.plz, city=said.city, where=said.text, shops=(), nearby=())
        elif shop := None if said.name else named_shop(learned.nearby, said.text):
            learned = replace(learned, shops=(shop,))
        return learned if learned.visit == self.visit else learned.looking_on()

    def _is_elsewhere(self, said: Understanding) -> bool:
        """Whether a place was told, and not only the town in which the chosen workshop is."""
        there = bool(self.shops) and said.plz is None and all(shop.city == said.city for shop in self.shops)
        return bool(said.plz or said.city) and not there

    def looking_on(self) -> "Draft":
        """The draft while another time is looked for; what is kept for other work than is wanted is no use."""
        before = self.held or self.spare
        fits_the_work = before is not None and {job.code for job in before.jobs} == set(self.services)
        known = self.reassured and self.held is None
        return replace(self, held=None, spare=before if fits_the_work else None, reassured=known)

    def choosing(self, held: Held) -> "Draft":
        return replace(self, held=held, spare=None)

    def _wish_with(self, wish: When | None, said: When | None) -> When | None:
        """The wish with what was said of the time; what was not to be had is given up for the day that was taken.

        Asked for again, it is near the held.
        """
        if self.held and said and wish and not fits(wish, self.held.start):
            wish = same_day(self.held.start)
        refined = _refined(wish, said)
        if self.held and said and refined == self.when:
            return narrowed(week_of(self.held.start), said)
        return refined

    def _name_in_full(self, said: Understanding) -> str | None:
        """The name with more of it, told again as all there is to a message."""
        told = said.intents or said.when or said.services or said.number is not None or said.vehicle != Vehicle()
        return in_full(self.name, said.text) if self.name and not told else None

    def _means_another_car(self, said: Understanding) -> bool:
        """Whether they want the same for one more car ("und für den Golf meiner Frau auch")."""
        known = self.held is not None and self.vehicle != Vehicle()
        return known and said.also and not said.services and said.vehicle not in (Vehicle(), self.vehicle)

    def knows(self, said: Understanding) -> bool:
        """Whether something was said of the visit, and nothing that was news."""
        told = (said.services, said.when, said.plz, said.city, said.name, said.email, said.plate_candidates)
        return (any(told) or said.vehicle != Vehicle()) and self.hearing(said) == self

    def staying_at_the_time(self) -> "Draft":
        """The draft with the chosen time as the wish, to be looked for at another workshop."""
        if self.held is None:
            return self
        return replace(self, when=When(windows=(Window(self.held.start, self.held.start, Grain.MINUTE),)))

    def meeting(self, client: Client) -> "Draft":
        """The draft with what we already knew of the customer, wherever they told nothing else now."""
        [car] = client.cars if len(client.cars) == 1 else [Vehicle()]
        return replace(
            self,
            client=client,
            name=self.name or client.name,
            email=self.email or client.email,
            vehicle=self.vehicle if self.another_car or self.plates or self.vehicle != Vehicle() else car,
        )

    def declining(self, detail: str) -> "Draft":
        return replace(self, declined=self.declined | {detail}, plates=())


def _fits_that_week(when: When, start: datetime) -> bool:
    """Whether somebody who says so may mean the time they have, also by its weekday alone."""
    return fits(when, start) or (when.loose is Grain.WEEK and fits(narrowed(week_of(start), when), start))


def _refined(before: When | None, said: When | None) -> When | None:
    return narrowed(before, said) if before and said else said or before


def _joined(before: tuple[str, ...], said: Understanding) -> tuple[str, ...]:
    kept = before if said.also or not said.services else ()
    return tuple(code for code in dict.fromkeys((*kept, *said.services)) if code not in said.unwanted)


def _told(before: Vehicle, said: Vehicle) -> Vehicle:
    if before.plate and said.plate and said.plate != before.plate:
        return said  # Another plate is another car.
    return Vehicle(
        said.plate or before.plate, said.make or before.make, said.model or before.model, said.year or before.year
    )
