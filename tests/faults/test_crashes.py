"""Each process dies at each of its worst moments, once; the next one finishes what it began."""

import itertools
import os
import signal
import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta

import httpx
import pytest
from celery import Celery
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import mailroom
from app.crash_points import CrashPoint
from app.database import session_factory
from app.providers.server import Fault
from booking_core.reservations import hold_slot
from booking_core.tables import AppointmentRow, InboxRow
from booking_core.values import AppointmentId
from bot.messages import Address, InboundMessage
from tests.app.api.house import fresh_key
from tests.app.eventually import eventually
from tests.booking_core.builders import BERLIN, a_customer
from tests.faults.house import House
from tests.faults.workshop import a_customer_by_sms, book, set_time

WISH = "Ölwechsel übermorgen um 10 in 50667"
NUMBERS = itertools.count(1)

IN_A_CHAT = [
    CrashPoint.CALL_READ,
    CrashPoint.NEWS_STORED,
    CrashPoint.TURN_TAKEN,
    CrashPoint.TURN_COMMITTED,
    CrashPoint.LETTER_TAKEN,
    CrashPoint.LETTER_SENT,
    CrashPoint.LETTER_SETTLED,
    CrashPoint.DOUBT_CLEARED,
]
FOR_A_REMINDER = [
    CrashPoint.DUTY_CLAIMED,
    CrashPoint.REMINDER_WRITTEN,
    CrashPoint.LETTER_TAKEN,
    CrashPoint.LETTER_SENT,
    CrashPoint.LETTER_SETTLED,
    CrashPoint.DOUBT_CLEARED,
]


@pytest.fixture
def number() -> str:
    """Of a customer who never wrote before."""
    return f"+49151{next(NUMBERS):08}"


def by_sms(house: House, number: str) -> list[str]:
    return [one.body for one in house.twilio.letters(number)]


def is_in_doubt(house: House, number: str) -> bool:
    return any(row.recipient == number and row.state == "unknown" for row in house.letters())


def lose_an_answer(house: House, point: CrashPoint) -> None:
    """So that there is a doubt to clear."""
    if point is CrashPoint.DOUBT_CLEARED:
        house.twilio.mood.planned.append(Fault.LOST_ANSWER)


@pytest.mark.parametrize("point", IN_A_CHAT)
def test_a_server_killed_in_an_sms_conversation_answers_once(house: House, number: str, point: CrashPoint) -> None:
    lose_an_answer(house, point)
    server = house.serve(crash=point)
    house.twilio.write(number, WISH)
    if point is CrashPoint.DOUBT_CLEARED:
        eventually(lambda: is_in_doubt(house, number), seconds=60)
        house.pass_time(timedelta(minutes=2))
    server.wait()
    house.serve()
    house.come_to_rest(until=lambda: by_sms(house, number) != [])
    assert len(by_sms(house, number)) == 1
    assert "reserviert" in by_sms(house, number)[0]


@pytest.mark.parametrize("point", [point for point in IN_A_CHAT if point is not CrashPoint.DOUBT_CLEARED])
def test_a_server_killed_in_a_telegram_chat_answers_once_though_the_update_comes_again(
    house: House, point: CrashPoint
) -> None:
    chat = str(next(NUMBERS))
    server = house.serve(crash=point)
    update = house.telegram.text_update(chat, WISH)
    house.telegram.deliver(update, once=True)
    server.wait()
    house.serve()
    for _ in range(3):
        assert house.telegram.deliver(update) == 200
    house.come_to_rest(until=lambda: house.telegram.chats[chat] != [])
    heard = [one.text for one in house.telegram.chats[chat]]
    assert len(set(heard)) == 1
    assert len(heard) <= (2 if point in {CrashPoint.LETTER_TAKEN, CrashPoint.LETTER_SENT} else 1)
    with Session(house.engine) as session:
        assert session.scalar(select(func.count()).where(InboxRow.sender == chat)) == 1


