"""Customers get all that is stored about them and nothing of anybody else, and it is erased when they say so."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.orm import Session

from app import courier, mailroom, rounds
from app.clock import set_clock
from app.database import session_factory
from app.providers.twilio import Twilio
from booking_core import customers, joining, register, reservations
from booking_core.appointments import confirm
from booking_core.errors import StillBooked
from booking_core.personal import erasure, export, remains, requests
from booking_core.personal.kinds import DEMAND
from booking_core.personal.record import RECORD
from booking_core.personal.requests import Asked
from booking_core.tables import (
    AppointmentRow,
    Base,
    ChannelIdentityRow,
    ConsentRow,
    OutboxRow,
    PrivacyRequestRow,
    UserRow,
    VehicleRow,
)
from bot import consents, leases
from bot.messages import Address, InboundMessage, OutboundMessage
from bot.turn import take_turn
from channels.channel import Channel
from tests.app.post_office import Board, post, rows
from tests.booking_core.builders import NOW, a_customer, a_garage
from tests.channels.accounts import our_channels
from tests.security.person import a_whole_person, address_of, everything, mark, marked_columns
from tests.transcript import Stage

HISTORY = frozenset({"audit_log"})


def test_every_column_says_what_it_holds_and_whose_it_is() -> None:
    tables = Base.metadata.tables
    assert set(RECORD) == set(tables)
    for name, holding in RECORD.items():
        assert set(holding.columns) == set(tables[name].columns.keys()), f"classify the columns of {name}"
    persons = {
        name
        for name, table in tables.items()
        if name == "users" or any(key.column.table.name in {"users", "appointments"} for key in table.foreign_keys)
    }
    assert {name for name in persons if RECORD[name].whose is None} == set()


def test_an_export_holds_every_mark_of_its_customer_and_none_of_anybody_else(session: Session) -> None:
    garage = a_garage(session, lifts=2)
    petra = a_whole_person(session, garage, "petra", "2026-11-26 10:00", number=1)
    paul = a_whole_person(session, garage, "paul", "2026-11-26 12:00", number=2)
    columns = marked_columns()
    assert len(columns) >= 15
    for user, own, other in ((petra, "petra", "paul"), (paul, "paul", "petra")):
        told = json.dumps(export.document(session, user, now=NOW))
        missing = [mark(own, table, column) for table, column, _ in columns if mark(own, table, column) not in told]
        assert missing == []
        assert address_of(own) in told
        assert f"{other}" not in told


def test_every_table_with_rows_of_a_customer_is_in_their_export(session: Session) -> None:
    garage = a_garage(session)
    petra = a_whole_person(session, garage, "petra", "2026-11-26 10:00", number=1)
    empty = {"appointment_slots"}
    assert set(export.rows_of(session, petra)) | empty == {name for name, one in RECORD.items() if one.whose}


def test_an_export_tells_no_secret(session: Session) -> None:
    petra = a_whole_person(session, a_garage(session), "petra", "2026-11-26 10:00", number=1)
    told = json.dumps(export.document(session, petra, now=NOW))
    assert 'secret_hash": "petra' not in told
    assert '"proof_hash"' not in json.dumps(export.document(session, petra, now=NOW)["data"])


def test_of_whoever_is_erased_no_mark_is_left_in_the_whole_database(session: Session) -> None:
    garage = a_garage(session, lifts=2)
    petra = a_whole_person(session, garage, "petra", "2026-11-26 10:00", number=1)
    paul = a_whole_person(session, garage, "paul", "2026-11-26 12:00", number=2)
    before = export.rows_of(session, paul)
    assert erasure.erase(session, petra, actor="staff:1", now=NOW) is None
    for one in remains.unfinished(session):
        remains.go_on(session, one, messages=[])
    left = everything(session, besides=HISTORY)
    words = [mark("petra", table, column) for table, column, kind in marked_columns() if kind is not DEMAND]
    assert [word for word in (*words, address_of("petra")) if word in left] == []
    assert "+4915100000001" not in left
    assert export.rows_of(session, paul) == before, "nobody else loses anything"
    assert session.scalar(select(func.count()).where(AppointmentRow.user_id == petra)) == 1, (
        "that somebody came is kept"
    )


def test_the_audit_log_names_nobody(session: Session) -> None:
    a_garage(session)
    stage = Stage(session)
    for words in ("Ölwechsel am Donnerstag um 10 in 50667, K-XY 987", "ja", "Petra Geheim", "geheim@example.org", "ja"):
        stage.say("petra", words)
    assert session.scalar(select(func.count()).select_from(AppointmentRow)) == 1
    log = "".join(session.scalars(text("SELECT to_jsonb(audit_log)::text FROM audit_log")))
    assert log
    for fact in ("Geheim", "geheim", "K-XY", "987"):
        assert fact not in log


def test_what_was_worked_on_stays_with_its_plate_and_without_a_name_until_the_law_lets_it_go(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    car = customers.add_vehicle(session, petra, plate="K-PM 1", now=NOW)
    hold = reservations.hold_slot(session, garage.slot("2026-11-24 10:00"), petra, channel="sms", now=NOW)
    confirm(session, hold.id, petra, now=NOW, vehicle=car)
    with pytest.raises(StillBooked):
        erasure.erase(session, petra, actor="system", now=NOW)
    assert erasure.erase(session, petra, actor="system", now=NOW + timedelta(days=3)) == 2034
    assert customers.customer(session, petra).name is None
    assert session.scalars(select(VehicleRow.license_plate)).all() == ["K-PM 1"]
    assert session.scalars(select(PrivacyRequestRow.kept_until)).all() == [2034]


def test_a_stop_is_kept_to_after_an_erasure_and_nothing_else_of_the_address(session: Session) -> None:
    for number, words in (("1", "STOP"), ("2", "Moin")):
        take_turn(session, InboundMessage(number, Address("telegram", number), words), now=NOW)
    for user in session.scalars(select(UserRow.id)).all():
        erasure.erase(session, user, actor="system", now=NOW)
    assert session.scalars(select(ChannelIdentityRow.external_id)).all() == ["1"]
    assert consents.withdrawn(session, Address("telegram", "1"))
    assert session.scalars(select(ConsentRow.wording)).all() == ["erased"]


def test_who_is_erased_under_several_numbers_is_erased_again_under_each(session: Session) -> None:
    here, there = a_customer(session, "Petra Hier"), a_customer(session, "Petra Dort")
    joining.join(session, here, there, proof="code", now=NOW)
    erasure.erase(session, here, actor="system", now=NOW)
    [told] = erasure.erased_since(session)
    assert sorted(told["users"]) == sorted([here, there])
    session.execute(text("UPDATE users SET name = 'back from a backup'"))
    for _ in range(2):
        erasure.erase_again(session, told["users"], now=NOW)
    assert session.scalars(select(UserRow.name)).all() == [None]


@pytest.fixture
def twilio() -> Iterator[tuple[Twilio, dict[str, Channel]]]:
    with ExitStack() as stack:
        provider = stack.enter_context(Twilio().running())
        yield provider, stack.enter_context(our_channels(twilio=provider.url))


def test_whoever_erases_themselves_hears_of_it_and_then_the_provider_forgets_too(
    database: Engine, twilio: tuple[Twilio, dict[str, Channel]]
) -> None:
    provider, channels = twilio
    number, sessions = "+4915112345678", session_factory(database)
    with Session(database) as session, session.begin():
        a_garage(session)
        set_clock(session, NOW)
    for words in ("Moin", "lösch meine Daten", "1"):
        call = provider.form(number, words)
        message = InboundMessage(call["MessageSid"], Address("sms", number), words)
        mailroom.take_in(sessions, [message], channels)
        mailroom.answer(sessions, message.sender)
        courier.drain(sessions, channels)
    assert "gelöscht" in provider.letters(number)[-1].body
    kept = len(provider.messages)
    rounds.finish_erasures(sessions, channels)
    assert (kept, len(provider.messages)) == (6, 1), "the last word could be deleted only once it was sent"
    rounds.finish_erasures(sessions, channels)
    assert provider.messages == []
    with Session(database) as session:
        assert session.scalars(select(PrivacyRequestRow.remains)).all() == [None]
        assert number not in everything(session)
        assert "Moin" not in everything(session)


def test_an_erasure_waits_for_a_provider_that_is_away(
    database: Engine, twilio: tuple[Twilio, dict[str, Channel]]
) -> None:
    provider, channels = twilio
    sessions = session_factory(database)
    with Session(database) as session, session.begin():
        user = customers.recognise(session, "sms", "+4915112345678", now=NOW).customer.id
        call = provider.form("+4915112345678", "Moin")
        message = InboundMessage(call["MessageSid"], Address("sms", "+4915112345678"), "Moin")
        take_turn(session, message, now=NOW)
        session.execute(update(OutboxRow).values(state="refused"))
        erasure.erase(session, user, actor="system", now=NOW)
    with our_channels() as nowhere:
        rounds.finish_erasures(sessions, nowhere)
    with Session(database) as session:
        assert session.scalar(select(PrivacyRequestRow.remains)) is not None
    rounds.finish_erasures(sessions, channels)
    assert provider.messages == []
    with Session(database) as session:
        assert session.scalar(select(PrivacyRequestRow.remains)) is None


def test_what_waits_to_be_sent_to_whoever_is_erased_is_never_sent(database: Engine) -> None:
    board = Board()
    with Session(database) as session, session.begin():
        user = customers.recognise(session, "telegram", "77", now=NOW).customer.id
    post(database, OutboundMessage(Address("telegram", "77"), "Ihr Auto ist fertig", kind="ready"))
    with Session(database) as session, session.begin():
        erasure.erase(session, user, actor="staff:1", now=NOW)
    courier.drain(session_factory(database), {"telegram": board})
    assert board.shown == []
    assert [(row.state, row.recipient, row.body) for row in rows(database)] == [("refused", "erased", {})]


def test_to_whom_it_is_restricted_nothing_is_sent_but_answers(database: Engine) -> None:
    board, petra = Board(), Address("telegram", "77")
    with Session(database) as session, session.begin():
        user = customers.recognise(session, "telegram", "77", now=NOW).customer.id
        customers.restrict(session, user, at=NOW)
    post(database, OutboundMessage(petra, "Bis morgen", kind="reminder"), OutboundMessage(petra, "Gern."))
    courier.drain(session_factory(database), {"telegram": board})
    assert [message.text for message in board.shown] == ["Gern."]
    with Session(database) as session, session.begin():
        customers.restrict(session, user, at=None)
    post(database, OutboundMessage(petra, "Fertig", kind="ready"))
    courier.drain(session_factory(database), {"telegram": board})
    assert [message.text for message in board.shown] == ["Gern.", "Fertig"]


def test_to_whom_it_is_restricted_no_mail_is_sent_either(database: Engine) -> None:
    board = Board()
    with Session(database) as session, session.begin():
        user = customers.recognise(session, "telegram", "77", now=NOW).customer.id
        customers.learn(session, user, email="petra@example.de")
        customers.restrict(session, user, at=NOW)
    mailboxes = [Address("email", "petra@example.de"), Address("email", "jo@example.de")]
    post(database, *(OutboundMessage(mailbox, "Bis morgen", kind="reminder") for mailbox in mailboxes))
    courier.drain(session_factory(database), {"email": board})
    assert [message.recipient.id for message in board.shown] == ["jo@example.de"]


def test_a_request_is_to_be_answered_within_a_month_and_noticed_after_twenty_days(session: Session) -> None:
    petra = a_customer(session)
    for _ in range(2):
        requests.note(session, petra, Asked.CORRECTION, actor="staff:1", now=NOW, answered=False)
    [one] = requests.open_requests(session)
    assert one.due_at == NOW + timedelta(days=30)
    assert requests.urgent(session, now=NOW + timedelta(days=19)) == []
    assert requests.urgent(session, now=NOW + timedelta(days=21)) == [one]
    requests.note(session, petra, Asked.CORRECTION, actor="staff:1", now=NOW, answered=True)
    assert requests.open_requests(session) == []


def test_a_number_that_was_silent_for_half_a_year_is_somebody_elses(session: Session) -> None:
    garage = a_garage(session, horizon_days=400)
    petra = customers.recognise(session, "sms", "+4915112345678", now=NOW, name="Petra Müller")
    hold = reservations.hold_slot(session, garage.slot("2026-11-26 10:00"), petra.customer.id, channel="sms", now=NOW)
    confirm(session, hold.id, petra.customer.id, now=NOW)
    stage = Stage(session, channel="sms")
    take_turn(session, InboundMessage("1", Address("sms", "+4915112345678"), "Moin"), now=NOW)
    soon, late = NOW + timedelta(days=170), NOW + timedelta(days=360)
    assert customers.recognise(session, "sms", "+4915112345678", now=soon).customer.name == "Petra Müller"
    stranger = customers.recognise(session, "sms", "+4915112345678", now=late).customer
    assert (stranger.name, stranger.id != petra.customer.id) == (None, True)
    take_turn(session, InboundMessage("2", Address("sms", "+4915112345678"), "meine Termine"), now=late)
    told = leases.claim(session, now=late, recipient=Address("sms", "+4915112345678"))[-1].message.text
    assert hold.code not in told
    [kept] = register.fetch(session, AppointmentRow.user_id == petra.customer.id)
    assert kept.id == hold.id
    assert stage.channel == "sms"
