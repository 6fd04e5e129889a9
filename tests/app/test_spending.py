"""What texts may cost in a day, whoever tries to pump more of them out of us."""

import logging
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from app import courier
from app.database import session_factory
from app.providers.twilio import Twilio
from booking_core.tables import OutboxRow
from bot.allowance import Allowance
from bot.messages import Address, OutboundMessage
from channels import open_channels
from channels.channel import Channel, Misconfigured, Refused
from channels.sms import country_of
from tests.app.post_office import Board, Phone, post, rows
from tests.channels.accounts import our_channels, our_settings

PUMPERS = 300


def a_phone(per_person: int, in_all: int) -> Phone:
    phone = Phone()
    phone.allowance = Allowance(per_person, in_all)
    return phone


def text_to(number: int, kind: str = "reply") -> OutboundMessage:
    return OutboundMessage(Address("sms", f"+49151{number:08}"), "Moin", kind=kind)


def test_ten_thousand_numbers_cost_no_more_than_a_day_may_and_reminders_still_go(busy: Engine) -> None:
    """Some hundred stand for the ten thousand: the limit is one number, whoever asks."""
    phone = a_phone(per_person=10, in_all=100)
    post(busy, *(text_to(number) for number in range(PUMPERS)))
    courier.drain(session_factory(busy), {"sms": phone})
    assert len(phone.shown) == 70
    post(busy, *(text_to(number, "reminder") for number in range(40)))
    courier.drain(session_factory(busy), {"sms": phone})
    assert len(phone.shown) == 100
    assert {row.error for row in rows(busy) if row.state == "refused"} == {
        "more than 70 messages within a day",
        "more than 100 messages within a day",
    }


def test_one_number_gets_so_many_texts_a_day_and_the_next_day_as_many_again(busy: Engine) -> None:
    phone = a_phone(per_person=3, in_all=100)
    post(busy, *[text_to(1)] * 5, text_to(2))
    courier.drain(session_factory(busy), {"sms": phone})
    assert sorted(message.recipient.id[-1] for message in phone.shown) == ["1", "1", "1", "2"]
    with busy.begin() as connection:
        connection.execute(text("UPDATE outbox SET created_at = created_at - interval '25 hours'"))
    post(busy, *[text_to(1, "ready")] * 2)
    courier.drain(session_factory(busy), {"sms": phone})
    assert len(phone.shown) == 6


def test_whoever_reads_the_log_hears_of_half_of_eight_tenths_and_of_all(
    busy: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    post(busy, *(text_to(number, "ready") for number in range(12)))
    with caplog.at_level(logging.ERROR, "bot.spending"):
        courier.drain(session_factory(busy), {"sms": a_phone(per_person=10, in_all=10)})
    told = [record.getMessage() for record in caplog.records]
    assert told == [f"{count} of 10 messages were sent within a day" for count in (5, 8, 10)]


def test_what_costs_nothing_is_not_counted(busy: Engine) -> None:
    board = Board()
    post(busy, *(OutboundMessage(Address("telegram", "77"), "Moin") for _ in range(60)))
    courier.drain(session_factory(busy), {"telegram": board})
    assert len(board.shown) == 60


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("+4915112345678", "DE"),
        ("+436641234567", "AT"),
        ("+447400123456", "GB"),
        ("+18765551234", "JM"),
        ("+499001234567", None),
        ("+882161234567", None),
        ("no number", None),
    ],
)
def test_a_number_has_a_country_unless_it_is_dear(number: str, country: str | None) -> None:
    assert country_of(number) in ({country} if country else {None, "001"})


@pytest.fixture
def sms() -> Iterator[tuple[Twilio, Channel]]:
    with Twilio().running() as twilio, our_channels(twilio=twilio.url) as channels:
        yield twilio, channels["sms"]


def test_texts_go_to_the_countries_we_chose_and_to_no_other(sms: tuple[Twilio, Channel]) -> None:
    twilio, channel = sms
    for number in ("+447400123456", "+18765551234", "+499001234567", "+882161234567"):
        refused = channel.send(OutboundMessage(Address("sms", number), "Moin"))
        assert isinstance(refused, Refused), number
    channel.send(OutboundMessage(Address("sms", "+436641234567"), "Servus"))
    assert [one.to for one in twilio.messages] == ["+436641234567"]


def test_a_country_that_is_none_is_noticed_at_the_start() -> None:
    with pytest.raises(Misconfigured, match="XX"), open_channels(our_settings(sms_countries="DE, XX")):
        pass


def test_refused_texts_count_for_nothing(busy: Engine) -> None:
    phone = a_phone(per_person=1, in_all=10)
    phone.answers = [Refused("no such number")]
    post(busy, *[text_to(1)] * 2)
    courier.drain(session_factory(busy), {"sms": phone})
    with Session(busy) as session:
        assert session.scalars(select(OutboxRow.state).order_by(OutboxRow.id)).all() == ["refused", "sent"]
