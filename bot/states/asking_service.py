"""What is to be done."""

from dataclasses import dataclass, replace

from bot import states
from bot.commands import ListServices
from bot.events import Event, Said, ServicesListed
from bot.facts import Job, token
from bot.states.booking import entering, proceed
from bot.states.planning import Planning
from bot.step import Option, Say, Step, option, say
from bot.understanding.meaning import Expecting


@dataclass(frozen=True)
class AskingService(Planning):
    """We do not know yet what the car needs."""

    expecting = Expecting.SERVICE

    jobs: tuple[Job, ...] = ()

    @property
    def question(self) -> Say:
        draft = self.draft
        told = self.jobs or draft.when or draft.plz or draft.city or draft.shops
        return say("ask_service") if told else say("ask_service_place_when")

    @property
    def rephrased(self) -> Say:
        return say("ask_service_again")

    @property
    def choices(self) -> tuple[Option, ...]:
        return tuple(option(_token(job), "choice_service", job=job) for job in self.jobs)

    def attend(self, event: Event) -> Step | None:
        match event:
            case ServicesListed(jobs):
                return entering(replace(self, jobs=jobs))
            case Said(picked=str(picked)):
                codes = tuple(job.code for job in self.jobs if _token(job) == picked)
                return proceed(replace(self.draft, services=codes))
            case _:
                return super().attend(event)

    def ease(self) -> Step:
        return Step(self, (say("not_understood_again"),), ListServices())

    def back(self) -> Step:
        return entering(states.Idle(replace(self.draft, services=())))


def _token(job: Job) -> str:
    return token("service", job.code)
