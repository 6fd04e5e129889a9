"""Two customers become one only after proof, and nothing of either is lost."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking_core import audit, consents, customers, demand, joining, reservations, waitlist
from booking_core.appointments import confirm, open_appointments
from booking_core.consents import Purpose
from booking_core.tables import AppointmentRow, AuditRow, Base, UserRow, VehicleRow
from booking_core.values import Period, UserId
from tests.booking_core.builders import NOW, a_customer, a_garage, berlin, counts_that_lie

THURSDAY, FRIDAY = "2026-11-26 10:00", "2026-11-27 10:00"


def on(session: Session, channel: str, external_id: str) -> UserId:
    return customers.recognise(session, channel, external_id, now=NOW).customer.id


def rows_of(session: Session, user: UserId) -> int:
    """In how many rows of the database this customer is named."""
    columns = [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column is UserRow.__table__.c.id for key in column.foreign_keys)
    ]
    return sum(session.scalar(select(func.count()).where(column == user)) or 0 for column in columns)


def test_everything_the_other_had_is_the_ones_now(session: Session) -> None:
    garage, here, there = a_garage(session), on(session, "telegram", "7"), on(session, "sms", "+491701234567")
    customers.learn(session, there, name="Petra Müller", email="petra@example.org")
    golf = customers.add_vehicle(session, there, plate="K-PM 1", model="Golf", now=NOW)
    hold = reservations.hold_slot(session, garage.slot(THURSDAY), there, channel="sms", now=NOW)
    booked = confirm(session, hold.id, there, vehicle=golf, now=NOW)
    window = Period(berlin("2026-11-27 08:00"), berlin("2026-11-27 09:00"))
    waitlist.join(session, there, garage.workshop, ["oil-change"], [window], channel="sms", now=NOW)
    demand.note_refusal(session, there, garage.workshop, ["oil-change"], [], "full", now=NOW)
    consents.record(session, there, "sms", Purpose.NOTICE, granted=True, wording="notice", now=NOW)

    joining.join(session, here, there, proof="code", now=NOW)

    one = customers.customer(session, here)
    assert (one.name, one.email, one.phone) == ("Petra Müller", "petra@example.org", "+491701234567")
    assert [car.id for car in one.vehicles] == [golf]
    assert [found.id for found in open_appointments(session, here, now=NOW)] == [booked.id]
    assert on(session, "sms", "+491701234567") == here
    assert rows_of(session, there) == 0
    assert session.get(UserRow, there) is None
    assert audit.broken_links(session) == []


def test_what_the_one_told_of_themselves_stays(session: Session) -> None:
    here, there = a_customer(session, "Petra Müller-Lang"), a_customer(session, "Petra Müller")
    customers.learn(session, there, email="petra@example.org")
    joining.join(session, here, there, proof="link", now=NOW)
    assert customers.customer(session, here).name == "Petra Müller-Lang"
    assert customers.customer(session, here).email == "petra@example.org"


def test_a_car_both_spoke_of_is_one_car(session: Session) -> None:
    garage, here, there = a_garage(session), a_customer(session), a_customer(session)
    mine, copy = (customers.add_vehicle(session, user, plate="K-PM 1", now=NOW) for user in (here, there))
    other = customers.add_vehicle(session, there, plate="K-PM 2", now=NOW)
    hold = reservations.hold_slot(session, garage.slot(THURSDAY), there, channel="sms", now=NOW)
    confirm(session, hold.id, there, vehicle=copy, now=NOW)
    joining.join(session, here, there, proof="code", now=NOW)
    assert [car.id for car in customers.customer(session, here).vehicles] == [mine, other]
    assert session.scalar(select(AppointmentRow.vehicle_id).where(AppointmentRow.id == hold.id)) == mine
    assert session.get(VehicleRow, copy) is None


def test_of_two_open_holds_the_one_being_talked_about_stays(session: Session) -> None:
    garage, here, there = a_garage(session), a_customer(session), a_customer(session)
    kept = reservations.hold_slot(session, garage.slot(THURSDAY), here, channel="telegram", now=NOW)
    given = reservations.hold_slot(session, garage.slot(FRIDAY), there, channel="sms", now=NOW)
    joining.join(session, here, there, proof="code", now=NOW)
    states = {row.id: row.status for row in session.execute(select(AppointmentRow.id, AppointmentRow.status))}
    assert (states[kept.id], states[given.id]) == ("reserved", "expired")
    assert counts_that_lie(session) == 0


def test_an_only_hold_comes_along(session: Session) -> None:
    garage, here, there = a_garage(session), a_customer(session), a_customer(session)
    hold = reservations.hold_slot(session, garage.slot(THURSDAY), there, channel="sms", now=NOW)
    joining.join(session, here, there, proof="code", now=NOW)
    assert confirm(session, hold.id, here, now=NOW).user == here


def test_joining_is_written_down_for_both_without_their_names(session: Session) -> None:
    here, there = a_customer(session), a_customer(session)
    joining.join(session, here, there, proof="link", now=NOW)
    joined = select(AuditRow.entity_id, AuditRow.after).where(AuditRow.action == "joined")
    assert {row.entity_id: row.after for row in session.execute(joined)} == {
        here: {"took_over": there, "proof": "link"},
        there: {"joined": here, "proof": "link"},
    }


def test_joining_somebody_with_themselves_changes_nothing(session: Session) -> None:
    petra = a_customer(session)
    joining.join(session, petra, petra, proof="link", now=NOW)
    assert session.get(UserRow, petra) is not None
