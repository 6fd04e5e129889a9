"""Whether customers wait at the workshop or leave the car, and what follows from it."""

from collections.abc import Mapping

from bot.draft import Draft
from bot.facts import Booking
from bot.step import Say, say
from bot.understanding.meaning import Stay

_WELCOME: Mapping[Stay, Say] = {Stay.WAITS: say("you_may_wait"), Stay.DROPS_OFF: say("you_may_leave_it")}


def welcomed(before: Draft, now: Draft) -> tuple[Say, ...]:
    """What we say to whoever has just told how they come, and with how many cars."""
    stay = () if now.stay in (None, before.stay) else (_WELCOME[now.stay],)
    return (*stay, say("one_by_one")) if now.cars > before.cars else stay


def rule_of(booking: Booking, stay: Stay | None) -> tuple[Say, ...]:
    """What goes without saying for the workshop: how long waiting takes, until when the car must be there."""
    match stay:
        case Stay.WAITS:
            return (say("waiting_takes", minutes=str(sum(job.minutes for job in booking.jobs))),)
        case Stay.DROPS_OFF:
            return (say("drop_off_until", start=booking.start),)
        case None:
            return ()
