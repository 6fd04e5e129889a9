"""Where the customer is."""

from dataclasses import dataclass, replace

from bot import states
from bot.commands import FindShops
from bot.events import Event, Said, ShopsFound
from bot.states.booking import entering, proceed
from bot.states.planning import Planning, from_the_start
from bot.step import Say, Step, say
from bot.understanding.meaning import Expecting


@dataclass(frozen=True)
class AskingPlace(Planning):
    """We do not know yet which workshop is near."""

    expecting = Expecting.PLACE

    @property
    def question(self) -> Say:
        return say("ask_place") if self.draft.when else say("ask_place_and_when")

    @property
    def rephrased(self) -> Say:
        return say("ask_place_again")

    def attend(self, event: Event) -> Step | None:
        match event:
            case ShopsFound(shops=()):
                return entering(self)
            case ShopsFound(shops=(usual, *_), alone=alone):
                draft = replace(self.draft, shops=(usual,), nearby=(usual,))
                return proceed(draft, *(() if alone else (say("usual_shop", shop=usual),)))
        news = super().attend(event)
        if news is None and isinstance(event, Said) and event.meaning.skipped:
            return self.ease()
        return news

    def ease(self) -> Step:
        return Step(
            states.ChoosingWorkshop(self.draft, taking_nearest=False), ask=FindShops(services=self.draft.services)
        )

    def back(self) -> Step:
        return from_the_start(self.draft)
