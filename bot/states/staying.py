"""Whether customers wait at the workshop or leave the car, and what follows from it."""

from bot.facts import Booking
from bot.step import Say, say
from bot.understanding.meaning import Stay


def rule_of(booking: Booking, stay: Stay | None) -> tuple[Say, ...]:
    """What goes without saying for the workshop: how long waiting takes, until when the car must be there."""
    match stay:
        case Stay.WAITS:
            return (say("waiting_takes", minutes=str(sum(job.minutes for job in booking.jobs))),)
        case Stay.DROPS_OFF:
            return (say("drop_off_until", start=booking.start),)
        case None:
            return ()
