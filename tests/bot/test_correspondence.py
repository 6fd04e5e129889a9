"""Staff read along, see who has the word, and answer."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking_core import customers
from booking_core.errors import Unknown
from booking_core.tables import UserRow, WorkshopRow
from booking_core.values import WorkshopId
from bot.correspondence import Conversation, Keeper, address_of, conversations, transcript
from bot.handover import answer, release, take_over
from bot.messages import Address
from tests.transcript import Stage

MAX = Address("telegram", "max")
SOON = timedelta(hours=2)


def dom(session: Session) -> WorkshopId:
    return session.scalars(select(WorkshopRow.id).order_by(WorkshopRow.id)).all()[0]


def seen(stage: Stage, keeper: Keeper | None = None) -> list[Conversation]:
    session = stage.session
    return list(conversations(session, dom(session), now=stage.now, keeper=keeper).items)


def test_a_conversation_is_the_bots_until_somebody_is_asked_for_and_somebodys_once_they_answer(
    workshops: Session,
) -> None:
    stage = Stage(workshops)
    stage.say("Max", "Ölwechsel in 50667")
    assert [one.keeper for one in seen(stage, Keeper.BOT)] == [Keeper.BOT]
    stage.say("Max", "ich möchte mit einem Menschen sprechen")
    [asked] = seen(stage, Keeper.NOBODY)
    assert (asked.who, asked.last_words) == (MAX, "ich möchte mit einem Menschen sprechen")
    answer(workshops, MAX, "Hier ist Anna.", by="staff:1", until=stage.now + SOON, now=stage.now)
    assert stage.listen("Max").text == "Hier ist Anna."
    [taken] = seen(stage, Keeper.STAFF)
    assert (taken.by, taken.until) == ("staff:1", stage.now + SOON)
    release(workshops, MAX, now=stage.now)
    assert [one.keeper for one in seen(stage)] == [Keeper.BOT]


def test_what_was_taken_over_is_the_bots_again_when_the_time_is_over(workshops: Session) -> None:
    stage = Stage(workshops)
    stage.say("Max", "Moin")
    take_over(workshops, MAX, by="staff:1", until=stage.now + SOON, now=stage.now)
    stage.now += SOON
    assert seen(stage, Keeper.STAFF) == []
    assert [(one.keeper, one.by) for one in seen(stage)] == [(Keeper.BOT, None)]


def test_a_transcript_has_every_word_of_every_side(workshops: Session) -> None:
    stage = Stage(workshops)
    stage.say("Max", "Ölwechsel in 50667")
    stage.now += timedelta(minutes=1)
    answer(workshops, MAX, "Hier ist Anna.", by="staff:1", until=stage.now + SOON, now=stage.now)
    stage.now += timedelta(minutes=1)
    stage.say("Max", "Oh, guten Tag")
    lines = transcript(workshops, MAX)
    assert [line.by for line in lines] == ["customer", "bot", "staff:1", "customer"]
    assert lines[1].choices
    assert (lines[2].text, lines[2].state) == ("Hier ist Anna.", "sent")
    assert [line.text for line in transcript(workshops, MAX, before=lines[3].at, limit=1)] == ["Hier ist Anna."]


def test_a_button_is_told_by_its_words(workshops: Session) -> None:
    stage = Stage(workshops)
    stage.say("Max", "Ölwechsel in 50667")
    stage.now += timedelta(minutes=1)
    stage.tap("Max", "Andere Zeiten")
    assert [line.text for line in transcript(workshops, MAX) if line.by == "customer"][-1] == "Andere Zeiten"


def test_the_last_to_write_comes_first_page_by_page(workshops: Session) -> None:
    stage = Stage(workshops)
    for name in ("Max", "Petra", "Max", "Paul"):
        stage.say(name, "Moin")
    first = conversations(workshops, dom(workshops), now=stage.now, limit=2)
    second = conversations(workshops, dom(workshops), now=stage.now, after=first.after, limit=2)
    assert [one.who.id for one in (*first.items, *second.items)] == ["paul", "max", "petra"]


def test_the_customers_of_another_workshop_are_nobodys_business_here(workshops: Session) -> None:
    stage = Stage(workshops)
    stage.say("Max", "Moin")
    [here] = seen(stage)
    assert address_of(workshops, dom(workshops), here.id) == MAX, "of no workshop yet, so anybody may help"
    elsewhere = workshops.scalars(select(WorkshopRow.id).order_by(WorkshopRow.id.desc())).all()[0]
    customers.prefer(workshops, workshops.scalars(select(UserRow.id)).one(), elsewhere)
    assert seen(stage) == []
    for conversation in (here.id, here.id + 1000):
        with pytest.raises(Unknown):
            address_of(workshops, dom(workshops), conversation)
