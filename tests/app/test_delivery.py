"""Messages that come often, late and all at once; letters that meet bad days."""

import random
from collections import Counter, defaultdict
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app import courier
from app.database import session_factory
from app.mailroom import Turn
from app.office import Office
from app.providers.server import Mood
from app.providers.telegram import Telegram
from app.providers.twilio import Twilio
from booking_core.tables import InboxRow, OutboxRow
from booking_core.values import WorkshopId
from bot import outbox
from bot.messages import Address, InboundMessage, OutboundMessage
from bot.turn import answer
from channels.breaker import Breaker
from channels.channel import News
from tests.app.eventually import eventually
from tests.app.post_office import Board, pass_time, post, rows
from tests.channels.accounts import our_channels

MESSAGES, PEOPLE = 2_000, 60
LETTERS = 4
"""For each person when providers have bad days."""


def brief(session: Session, message: InboundMessage, *, now: datetime) -> Collection[WorkshopId]:
    """A turn that says no more than that it heard."""
    outbox.post(session, OutboundMessage(message.sender, "ja"), key=f"reply:telegram:{message.id}", now=now)
    return ()


@pytest.mark.parametrize(("turn", "number"), [(brief, MESSAGES), (answer, MESSAGES // 10)])
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

        def go_round(_: int) -> None:
            for each in channels.items():
                courier.drain(session_factory(busy), dict([each]))
                courier.clear_doubts(session_factory(busy), dict([each]))

        with ThreadPoolExecutor(3) as couriers:
            while any(row.state in {"pending", "sending"} or row.check_at for row in rows(busy)):
                list(couriers.map(go_round, range(3)))
                pass_time(busy, 1)  # Not while somebody holds a letter: the lease is for minutes that really pass.

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
