"""What is still missing for a booking, in the order in which a service adviser asks."""

from dataclasses import replace

from bot import states
from bot.commands import FindShops, FindUsualShop
from bot.draft import Draft
from bot.facts import Booking
from bot.negotiating import pivot, same_day, shifted
from bot.step import Say, State, Step
from bot.understanding.meaning import Shift, Vehicle, When


def entering(state: State, *says: Say) -> Step:
    """Go to a state and ask its question."""
    return Step(state, (*says, state.question))


def proceed(draft: Draft, *says: Say) -> Step:
    """To the first thing we do not know yet."""
    match draft:
        case Draft(services=()):
            return entering(states.AskingService(draft), *says)
        case Draft(shops=()) if draft.plz or draft.city:
            return Step(states.ChoosingWorkshop(draft), says, FindShops(draft.plz, draft.city, draft.services))
        case Draft(shops=()):
            return Step(states.AskingPlace(draft), says, FindUsualShop())
        case Draft(when=None, held=None):
            asking = states.AskingWhen(draft)
            return Step(asking, says, asking.search)
        case Draft(held=None):
            choosing = states.ChoosingSlot(draft)
            return Step(choosing, says, choosing.search)
        case _ if draft.plates:
            return entering(states.AskingVehicle(draft), *says)
        case Draft(name=None):
            return entering(states.AskingName(draft), *says)
        case _ if draft.lacks_vehicle:
            return entering(states.AskingVehicle(draft), *says)
        case _:
            return states.Confirming.open(draft, *says)


def onward(draft: Draft, *says: Say) -> Step:
    """After an errand: back to the booking, if there is one."""
    return proceed(draft, *says) if draft.underway else Step(states.Idle(draft), says or (states.Idle().question,))


def for_another_car(booked: Booking, car: Vehicle, when: When | None = None, services: tuple[str, ...] = ()) -> Draft:
    """The same work once more, at the same workshop and on the same day unless they say otherwise."""
    codes = services or tuple(job.code for job in booked.jobs)
    shops = (booked.shop,)
    return Draft(codes, shops=shops, nearby=shops, when=when or same_day(booked.start), vehicle=car)


def for_more_cars(booked: Booking, left: int) -> Draft:
    """The same for the next of several cars."""
    return replace(for_another_car(booked, Vehicle()), cars=left, another_car=True)


def instead_of(gone: Booking) -> Draft:
    """The same work at the same workshop, whenever it suits."""
    return Draft(tuple(job.code for job in gone.jobs), shops=(gone.shop,), nearby=(gone.shop,))


def another_time(draft: Draft, shift: Shift | None, *says: Say, lost: bool = False) -> Step:
    """Look for a time other than the chosen one: of the same day, unless they said how it should differ.

    The chosen one stays reserved meanwhile, unless it is `lost` already.
    """
    held = draft.held
    if held is None:
        return proceed(draft, *says)
    other = shift not in (None, Shift.OTHER_TIME, Shift.OTHER_WORKSHOP)
    when = shifted(draft.when, [held.start], shift) if shift and other else same_day(held.start)
    near = pivot([held.start], shift) if shift and other else None
    looking = replace(draft, held=None) if lost else draft.looking_on()
    choosing = states.ChoosingSlot(replace(looking, when=when), eager=False, near=near)
    return Step(choosing, says, choosing.search)
