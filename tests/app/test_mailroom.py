"""Messages and reports, once they are in the house."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app import courier, mailroom
from app.database import session_factory
from app.office import Office
from booking_core.tables import InboxRow
from booking_core.values import WorkshopId
from bot import inbox
from bot.messages import Address, InboundMessage, OutboundMessage
from bot.turn import answer
from channels.channel import Absent, Later, Report, Sent, Unknown
from tests.app.eventually import eventually
from tests.app.post_office import TO_PETRA, Board, Phone, pass_time, post, rows


def test_reports_only_ever_move_a_letter_on(busy: Engine) -> None:
    phone = Phone(Sent("SM1"), Sent("SM2"))
    sessions = session_factory(busy)
    ready = OutboundMessage(Address("sms", "+491511"), "fertig", kind="ready")
    mailroom.take_in(sessions, [Report("sms", "SM1", "delivered")], {})
    post(busy, ready)
    courier.drain(sessions, {"sms": phone})
    assert [row.delivery for row in rows(busy)] == ["delivered"]
    mailroom.take_in(sessions, [Report("sms", "SM1", "sent"), Report("sms", "SM1", "sent")], {})
    assert [row.delivery for row in rows(busy)] == ["delivered"]
    mailroom.take_in(sessions, [Report("sms", "SM1", "failed", failure=Later(timedelta()))] * 2, {})
    courier.drain(sessions, {"sms": phone})
    mailroom.take_in(sessions, [Report("sms", "SM2", "failed", failure=Later(timedelta()))], {})
    assert [(row.delivery, row.provider_id) for row in rows(busy)] == [("failed", "SM1"), ("failed", "SM2")]


def test_a_report_proves_that_a_letter_in_doubt_was_sent(busy: Engine) -> None:
    phone = Phone(Unknown("timeout"), found=Absent())
    post(busy, OutboundMessage(Address("sms", "+491511"), "fertig"))
    courier.drain(session_factory(busy), {"sms": phone})
    [row] = rows(busy)
    mailroom.take_in(session_factory(busy), [Report("sms", "SM9", "sent", str(row.id))], {})
    mailroom.take_in(
        session_factory(busy), [Report("sms", "SM8", "sent", "9" * 40), Report("sms", "SM7", "read", "x")], {}
    )
    courier.clear_doubts(session_factory(busy), {"sms": phone})
    assert [(row.state, row.provider_id, row.delivery) for row in rows(busy)] == [("sent", "SM9", "sent")]


def test_what_was_stored_but_not_answered_is_answered_on_the_next_round(busy: Engine) -> None:
    board = Board()
    mailroom.take_in(session_factory(busy), [InboundMessage("1", TO_PETRA.recipient, "hallo")], {})
    assert mailroom.overdue(session_factory(busy)) == []
    pass_time(busy, 1)
    office = Office(session_factory(busy), {"telegram": board})
    with office:
        office.make_round()
        eventually(lambda: len(board.shown) == 1)


def test_a_message_that_breaks_us_does_not_hold_up_the_next(busy: Engine) -> None:
    sessions = session_factory(busy)
    poison, fine = (InboundMessage(id, TO_PETRA.recipient, "hallo") for id in ("1", "2"))
    mailroom.take_in(sessions, [poison, fine], {})

    def turn(session: Session, message: InboundMessage, *, now: datetime) -> Collection[WorkshopId]:
        if message.id == "1":
            raise RuntimeError("a bug of ours")
        return answer(session, message, now=now)

    for _ in range(inbox.TRIES):
        mailroom.answer(sessions, TO_PETRA.recipient, turn=turn)
    with Session(busy) as session:
        columns = (InboxRow.provider_id, InboxRow.failures, InboxRow.processed_at.is_not(None))
        told = session.execute(select(*columns).order_by(InboxRow.id))
        assert [tuple(row) for row in told] == [("1", inbox.TRIES, True), ("2", 0, True)]
    assert len(rows(busy)) == 1
