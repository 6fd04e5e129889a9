"""Whoever waits is asked in their turn, and nobody is asked for a time they cannot have."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from booking_core import appointments, consents, customers, offers, reservations, waitlist
from booking_core.consents import Purpose
from booking_core.offers import Offered
from booking_core.register import Appointment
from booking_core.tables import WaitlistRow
from booking_core.values import Period, UserId
from tests.booking_core.builders import NOW, Garage, a_customer, a_garage, berlin

TUESDAY = Period(berlin("2026-11-25 08:00"), berlin("2026-11-25 08:15"))


def booked(session: Session, garage: Garage, at: str, *, user: UserId) -> Appointment:
    hold = reservations.hold_slot(session, garage.slot(at), user, channel="telegram", now=NOW)
    return appointments.confirm(session, hold.id, user, now=NOW)


def a_waiter(session: Session, name: str) -> UserId:
    """Somebody we can write to."""
    return customers.recognise(session, "telegram", name, now=NOW).customer.id


def stop(session: Session, user: UserId, *, wording: str = "STOP") -> None:
    consents.record(session, user, "telegram", Purpose.MESSAGES, granted=False, wording=wording, now=NOW)


def wait(session: Session, garage: Garage, user: UserId, window: Period = TUESDAY, *, minute: int = 0) -> None:
    since = NOW + timedelta(minutes=minute)
    waitlist.join(session, user, garage.workshop, ["oil-change"], [window], channel="telegram", now=since)


def states(session: Session, *users: UserId) -> list[str]:
    found = session.execute(select(WaitlistRow.user_id, WaitlistRow.state).order_by(WaitlistRow.id))
    newest = {row.user_id: row.state for row in found}
    return [newest[user] for user in users]


def test_the_first_who_waits_is_asked_and_then_the_next(session: Session) -> None:
    garage, ann, ben = a_garage(session), a_waiter(session, "ann"), a_waiter(session, "ben")
    wait(session, garage, ben, minute=1)
    wait(session, garage, ann)
    [asked] = offers.offer_freed(session, garage.workshop, now=NOW)
    assert (asked.hold.user, asked.until) == (ann, NOW + offers.OFFER_FOR)
    assert offers.offer_freed(session, garage.workshop, now=NOW + timedelta(minutes=29)) == []
    [asked] = offers.offer_freed(session, garage.workshop, now=NOW + timedelta(minutes=30))
    assert asked.hold.user == ben
    assert states(session, ann, ben) == ["left", "offered"]


def test_an_answer_ends_the_waiting(session: Session) -> None:
    garage, ann, ben = a_garage(session, lifts=2), a_waiter(session, "ann"), a_waiter(session, "ben")
    for user in (ann, ben):
        wait(session, garage, user)
    assert len(offers.offer_freed(session, garage.workshop, now=NOW)) == 2
    waitlist.answered(session, ann, garage.workshop, accepted=True)
    waitlist.answered(session, ben, garage.workshop, accepted=False)
    assert states(session, ann, ben) == ["served", "left"]
    assert waitlist.awaited(session) == []


def test_nothing_is_offered_while_nothing_is_free_or_all_windows_are_over(session: Session) -> None:
    garage, ann, ben = a_garage(session), a_waiter(session, "ann"), a_waiter(session, "ben")
    booked(session, garage, "2026-11-25 08:00", user=a_customer(session))
    wait(session, garage, ann)
    wait(session, garage, ben, Period(NOW - timedelta(hours=2), NOW - timedelta(hours=1)))
    assert offers.offer_freed(session, garage.workshop, now=NOW) == []
    assert states(session, ann, ben) == ["waiting", "left"]


def test_a_later_wish_replaces_the_earlier_one(session: Session) -> None:
    garage, ann = a_garage(session), a_waiter(session, "ann")
    wait(session, garage, ann)
    wait(session, garage, ann, Period(berlin("2026-11-26 08:00"), berlin("2026-11-26 09:00")))
    [asked] = offers.offer_freed(session, garage.workshop, now=NOW)
    assert asked.hold.start == berlin("2026-11-26 08:00")


def test_whoever_is_choosing_or_has_enough_is_left_in_peace(session: Session) -> None:
    garage = a_garage(session, max_open_appointments=1)
    ann, ben = a_waiter(session, "ann"), a_waiter(session, "ben")
    wait(session, garage, ann)
    wait(session, garage, ben)
    booked(session, garage, "2026-11-27 08:00", user=ben)
    reservations.hold_slot(session, garage.slot("2026-11-26 08:00"), ann, channel="telegram", now=NOW)
    assert offers.offer_freed(session, garage.workshop, now=NOW) == []


def test_at_night_nobody_is_asked_and_in_the_morning_the_first_is(session: Session) -> None:
    garage, ann = a_garage(session), a_waiter(session, "ann")
    wait(session, garage, ann)
    for night in ("2026-11-23 20:00", "2026-11-24 07:59"):
        assert offers.offer_freed(session, garage.workshop, now=berlin(night)) == []
    [asked] = offers.offer_freed(session, garage.workshop, now=berlin("2026-11-24 08:00"))
    assert (asked.hold.user, asked.until) == (ann, berlin("2026-11-24 08:30"))


def test_whoever_said_stop_is_passed_over_and_nothing_is_kept_for_them(session: Session) -> None:
    garage, ann, ben = a_garage(session), a_waiter(session, "ann"), a_waiter(session, "ben")
    wait(session, garage, ann)
    wait(session, garage, ben, minute=1)
    stop(session, ann)
    [asked] = offers.offer_freed(session, garage.workshop, now=NOW)
    assert asked.hold.user == ben
    assert states(session, ann, ben) == ["waiting", "offered"]


def test_whoever_we_cannot_write_to_is_passed_over(session: Session) -> None:
    garage, nobody = a_garage(session), a_customer(session)
    wait(session, garage, nobody)
    assert offers.offer_freed(session, garage.workshop, now=NOW) == []


def test_an_offer_that_cannot_be_heard_goes_to_the_next_at_once(session: Session) -> None:
    garage, ann, ben = a_garage(session), a_waiter(session, "ann"), a_waiter(session, "ben")
    wait(session, garage, ann)
    wait(session, garage, ben, minute=1)
    offers.offer_freed(session, garage.workshop, now=NOW)
    stop(session, ann, wording="refused: blocked by the user")
    [asked] = offers.offer_freed(session, garage.workshop, now=NOW + timedelta(minutes=1))
    assert asked.hold.user == ben
    assert states(session, ann, ben) == ["left", "offered"]


def test_an_offer_that_is_just_being_accepted_is_left_alone(database: Engine) -> None:
    with Session(database) as session, session.begin():
        garage, ann = a_garage(session), a_waiter(session, "ann")
        wait(session, garage, ann)
        [asked] = offers.offer_freed(session, garage.workshop, now=NOW)
    late = NOW + offers.OFFER_FOR
    with Session(database) as accepting, accepting.begin():
        appointments.confirm(accepting, asked.hold.id, ann, now=late)
        with Session(database) as session, session.begin():
            assert offers.offer_freed(session, garage.workshop, now=late) == []
        waitlist.answered(accepting, ann, garage.workshop, accepted=True)
    with Session(database) as session:
        assert states(session, ann) == ["served"]


def test_a_customer_sees_what_they_wait_for_until_they_leave(session: Session) -> None:
    garage, ann = a_garage(session), a_waiter(session, "ann")
    wait(session, garage, ann)
    assert waitlist.entries(session, ann) == [waitlist.Entry(garage.workshop, ("oil-change",))]
    assert waitlist.leave(session, ann) == 1
    assert waitlist.entries(session, ann) == []
    assert waitlist.leave(session, ann) == 0
    assert offers.offer_freed(session, garage.workshop, now=NOW) == []


def test_two_freed_times_are_each_offered_to_one_at_a_time_and_never_twice_to_anybody(database: Engine) -> None:
    """Four clerks offer at once, every half hour, until everybody who waits has had their turn."""
    window = Period(berlin("2026-11-26 08:00"), berlin("2026-11-26 09:15"))
    with Session(database) as session, session.begin():
        garage = a_garage(session)
        waiters = [a_waiter(session, f"waiter-{number}") for number in range(7)]
        for minute, waiter in enumerate(waiters):
            wait(session, garage, waiter, window, minute=minute)

    def offer(now: datetime) -> list[Offered]:
        with Session(database) as session, session.begin():
            return offers.offer_freed(session, garage.workshop, now=now)

    asked: list[UserId] = []
    with ThreadPoolExecutor(4) as pool:
        for turn in range(6):
            now = NOW + timedelta(hours=1) + turn * offers.OFFER_FOR
            made = [one for found in pool.map(offer, [now] * 4) for one in found]
            starts = [one.hold.start for one in made]
            assert len(starts) == len(set(starts)) <= 2
            asked += [one.hold.user for one in made]
    assert sorted(asked) == sorted(waiters), "everybody once"
