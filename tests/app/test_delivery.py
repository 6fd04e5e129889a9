"""Messages that come often, late and all at once; letters that meet bad days."""

import random
import threading
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import ClassVar

import pytest
from sqlalchemy import Engine, select, text, update
from sqlalchemy.orm import Session

from app import courier, mailroom
from app.clock import database_now
from app.database import engine_for, in_transaction, session_factory
from app.mailroom import Turn
from app.office import Office
from app.providers.server import Mood
from app.providers.telegram import Telegram
from app.providers.twilio import Twilio
from app.throwaway import throwaway_database
from booking_core.tables import ConsentRow, InboxRow, OutboxRow
from booking_core.values import WorkshopId
from bot import inbox, outbox
from bot.messages import Address, InboundMessage, OutboundMessage
from bot.turn import take_turn
from channels.breaker import Breaker
from channels.channel import Absent, Channel, Consent, Later, News, Receipt, Refused, Report, Sent, Unknown
from tests.app.eventually import eventually
from tests.booking_core.builders import a_garage
from tests.channels.accounts import our_channels

MESSAGES, PEOPLE = 2_000, 60
LETTERS = 4
"""For each person when providers have bad days."""


class Board(Channel):
    """A channel that puts what is sent on a board, or answers as it was told."""

    name: ClassVar[str] = "telegram"
    doubt = timedelta()

    def __init__(self, *answers: Receipt, found: Receipt | Absent | None = None) -> None:
        super().__init__()
        self.answers, self.found = list(answers), found
        self.shown: list[OutboundMessage] = []
        self._lock = threading.Lock()

    def send(self, message: OutboundMessage) -> Receipt:
        with self._lock:
            self.shown.append(message)
            return self.answers.pop(0) if self.answers else Sent(f"{self.name}-{len(self.shown)}")

    def look_up(self, message: OutboundMessage, *, since: object, others: object) -> Receipt | Absent:
        return self.found or Unknown("no list")


class Phone(Board):
    name: ClassVar[str] = "sms"


@pytest.fixture
def busy(server: str, template: str) -> Iterator[Engine]:
    """A database of the test's own with a connection for every thread, and a workshop."""
    with throwaway_database(server, template) as url, engine_for(url, pool_size=20) as engine:
        with Session(engine) as session, session.begin():
            a_garage(session)
        yield engine


def rows(engine: Engine) -> list[OutboxRow]:
    with Session(engine) as session:
        return list(session.scalars(select(OutboxRow).order_by(OutboxRow.id)))


def post(engine: Engine, *messages: OutboundMessage) -> None:
    with Session(engine) as session, session.begin():
        for number, message in enumerate(messages):
            key = f"{message.kind}:{message.recipient}:{number}"
            outbox.post(session, message, key=key, now=database_now(session))


def pass_time(engine: Engine, minutes: int) -> None:
    """For all that waits, as if that much time had passed."""
    by = timedelta(minutes=minutes)
    letters = {"next_at": OutboxRow.next_at - by, "lease_until": OutboxRow.lease_until - by}
    with engine.begin() as connection:
        connection.execute(update(OutboxRow).values({**letters, "check_at": OutboxRow.check_at - by}))
        connection.execute(update(InboxRow).values(received_at=InboxRow.received_at - by))


def brief(session: Session, message: InboundMessage, *, now: datetime) -> None:
    """A turn that says no more than that it heard."""
    if inbox.hear(session, message, now=now):
        key = f"reply:{message.sender.channel}:{message.id}"
        outbox.post(session, OutboundMessage(message.sender, "ja"), key=key, now=now)


