"""What the courier does with letters, whatever becomes of them on the way."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app import bag, courier
from app.clock import database_now
from app.database import in_transaction, session_factory
from booking_core.appointments import cancel, confirm
from booking_core.reservations import hold_slot
from bot import leases, outbox
from bot.messages import Address, OutboundMessage
from channels.breaker import Breaker
from channels.channel import Absent, Later, Receipt, Sent, Unknown
from tests.app.post_office import TO_PETRA, Board, Phone, pass_time, post, rows
from tests.booking_core.builders import NOW, a_customer, a_garage


def test_a_letter_is_sent_again_when_it_was_certainly_not_sent(busy: Engine) -> None:
    board = Board(Later(timedelta(seconds=30)), Unknown("timeout"), found=Absent())
    post(busy, TO_PETRA)
    for _ in range(2):
        assert courier.drain(session_factory(busy), {"telegram": board}) == 1
        pass_time(busy, 1)
    assert courier.clear_doubts(session_factory(busy), {"telegram": board}) == 1
    courier.drain(session_factory(busy), {"telegram": board})
    assert len(board.shown) == 3
    assert [row.state for row in rows(busy)] == ["sent"]


def test_a_letter_that_was_found_is_not_sent_again(busy: Engine) -> None:
    board = Board(Unknown("timeout"), found=Sent("found"))
    post(busy, TO_PETRA, TO_PETRA)
    assert courier.drain(session_factory(busy), {"telegram": board}) == 1
    courier.clear_doubts(session_factory(busy), {"telegram": board})
    assert [(row.state, row.provider_id) for row in rows(busy)] == [("sent", "found"), ("pending", None)]


@pytest.mark.parametrize(("kind", "copies"), [("ready", 2), ("reminder", 1)])
def test_where_nobody_can_know_there_are_two_copies_at_most(busy: Engine, kind: str, copies: int) -> None:
    board = Board(*[Unknown("timeout")] * 9)
    post(busy, OutboundMessage(TO_PETRA.recipient, "Bis morgen!", kind=kind))
    for _ in range(5):
        courier.drain(session_factory(busy), {"telegram": board})
        courier.clear_doubts(session_factory(busy), {"telegram": board})
        pass_time(busy, 1)
    assert len(board.shown) == copies
    assert [(row.state, row.check_at) for row in rows(busy)] == [("unknown", None)]


def test_a_look_up_that_fails_is_tried_again(busy: Engine) -> None:
    board = Board(Unknown("timeout"), found=Later(timedelta(seconds=30)))
    post(busy, TO_PETRA)
    courier.drain(session_factory(busy), {"telegram": board})
    courier.clear_doubts(session_factory(busy), {"telegram": board})
    assert courier.clear_doubts(session_factory(busy), {"telegram": board}) == 0
    pass_time(busy, 1)
    assert courier.clear_doubts(session_factory(busy), {"telegram": board}) == 1


def test_a_courier_that_dies_leaves_a_doubt_and_not_a_double(busy: Engine) -> None:
    board = Board(found=Sent("found"))
    post(busy, TO_PETRA)
    in_transaction(session_factory(busy), lambda session: leases.claim(session, now=database_now(session)))
    pass_time(busy, 3)
    courier.clear_doubts(session_factory(busy), {"telegram": board})
    assert board.shown == []
    assert [(row.state, row.provider_id) for row in rows(busy)] == [("sent", "found")]


DOWN = Later(timedelta(seconds=1), "nobody answers", down=True)


def test_a_provider_that_is_down_is_called_no_more_and_gets_one_letter_when_it_may_be_up(busy: Engine) -> None:
    down, well = Board(*[DOWN] * 3, *[Unknown("timeout")] * 2), Phone()
    clock = [0.0]
    down.breaker = Breaker(pause=timedelta(seconds=30), clock=lambda: clock[0])
    people = [Address("telegram", str(number)) for number in range(20)]
    post(busy, *(OutboundMessage(who, "Fertig", kind="ready") for who in (*people, Address("sms", "+491511"))))
    for _ in range(3):
        courier.drain(session_factory(busy), {"telegram": down, "sms": well})
        courier.clear_doubts(session_factory(busy), {"telegram": down, "sms": well})
        pass_time(busy, 1)
    assert (len(down.shown), len(well.shown)) == (5, 1)
    assert sum(row.attempts for row in rows(busy) if row.channel == "telegram") <= 2 * bag.EACH

    down.answers, clock[0] = [DOWN], 30
    courier.drain(session_factory(busy), {"telegram": down})
    assert len(down.shown) == 6
    clock[0] = 60
    courier.drain(session_factory(busy), {"telegram": down})
    pass_time(busy, 1)
    courier.drain(session_factory(busy), {"telegram": down})
    assert {row.state for row in rows(busy)} == {"sent", "unknown"}


class Broken(Board):
    def send(self, message: OutboundMessage) -> Receipt:
        raise RuntimeError("a bug of ours")


def test_a_channel_with_a_bug_leaves_a_doubt(busy: Engine) -> None:
    post(busy, TO_PETRA)
    courier.drain(session_factory(busy), {"telegram": Broken()})
    assert [(row.state, row.error) for row in rows(busy)] == [("unknown", "RuntimeError")]


def test_what_is_not_true_any_more_is_not_said(busy: Engine) -> None:
    with Session(busy) as session, session.begin():
        who, garage = a_customer(session), a_garage(session)
        hold = hold_slot(session, garage.slot("2026-11-26 10:00"), who, channel="telegram", now=NOW)
        visit = confirm(session, hold.id, who, now=NOW)
        message = OutboundMessage(TO_PETRA.recipient, "Bis morgen!", kind="reminder")
        about = (visit.id, visit.ical_sequence)
        outbox.post(session, message, key="reminder:1", now=database_now(session), about=about)
        cancel(session, visit.id, who, now=NOW)
    board = Board()
    courier.drain(session_factory(busy), {"telegram": board})
    assert board.shown == []
    assert [row.state for row in rows(busy)] == ["refused"]
