"""Which workshop."""

from dataclasses import dataclass, replace

from bot import states
from bot.commands import FindShops
from bot.events import Event, Said, ShopsFound
from bot.facts import Shop, named_shop
from bot.states.booking import entering, proceed
from bot.states.planning import Planning, from_the_start
from bot.step import Option, Say, Step, option, say
from bot.understanding.meaning import Expecting

WORTH_SAYING = 5.0
"""Kilometres up to which nobody wonders why we take this workshop."""

NEAR = 25.0
"""Kilometres up to which the nearest workshop is taken without asking."""


@dataclass(frozen=True)
class ChoosingWorkshop(Planning):
    """More than one workshop comes into question, or the nearest is far away."""

    expecting = Expecting.WORKSHOP

    shops: tuple[Shop, ...] = ()
    taking_nearest: bool = True

    @property
    def question(self) -> Say:
        return say("ask_workshop")

    @property
    def choices(self) -> tuple[Option, ...]:
        return tuple(_choice(shop) for shop in self.shops)

    def attend(self, event: Event) -> Step | None:
        match event:
            case ShopsFound(shops=()) if self.draft.plz or self.draft.city:
                nowhere = replace(self.draft, plz=None, city=None)
                anywhere = FindShops(services=self.draft.services)
                return Step(replace(self, draft=nowhere, taking_nearest=False), (say("place_unknown"),), anywhere)
            case ShopsFound(shops=()):
                return states.WithPerson.open(self.draft)
            case ShopsFound(shops=shops, passed=passed, jobs=jobs):
                choosing = replace(self, shops=shops, draft=replace(self.draft, nearby=shops, where="")).choose(
                    self.draft.where
                )
                why = () if passed is None else (say("why_not_offered", shop=passed, jobs=jobs),)
                return replace(choosing, say=(*why, *choosing.say))
            case Said(picked=str(picked)):
                return self._at(*(shop for shop in self.shops if shop.token == picked))
            case Said() if event.meaning.skipped and self.shops:
                return self._at(*self.shops)
            case _:
                return super().attend(event)

    def choose(self, where: str) -> Step:
        """Take the one that was named, else the nearest or all of the town if they are few; ask where that is rash."""
        nearest, *others = self.shops
        if shop := nearest.km is None and named_shop(self.shops, where):
            return self._at(shop)
        if nearest.km is None:
            few = self.taking_nearest and self.draft.city is not None
            return self._at(*self.shops) if few or not others else entering(self)
        if not self.taking_nearest:
            return entering(self)
        if nearest.km > NEAR:
            return entering(self, say("far_away", shop=nearest))
        step = self._at(nearest)
        return step if nearest.km < WORTH_SAYING else replace(step, say=(say("nearest", shop=nearest), *step.say))

    def _at(self, *shops: Shop) -> Step:
        return proceed(replace(self.draft, shops=shops))

    def resume(self, *says: Say) -> Step:
        return entering(self, *says) if self.shops else proceed(self.draft, *says)

    def back(self) -> Step:
        return from_the_start(self.draft)


def _choice(shop: Shop) -> Option:
    if shop.km is None:
        return option(shop.token, "choice_workshop", shop=shop)
    return option(shop.token, "choice_workshop_at", shop=shop)
