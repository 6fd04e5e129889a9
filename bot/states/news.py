"""What the desk tells in between: answers to digressions, and what the customer's file says."""

from dataclasses import replace

from booking_core.status import AppointmentStatus
from bot import states
from bot.commands import Topic
from bot.events import DataTold, Event, LateNoted, ListLeft, LookedUp, StatusFound
from bot.facts import Booking
from bot.states.thread import Thread
from bot.step import Say, Step, say


def told_in_between(state: Thread, event: Event) -> Step | None:
    """Say it and take up the thread; None for news that are the state's own business."""
    match event:
        case LookedUp(topic=topic) if topic is not Topic.PERSON:
            step = _looked_up(state, event)
            return replace(step, goto=replace(step.goto, answered=topic))
        case LateNoted(booking=None):
            return states.WithPerson.open(state.draft, say("late"))
        case LateNoted(booking=Booking() as booking):
            return state.resume(say("late_noted", start=booking.start, shop=booking.shop))
        case StatusFound(booking=None):
            return state.resume(say("no_appointments"))
        case StatusFound(booking=Booking() as booking):
            return state.resume(_how_far(event, booking))
        case DataTold(client, visits):
            car = client.cars[-1] if client.cars else "-"
            facts = {"name": client.name or "-", "email": client.email or "-", "car": car, "visits": str(visits)}
            return state.resume(say("data_told", **facts))
        case ListLeft(waited):
            return state.resume(say("list_left") if waited else say("not_on_list"))
        case _:
            return None


def _looked_up(state: Thread, told: LookedUp) -> Step:
    match told:
        case LookedUp(shops=()):
            return state.resume(say("nothing_to_tell"))
        case LookedUp(topic=Topic.DANGER, shops=(shop, *_)):
            return state.resume(say("danger", shop=shop))
        case LookedUp(topic=Topic.HOURS, shops=shops):
            return state.resume(say("hours", shops=shops))
        case LookedUp(topic=Topic.LOCATION, shops=shops):
            return state.resume(say("location", shops=shops))
        case LookedUp(topic=Topic.MEANING, jobs=(_, *_) as jobs):
            return state.resume(say("about", jobs=jobs))
        case LookedUp(topic=Topic.DURATION, jobs=(_, *_) as jobs):
            return state.resume(say("durations", jobs=jobs))
        case LookedUp(topic=Topic.BRING, jobs=(_, *_) as jobs):
            return state.resume(say("bring_along", jobs=jobs))
        case LookedUp(topic=Topic.MEANING | Topic.DURATION | Topic.BRING | Topic.SHOP, shops=(shop, *_)):
            return state.resume(say("ask_the_shop", shop=shop))
        case LookedUp(jobs=jobs):
            return state.resume(say("prices", jobs=jobs))


def _how_far(found: StatusFound, booking: Booking) -> Say:
    facts = {"start": booking.start, "shop": booking.shop, "jobs": booking.jobs}
    match found.status:
        case AppointmentStatus.COMPLETED:
            return say("status_ready", **facts)
        case AppointmentStatus.IN_PROGRESS:
            return say("status_at_work", **facts)
        case _ if found.begun:
            return say("status_begun", **facts)
        case _:
            return say("status_to_come", **facts)
