"""Under which name."""

import re
from dataclasses import dataclass, replace

from bot.events import Event, Said
from bot.states.booking import another_time, proceed
from bot.states.planning import Planning
from bot.step import Say, Step, say
from bot.understanding.meaning import Expecting, Understanding

_NAME = re.compile(r"[^\W\d_][^\W\d_'’.-]*(?: [^\W\d_][^\W\d_'’.-]*){0,3}")
_LONGEST = 40


def _as_name(text: str) -> str | None:
    words = " ".join(text.split()).strip(".!, ")
    return words.title() if len(words) <= _LONGEST and _NAME.fullmatch(words) else None


def _is_nothing_else(said: Understanding) -> bool:
    return not (said.intents or said.when or said.services) and said.number is None


@dataclass(frozen=True)
class AskingName(Planning):
    """The time is held. For the car and the e-mail address we ask in the same breath."""

    expecting = Expecting.NAME

    @property
    def question(self) -> Say:
        if not self.draft.lacks_vehicle:
            return say("ask_name")
        return say("ask_name_vehicle_email") if self.draft.lacks_email else say("ask_name_vehicle")

    @property
    def rephrased(self) -> Say:
        return say("ask_name_again")

    def ease(self) -> Step:
        return Step(self, (say("ask_name_example"),))

    def attend(self, event: Event) -> Step | None:
        match event:
            case Said() if event.meaning.name and self.draft.lacks_vehicle and not event.meaning.shift:
                # They heard that we would take an address, and gave none or did.
                told = self.draft.hearing(event.meaning).declining("email")
                return proceed(told.declining("vehicle") if event.meaning.skipped and told.lacks_vehicle else told)
            case Said() if self.misses and _is_nothing_else(event.meaning) and (name := _as_name(event.meaning.text)):
                # After a question that was not understood, words that mean nothing else may well be a name.
                return super().attend(event) or proceed(replace(self.draft, name=name))
            case _:
                return super().attend(event)

    def back(self) -> Step:
        return another_time(self.draft, None)
