"""Wires are cut, answers get lost, processes freeze; nobody is answered twice, and nobody is told a lie."""

import itertools
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest

from app.providers.server import Reply, Request
from app.providers.twilio import Twilio
from tests.app.api.house import fresh_key
from tests.app.eventually import eventually
from tests.faults.house import House, a_wire_to_the_database, happens
from tests.faults.proxy import Wire
from tests.faults.test_crashes import a_reminder_is_due, appointments, at_ten, by_sms, reminded_once

CHATS = itertools.count(1_000)


def heard(house: House, chat: str) -> list[str]:
    return [one.text for one in house.telegram.chats.get(chat, [])]


def a_booking(house: House) -> dict[str, object]:
    start = at_ten(house.now + timedelta(days=3))
    guest = {"name": "Petra Müller", "email": f"petra{next(CHATS)}@example.de"}
    services = [house.garage.service]
    return {
        "workshop_id": house.garage.workshop,
        "service_ids": services,
        "start": start.isoformat(),
        "customer": guest,
    }


def test_whoever_does_not_hear_that_a_booking_was_committed_asks_again_and_has_one(house: House) -> None:
    with a_wire_to_the_database(house.engine) as (wire, url):
        house.serve(DATABASE_URL=url)
        key, before, body = fresh_key() | {"X-Forwarded-For": "192.0.2.201"}, appointments(house), a_booking(house)
        wire.swallow_answer_to(b"COMMIT", after=b"INSERT INTO idempotency_keys")
        lost = httpx.post(f"{house.url}/api/appointments", json=body, headers=key, timeout=30)
        assert (lost.status_code, wire.swallowed) == (503, 1)
        eventually(lambda: appointments(house) == before + 1)
        again = httpx.post(f"{house.url}/api/appointments", json=body, headers=key, timeout=30)
        assert again.status_code == 201
        assert appointments(house) == before + 1
        house.come_to_rest()


def test_while_the_database_is_out_of_reach_callers_are_asked_for_patience_and_then_all_is_well(house: House) -> None:
    with a_wire_to_the_database(house.engine) as (wire, url):
        house.serve(DATABASE_URL=url)
        chat = str(next(CHATS))
        update = house.telegram.text_update(chat, "hallo")
        wire.cut()
        assert house.telegram.deliver(update, once=True) == 503
        answer = httpx.get(f"{house.url}/api/workshops?plz=50667", timeout=30)
        assert (answer.status_code, int(answer.headers["Retry-After"]) > 0) == (503, True)
        wire.mend()
        assert house.telegram.deliver(update) == 200
        eventually(lambda: len(heard(house, chat)) == 1)
        house.come_to_rest()


@pytest.mark.parametrize("mood", ["cut", "frozen"])
def test_nobody_waits_for_redis_however_it_is_away(house: House, mood: str) -> None:
    assert house.redis is not None
    with Wire(house.redis.port).open() as wire:
        house.serve(REDIS_URL=f"redis://127.0.0.1:{wire.port}/0")
        wire.cut() if mood == "cut" else wire.freeze()
        for _ in range(3):
            chat = str(next(CHATS))
            assert house.telegram.write(chat, "hallo") == 200
            eventually(lambda chat=chat: len(heard(house, chat)) == 1)  # type: ignore[misc]
        house.come_to_rest()


def test_ten_minutes_without_redis_cost_nothing_but_moments(house: House) -> None:
    assert house.redis is not None
    number = "+4915199000001"
    a_reminder_is_due(house, number)
    house.pass_time(timedelta(minutes=-5))
    house.serve()
    house.work()
    house.redis.kill()
    try:
        for _ in range(10):
            house.pass_time(timedelta(minutes=1))
            chat = str(next(CHATS))
            assert house.telegram.write(chat, "hallo") == 200
            eventually(lambda chat=chat: len(heard(house, chat)) == 1)  # type: ignore[misc]
        eventually(lambda: by_sms(house, number) != [])
    finally:
        house.redis.start()
    reminded_once(house, number)


def test_a_worker_that_freezes_with_a_letter_in_hand_changes_nothing_when_it_wakes_up(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, asleep = "+4915199000002", threading.Event()
    a_reminder_is_due(house, number)
    frozen = house.work()
    eventually(lambda: by_sms(house, number) != [] or house.settled(), seconds=60)
    number = "+4915199000003"
    take = Twilio.handle

    def freeze(request: Request) -> Reply:
        if house.twilio.sends(request) and not asleep.is_set():
            frozen.tell_all(signal.SIGSTOP)
            asleep.set()
        return take(house.twilio, request)

    monkeypatch.setattr(house.twilio, "handle", freeze)
    a_reminder_is_due(house, number)
    eventually(asleep.is_set, seconds=60)
    house.pass_time(timedelta(minutes=3))
    house.work()
    assert happens(house.settled, seconds=60)
    frozen.tell_all(signal.SIGCONT)
    reminded_once(house, number)


def test_a_server_that_is_replaced_under_load_drops_nothing(house: House) -> None:
    server = house.serve()
    chats = [str(next(CHATS)) for _ in range(12)]
    updates = [house.telegram.text_update(chat, "hallo") for chat in chats]
    with ThreadPoolExecutor(4) as customers:
        taken = [customers.submit(house.telegram.deliver, update) for update in updates]
        server.tell(signal.SIGTERM)
        server.wait(30)
        house.serve()
        assert {one.result() for one in taken} <= {0, 200}, "whoever was let in is answered"
    assert {house.telegram.deliver(update) for update in updates} == {200}
    eventually(lambda: all(heard(house, chat) for chat in chats), seconds=60)
    house.come_to_rest()
    assert [len(heard(house, chat)) for chat in chats] == [1] * len(chats)