@pytest.mark.parametrize("point", [CrashPoint.REQUEST_DONE, CrashPoint.REQUEST_COMMITTED])
@pytest.mark.parametrize("path", ["/api/holds", "/api/appointments"])
def test_a_server_killed_while_a_program_books_has_booked_once(house: House, point: CrashPoint, path: str) -> None:
    start = at_ten(house.now + timedelta(days=3))
    body = {"workshop_id": house.garage.workshop, "service_ids": [house.garage.service], "start": start.isoformat()}
    if path == "/api/appointments":
        body["customer"] = {"name": "Petra Müller", "email": f"petra{next(NUMBERS)}@example.de"}
    key, before = fresh_key() | {"X-Forwarded-For": f"192.0.2.{next(NUMBERS)}"}, appointments(house)
    server = house.serve(crash=point)
    with pytest.raises(httpx.TransportError):
        httpx.post(house.url + path, json=body, headers=key, timeout=20)
    server.wait()
    assert appointments(house) - before == (point is CrashPoint.REQUEST_COMMITTED)
    house.serve()
    answers = [httpx.post(house.url + path, json=body, headers=key, timeout=20) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["code"] == answers[1].json()["code"]
    assert appointments(house) - before == 1
    house.pass_time(timedelta(minutes=11))
    house.work()
    house.come_to_rest()
    assert statuses(house, answers[0].json()["code"]) == ["expired" if path == "/api/holds" else "confirmed"]


@pytest.mark.parametrize("point", FOR_A_REMINDER)
def test_a_worker_killed_while_reminding_has_said_it_once(house: House, number: str, point: CrashPoint) -> None:
    a_reminder_is_due(house, number)
    lose_an_answer(house, point)
    worker = house.work(crash=point)
    if point is CrashPoint.DOUBT_CLEARED:
        eventually(lambda: is_in_doubt(house, number), seconds=60)
        house.pass_time(timedelta(minutes=2))
    worker.wait()
    house.work()
    reminded_once(house, number)


@pytest.mark.parametrize("point", [CrashPoint.DUTY_CLAIMED, CrashPoint.REMINDER_WRITTEN, CrashPoint.LETTER_SENT])
def test_a_hand_of_celery_killed_while_reminding_has_said_it_once(house: House, number: str, point: CrashPoint) -> None:
    a_reminder_is_due(house, number)
    with ringing(house) as ring:
        celery = house.celery(crash=point)
        eventually(lambda: len(hands_of(celery.pid)) >= 2, seconds=60)
        hands = set(hands_of(celery.pid))
        ring("do", "remind")
        if point is CrashPoint.LETTER_SENT:
            eventually(lambda: any(row.recipient == number for row in house.letters()), seconds=60)
            ring("carry", "sms")
        eventually(lambda: not hands <= set(hands_of(celery.pid)), seconds=30)
        celery.kill()
        house.work()
        reminded_once(house, number)


@pytest.mark.parametrize("whom", ["the main process", "one hand", "all of them"])
def test_celery_killed_from_outside_loses_nothing(house: House, number: str, whom: str) -> None:
    with ringing(house) as ring:
        celery = house.celery()
        eventually(lambda: len(hands_of(celery.pid)) >= 2, seconds=60)
        a_reminder_is_due(house, number)
        ring("do", "remind")
        match whom:
            case "the main process":
                celery.tell(signal.SIGKILL)
            case "one hand":
                os.kill(hands_of(celery.pid)[0], signal.SIGKILL)
            case _:
                celery.tell_all(signal.SIGKILL)
        house.work()
        reminded_once(house, number)


def test_a_worker_killed_while_tidying_up_has_expired_each_hold_once(house: House) -> None:
    with Session(house.engine) as session, session.begin():
        slot = house.garage.slot(f"{at_ten(house.now + timedelta(days=4)):%Y-%m-%d %H:%M}")
        hold = hold_slot(session, slot, a_customer(session), channel="sms", now=house.now)
    house.pass_time(timedelta(minutes=11))
    house.work(crash=CrashPoint.HOLDS_SWEPT).wait()
    assert status(house, hold.id) == "reserved"
    house.pass_time(timedelta(minutes=1))
    house.work()
    eventually(lambda: status(house, hold.id) == "expired")
    house.come_to_rest()


@pytest.mark.parametrize("point", [CrashPoint.TURN_TAKEN, CrashPoint.TURN_COMMITTED])
def test_a_worker_killed_while_it_answers_for_a_dead_server_answers_once(
    house: House, number: str, point: CrashPoint
) -> None:
    message = InboundMessage(f"SM-{number}", Address("sms", number), WISH)
    mailroom.take_in(session_factory(house.engine), [message], {})
    house.pass_time(mailroom.OVERDUE * 2)
    house.work(crash=point).wait()
    house.work()
    house.come_to_rest(until=lambda: by_sms(house, number) != [])
    assert len(by_sms(house, number)) == 1


def test_every_point_is_tried_in_a_process_that_gets_there() -> None:
    tried = {*IN_A_CHAT, *FOR_A_REMINDER, CrashPoint.REQUEST_DONE, CrashPoint.REQUEST_COMMITTED, CrashPoint.HOLDS_SWEPT}
    assert tried == set(CrashPoint)


def a_reminder_is_due(house: House, number: str) -> None:
    """For an appointment that was booked in time."""
    start = at_ten(house.now + timedelta(days=2))
    with Session(house.engine) as session, session.begin():
        book(session, house.garage, a_customer_by_sms(session, number), start, house.now)
    set_time(house.engine, start - timedelta(days=1))


def reminded_once(house: House, number: str) -> None:
    house.come_to_rest(until=lambda: by_sms(house, number) != [])
    assert [body.partition(":")[0] for body in by_sms(house, number)] == ["Erinnerung"]


def at_ten(day: datetime) -> datetime:
    return day.astimezone(BERLIN).replace(hour=10, minute=0, second=0, microsecond=0)


def appointments(house: House) -> int:
    with Session(house.engine) as session:
        return session.scalar(select(func.count()).select_from(AppointmentRow)) or 0


def status(house: House, appointment: AppointmentId) -> str | None:
    with Session(house.engine) as session:
        return session.scalar(select(AppointmentRow.status).where(AppointmentRow.id == appointment))


def statuses(house: House, code: str) -> list[str]:
    with Session(house.engine) as session:
        return list(session.scalars(select(AppointmentRow.status).where(AppointmentRow.public_code == code)))


class ringing:
    """Rings for tasks, as beat and bell do."""

    def __init__(self, house: House) -> None:
        self._celery = Celery(broker=house.settings["REDIS_URL"])

    def __enter__(self) -> Callable[[str, str], object]:
        return lambda task, argument: self._celery.send_task(task, (argument,), ignore_result=True)

    def __exit__(self, *_: object) -> None:
        self._celery.close()


def hands_of(pid: int) -> list[int]:
    told = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True).stdout
    return [int(one) for one in told.split()]