@pytest.mark.parametrize(("turn", "number"), [(brief, MESSAGES), (take_turn, MESSAGES // 10)])
def test_a_message_that_comes_often_has_one_effect_and_answers_keep_their_order(
    busy: Engine, turn: Turn, number: int
) -> None:
    dice = random.Random(5)
    people = [Address("telegram", str(number)) for number in range(PEOPLE)]
    messages = [InboundMessage(f"m{one}", dice.choice(people), "hallo") for one in range(number)]
    calls: list[News] = [message for message in messages for _ in range(dice.randint(1, 5))]
    dice.shuffle(calls)
    board = Board()
    office = Office(session_factory(busy), {"telegram": board}, turn=turn)
    with office, ThreadPoolExecutor(6) as postmen:
        list(postmen.map(office.receive, ([call] for call in calls)))
        eventually(lambda: len(board.shown) >= number, seconds=240)

    with Session(busy) as session:
        heard = session.execute(select(InboxRow.provider_id, InboxRow.sender).order_by(InboxRow.id)).all()
        keys = {str(row.id): row.dedupe_key for row in session.scalars(select(OutboxRow))}
    assert len(heard) == len(keys) == len(board.shown) == number
    asked, answered = defaultdict(list), defaultdict(list)
    for provider_id, sender in heard:
        asked[sender].append(f"reply:telegram:{provider_id}")
    for message in board.shown:
        answered[message.recipient.id].append(keys[message.reference])
    assert answered == asked


def test_bad_days_lose_nothing_and_double_only_what_nobody_can_know(busy: Engine) -> None:
    mood = {"sms": Mood(0.3, seed=1), "telegram": Mood(0.3, seed=2)}
    people = [f"+4915100000{number:03}" for number in range(25)]
    with (
        Twilio(mood=mood["sms"], reports=0).running() as twilio,
        Telegram(mood=mood["telegram"]).running() as telegram,
        our_channels(twilio=twilio.url, telegram=telegram.url) as ours,
    ):
        channels = {name: ours[name] for name in ("sms", "telegram")}
        for channel in channels.values():
            channel.doubt, channel.breaker = timedelta(), Breaker(pause=timedelta())
        chats = [str(number) for number in range(1, 26)]
        telegram.chats.update({chat: [] for chat in chats})
        addresses = [Address("sms", one) for one in people] + [Address("telegram", one) for one in chats]
        post(busy, *(OutboundMessage(one, f"Brief {number}") for number in range(LETTERS) for one in addresses))

        def deliver() -> None:
            while any(row.state in {"pending", "sending"} or row.check_at for row in rows(busy)):
                pass_time(busy, 1)
                for each in channels.items():
                    courier.drain(session_factory(busy), dict([each]))
                    courier.clear_doubts(session_factory(busy), dict([each]))

        with ThreadPoolExecutor(3) as couriers:
            for work in [couriers.submit(deliver) for _ in range(3)]:
                work.result()

        wanted = [f"Brief {number}" for number in range(LETTERS)]
        assert all([one.body for one in twilio.letters(person)] == wanted for person in people)
        for chat in chats:
            got = [one.text for one in telegram.chats[chat]]
            assert list(dict.fromkeys(got)) == wanted
            assert got == sorted(got)
            assert max(Counter(got).values()) <= 2
        doubles = sum(len(shown) for shown in telegram.chats.values()) - LETTERS * len(chats)
        doubted = sum(row.doubts for row in rows(busy) if row.channel == "telegram")
        assert 0 < doubles <= doubted


TO_PETRA = OutboundMessage(Address("telegram", "77"), "Ihr Auto ist fertig", kind="ready")


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
    in_transaction(session_factory(busy), lambda session: outbox.claim(session, now=database_now(session)))
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
    assert sum(row.attempts for row in rows(busy) if row.channel == "telegram") <= courier.BAG

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


def met_on_both(engine: Engine) -> None:
    """Petra wrote by Telegram and by SMS, and we know that it is her."""
    with Session(engine) as session, session.begin():
        mailroom_message = InboundMessage("1", TO_PETRA.recipient, "hallo")
        inbox.store(session, mailroom_message, now=database_now(session))
    mailroom.answer(session_factory(engine), TO_PETRA.recipient)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO channel_identities (user_id, channel, external_id) SELECT id, 'sms', '+491511' FROM users"
            )
        )
        connection.execute(text("DELETE FROM outbox"))


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
        return take_turn(session, message, now=now)

    for _ in range(inbox.TRIES):
        mailroom.answer(sessions, TO_PETRA.recipient, turn=turn)
    with Session(busy) as session:
        columns = (InboxRow.provider_id, InboxRow.failures, InboxRow.processed_at.is_not(None))
        told = session.execute(select(*columns).order_by(InboxRow.id))
        assert [tuple(row) for row in told] == [("1", inbox.TRIES, True), ("2", 0, True)]
    assert len(rows(busy)) == 1
