"""The workshops of a town: which are near, what they sell, and when somebody is there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from booking_core import attendance, customers, directory, services
from booking_core.directory import Place
from booking_core.values import UserId, WorkshopId
from bot import views
from bot.commands import FindShops, LookUp, Topic
from bot.events import LookedUp, ServicesListed, ShopsFound
from bot.facts import Job
from bot.understanding.data import towns

PATIENCE = timedelta(hours=2)
"""How long, while the workshop is open, we leave a conversation to a person who may not come."""

_ABOUT_SERVICES = frozenset({Topic.PRICE, Topic.MEANING, Topic.DURATION, Topic.BRING})

SHOPS = 3
ASKED = 10
"""Workshops near a postcode that we ask whether they sell what is wanted."""


@dataclass(frozen=True)
class Town:
    session: Session
    now: datetime

    def services(self) -> ServicesListed:
        return ServicesListed(self.sold_at(directory.all_workshops(self.session, limit=1)))

    def shops(self, wish: FindShops) -> ShopsFound:
        places = self._places(wish.plz, wish.city)
        selling = self._selling(wish.services, places)
        shops = tuple(map(views.shop_of, selling[:SHOPS]))
        if not places or places[0] in selling:
            return ShopsFound(shops)
        return ShopsFound(shops, views.shop_of(places[0]), self.named_jobs(wish.services))

    def usual_shop(self, user: UserId) -> ShopsFound:
        usual = customers.preferred_workshop(self.session, user)
        if usual is not None:
            return ShopsFound((views.shop_of(directory.workshop(self.session, usual)),))
        two = directory.all_workshops(self.session, limit=2)
        return ShopsFound(tuple(map(views.shop_of, two)) if len(two) == 1 else (), alone=len(two) == 1)

    def look_up(self, wanted: LookUp) -> LookedUp:
        named = directory.workshops(self.session, wanted.shops) if wanted.shops else {}
        places = list(named.values()) or self._places(wanted.plz, wanted.city)[:SHOPS]
        sold = self.sold_at(places[:1]) if wanted.topic in _ABOUT_SERVICES else ()
        jobs = tuple(job for job in sold if job.code in wanted.services)
        if not jobs and sold:
            jobs = sold if wanted.topic is Topic.PRICE else self.named_jobs(wanted.services)
        opens, until = self._person(places[:1]) if wanted.topic is Topic.PERSON else (None, None)
        return LookedUp(wanted.topic, tuple(map(views.shop_of, places)), jobs, opens, until)

    def sold_at(self, places: Sequence[Place]) -> tuple[Job, ...]:
        return tuple(job for sold in self._sold_by(places).values() for job in sold)

    def _sold_by(self, places: Sequence[Place]) -> dict[WorkshopId, list[Job]]:
        sold = services.sold_by(self.session, [place.id for place in places])
        return {workshop: [views.job_of(service) for service in offered] for workshop, offered in sold.items()}

    def named_jobs(self, codes: Sequence[str]) -> tuple[Job, ...]:
        """These services by their names, wherever they are sold."""
        return tuple(views.job_of(service) for service in services.named(self.session, codes))

    def _person(self, places: Sequence[Place]) -> tuple[datetime | None, datetime | None]:
        """When somebody will be there, None if now, and until when we leave the conversation to them."""
        for place in places:
            there = attendance.attended_from(self.session, place.id, now=self.now) or self.now
            opens = None if there == self.now else there.astimezone(place.zone)
            return opens, there + PATIENCE
        return None, self.now + PATIENCE

    def _places(self, plz: str | None, city: str | None) -> list[Place]:
        """The nearest workshops; where no place is named, any."""
        if plz:
            return directory.nearest_workshops(self.session, plz, limit=ASKED)
        if city:
            here = directory.workshops_in(self.session, city) or directory.named_like(self.session, city, limit=ASKED)
            return here or (self._places(towns()[city], None) if city in towns() else [])
        return directory.all_workshops(self.session, limit=ASKED)

    def _selling(self, codes: Sequence[str], places: Sequence[Place]) -> Sequence[Place]:
        """Those that sell all of it; all of them if none does, so that the calendar can say so."""
        wanted = set(codes)
        sold = self._sold_by(places)
        return [place for place in places if wanted <= {job.code for job in sold[place.id]}] or places
