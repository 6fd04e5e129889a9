"""Which car."""

from dataclasses import dataclass, replace

from bot.draft import Draft
from bot.events import Event, Said
from bot.facts import token
from bot.states.booking import proceed
from bot.states.planning import AskingDetail
from bot.step import Option, Say, Step, option, say
from bot.understanding.meaning import Expecting, Vehicle


@dataclass(frozen=True)
class AskingVehicle(AskingDetail):
    """The plate or the model would help the workshop. Ambiguous plates and several known cars become choices."""

    expecting = Expecting.VEHICLE

    @property
    def question(self) -> Say:
        if self.draft.plates:
            return say("ask_which_plate")
        return say("ask_which_car") if self._cars else say("ask_vehicle")

    @property
    def choices(self) -> tuple[Option, ...]:
        return tuple(option(token("car", car), "choice_car", car=car) for car in self._cars)

    @property
    def _cars(self) -> tuple[Vehicle, ...]:
        if self.draft.plates:
            return tuple(replace(self.draft.vehicle, plate=plate) for plate in self.draft.plates)
        return () if self.draft.another_car else self.draft.client.cars

    def attend(self, event: Event) -> Step | None:
        match event:
            case Said(picked=str(picked)):
                [car] = [car for car in self._cars if token("car", car) == picked]
                return proceed(replace(self.draft, vehicle=car, plates=()))
            case _:
                return super().attend(event)

    def without(self) -> Draft:
        return self.draft.declining("vehicle")
