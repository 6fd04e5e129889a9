"""When it suits."""

from dataclasses import dataclass, replace

from bot.events import Event, Said
from bot.facts import token
from bot.states.booking import proceed
from bot.states.planning import Planning, elsewhere
from bot.step import Option, Say, Step, option, say
from bot.understanding.meaning import Expecting, When

SOONEST = token("soonest")


@dataclass(frozen=True)
class AskingWhen(Planning):
    """We know what and where, and nothing of the time."""

    expecting = Expecting.WHEN

    @property
    def question(self) -> Say:
        return say("ask_when", shops=self.draft.shops)

    @property
    def rephrased(self) -> Say:
        return say("ask_when_again")

    @property
    def choices(self) -> tuple[Option, ...]:
        return (option(SOONEST, "choice_soonest"),)

    def attend(self, event: Event) -> Step | None:
        match event:
            case Said(picked=str()):
                return self._soonest()
            case Said() if event.meaning.skipped:
                return super().attend(event) or self._soonest()
            case _:
                return super().attend(event)

    def ease(self) -> Step:
        return self._soonest(say("soonest_instead"))

    def _soonest(self, *says: Say) -> Step:
        return proceed(replace(self.draft, when=When(soonest=True)), *says)

    def back(self) -> Step:
        return elsewhere(self.draft)
