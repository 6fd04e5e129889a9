"""Letters that were refused, and the next way they go."""

from datetime import timedelta
from typing import ClassVar

import pytest
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from app import courier, mailroom
from app.clock import database_now
from app.database import session_factory
from booking_core.tables import ChannelIdentityRow, ConsentRow, UserRow
from booking_core.values import WorkshopId
from bot import returns
from bot.messages import Address, InboundMessage, OutboundMessage
from channels.channel import Channel, Consent, Refused, Report, Sent
from tests.app.post_office import TO_PETRA, Board, Phone, met_on_both, post, rows


def test_a_letter_that_is_refused_goes_round_to_the_next_channel(busy: Engine) -> None:
    met_on_both(busy)
    board, phone = Board(Refused("blocked", unreachable=True)), Phone(Refused("dead"))
    channels: dict[str, Channel] = {"telegram": board, "sms": phone}
    post(busy, TO_PETRA)
    courier.drain(session_factory(busy), channels)
    assert [one.recipient for one in phone.shown] == [Address("sms", "+491511")]
    assert [(row.channel, row.state) for row in rows(busy)] == [("telegram", "refused"), ("sms", "refused")]
    with Session(busy) as session:
        refused = select(ConsentRow.granted).where(ConsentRow.purpose == "messages").order_by(ConsentRow.id)
        assert list(session.scalars(refused)) == [False]
        mailroom.take_in(session_factory(busy), [InboundMessage("2", TO_PETRA.recipient, "Doch!")], {})
        mailroom.answer(session_factory(busy), TO_PETRA.recipient)
        assert list(session.scalars(refused)) == [False, True]


def test_who_wants_no_messages_gets_answers_only(busy: Engine) -> None:
    board = Board()
    sessions = session_factory(busy)
    mailroom.take_in(sessions, [Consent(TO_PETRA.recipient, False, "STOP")], {})
    post(busy, TO_PETRA, OutboundMessage(TO_PETRA.recipient, "Hier die Antwort"))
    courier.drain(sessions, {"telegram": board})
    assert [one.text for one in board.shown] == ["Hier die Antwort"]
    mailroom.take_in(sessions, [Consent(TO_PETRA.recipient, True, "START")], {})
    post(busy, OutboundMessage(TO_PETRA.recipient, "Bis morgen!", kind="reminder"))
    courier.drain(sessions, {"telegram": board})
    assert len(board.shown) == 2


def test_a_failure_after_all_goes_round_too(busy: Engine) -> None:
    met_on_both(busy)
    board, phone = Board(), Phone(Sent("SM1"))
    channels: dict[str, Channel] = {"telegram": board, "sms": phone}
    post(busy, OutboundMessage(Address("sms", "+491511"), "fertig", kind="ready"))
    courier.drain(session_factory(busy), channels)
    failed = Report("sms", "SM1", "failed", failure=Refused("no such number", unreachable=True))
    mailroom.take_in(session_factory(busy), [failed], channels)
    courier.drain(session_factory(busy), channels)
    assert [one.text for one in board.shown] == ["fertig"]


class WhatsApp(Board):
    name: ClassVar[str] = "whatsapp"


class Mail(Board):
    name: ClassVar[str] = "email"


CLOSED = Refused("outside of the 24 hours WhatsApp allows", formal=True)


def test_a_letter_that_came_too_late_for_free_text_goes_out_once_as_its_template(busy: Engine) -> None:
    met_on_both(busy)
    with Session(busy) as session, session.begin():
        petra = Address("whatsapp", "+491511")
        session.execute(
            update(ChannelIdentityRow)
            .values(channel="whatsapp", external_id=petra.id)
            .where(ChannelIdentityRow.channel == "telegram")
        )
    whatsapp, phone = WhatsApp(Sent("SM1"), Sent("SM2")), Phone()
    channels: dict[str, Channel] = {"whatsapp": whatsapp, "sms": phone}
    post(busy, OutboundMessage(petra, "Bis morgen, 10:00!", kind="waitlist", variables=("10:00",)))
    for provider_id in ("SM1", "SM2"):
        courier.drain(session_factory(busy), channels)
        late = Report("whatsapp", provider_id, "failed", failure=CLOSED)
        mailroom.take_in(session_factory(busy), [late, late], channels)
    courier.drain(session_factory(busy), channels)
    assert [(one.text, one.as_template) for one in whatsapp.shown] == [
        ("Bis morgen, 10:00!", False),
        ("Bis morgen, 10:00!", True),
    ]
    assert [one.text for one in phone.shown] == ["Bis morgen, 10:00!"]


def test_staff_see_what_came_back_and_where_it_went_instead(busy: Engine) -> None:
    met_on_both(busy)
    board, phone = Board(Refused("blocked", unreachable=True)), Phone(Sent("SM1"))
    channels: dict[str, Channel] = {"telegram": board, "sms": phone}
    post(busy, TO_PETRA, OutboundMessage(TO_PETRA.recipient, "Noch etwas", kind="ready"))
    for _ in range(2):
        courier.drain(session_factory(busy), channels)
    mailroom.take_in(session_factory(busy), [Report("sms", "SM1", "failed", failure=Refused("dead number"))], channels)
    with Session(busy) as session:
        now = database_now(session)
        found = returns.returned(session, since=now - timedelta(hours=1))
        assert [(one.recipient.channel, one.text, one.reason) for one in found] == [
            ("sms", TO_PETRA.text, "dead number"),
            ("telegram", "Noch etwas", "the recipient wants no messages here"),
            ("telegram", TO_PETRA.text, "blocked"),
        ]
        assert [one.instead for one in found] == [None, phone.shown[1].recipient, phone.shown[0].recipient]
        assert {one.customer for one in found} == set(session.scalars(select(UserRow.id)))
        assert returns.returned(session, since=now) == []
        assert returns.returned(session, since=now - timedelta(hours=1), workshop=WorkshopId(1)) == []


@pytest.mark.parametrize("proved", [True, False])
def test_mail_is_a_way_round_only_for_who_proved_the_address(busy: Engine, proved: bool) -> None:
    met_on_both(busy)
    with Session(busy) as session, session.begin():
        proof = database_now(session) if proved else None
        session.execute(update(UserRow).values(email="petra@example.de", email_proved_at=proof))
        session.execute(delete(ChannelIdentityRow).where(ChannelIdentityRow.channel == "sms"))
    mail = Mail()
    channels: dict[str, Channel] = {"telegram": Board(Refused("blocked")), "email": mail}
    post(busy, TO_PETRA)
    courier.drain(session_factory(busy), channels)
    assert [one.recipient.id for one in mail.shown] == ["petra@example.de"] * proved
