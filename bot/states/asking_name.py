"""Under which name."""

from dataclasses import dataclass

from bot.events import Event, Said
from bot.states.booking import another_time, proceed
from bot.states.planning import Planning
from bot.step import Say, Step, say
from bot.understanding.meaning import Expecting


@dataclass(frozen=True)
class AskingName(Planning):
    """The time is held. For the car and the e-mail address we ask in the same breath."""

    expecting = Expecting.NAME

    @property
    def question(self) -> Say:
        if not self.draft.lacks_vehicle:
            return say("ask_name")
        return say("ask_name_vehicle_email") if self.draft.lacks_email else say("ask_name_vehicle")

    def attend(self, event: Event) -> Step | None:
        match event:
            case Said() if event.meaning.name and self.draft.lacks_vehicle and not event.meaning.shift:
                # They heard that we would take an address, and gave none or did.
                return proceed(self.draft.hearing(event.meaning).declining("email"))
            case _:
                return super().attend(event)

    def back(self) -> Step:
        return another_time(self.draft, None)
