"""What the desk tells besides its answers."""

from datetime import timedelta

from sqlalchemy.orm import Session

from booking_core.slots import find_slots
from booking_core.values import WorkshopId
from bot.commands import Book, CancelBooking, FindUsualShop, HoldSlot, MoveBooking
from bot.desk import Desk
from bot.events import Booked, ShopsFound, SlotHeld
from bot.understanding.meaning import Vehicle
from tests.booking_core.builders import NOW, a_customer, a_garage

COLOGNE, BONN = WorkshopId(1), WorkshopId(3)


def booked(desk: Desk) -> Booked:
    [slot] = find_slots(desk.session, ["oil-change"], workshops=[COLOGNE], now=desk.now, limit=1).slots
    held = desk.answer(HoldSlot(slot))
    assert isinstance(held, SlotHeld)
    done = desk.answer(Book(held.held.appointment, "Max", None, Vehicle()))
    assert isinstance(done, Booked)
    return done


def test_moving_to_another_workshop_leaves_a_time_at_the_old_one(workshops: Session) -> None:
    desk = Desk(workshops, a_customer(workshops), "telegram", NOW - timedelta(days=1))
    booking = booked(desk).booking
    [other] = find_slots(workshops, ["oil-change"], workshops=[BONN], now=NOW, limit=1).slots
    desk.answer(MoveBooking(booking.id, other))
    assert desk.freed == {COLOGNE}


def test_nothing_is_free_where_cancelling_was_refused(workshops: Session) -> None:
    booking = booked(Desk(workshops, a_customer(workshops), "telegram", NOW)).booking
    stranger = Desk(workshops, a_customer(workshops), "telegram", NOW)
    stranger.answer(CancelBooking(booking.id))
    assert stranger.freed == set()


def test_where_there_is_one_workshop_nobody_is_asked_which(session: Session, workshops: Session) -> None:
    garage = a_garage(session)
    found = Desk(session, a_customer(session), "telegram", NOW).answer(FindUsualShop())
    assert isinstance(found, ShopsFound)
    assert (found.alone, [shop.id for shop in found.shops]) == (True, [garage.workshop])
    of_three = Desk(workshops, a_customer(workshops), "telegram", NOW).answer(FindUsualShop())
    assert of_three == ShopsFound(())
