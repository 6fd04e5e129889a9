"""Twenty thousand messages of sense, nonsense and both, and taps in between: each is answered, on a real calendar."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot import consents, memory, states
from bot.messages import Address
from bot.text import GSM
from tests.bot.vocabulary import OPENINGS, WORDS
from tests.faults.test_words import words
from tests.transcript import Stage

MESSAGES, PARTS, TALK = 20_000, 4, 40
WHO = "Kim"


def said(dice: random.Random) -> str:
    """Words a customer might use in an order nobody would, or a phrase with something nasty in it."""
    return " ".join(dice.choices(WORDS, k=dice.randrange(1, 7))) if dice.random() < 0.6 else words(dice)


def may_be_silent(stage: Stage) -> bool:
    """A colleague has the word, or the customer wants to hear no more."""
    address = Address(stage.channel, WHO.lower())
    with_person = isinstance(memory.state_of(stage.session, address), states.WithPerson)
    return with_person or consents.withdrawn(stage.session, address)


def talk(stage: Stage, dice: random.Random) -> None:
    stage.channel = dice.choice(["telegram", "sms", "whatsapp"])
    opening = list(dice.choice(OPENINGS))
    for number in range(TALK):
        shown = stage.shown[WHO]
        if opening:
            heard = stage.say(WHO, opening.pop(0))
        elif shown and dice.random() < 0.3:
            heard = stage.say(WHO, choice=dice.choice(shown[-6:]).id)
        else:
            heard = stage.say(WHO, said(dice))
        assert heard.text or may_be_silent(stage), f"silence at message {number}"
        assert len({choice.id for choice in heard.choices}) == len(heard.choices)
        if stage.channel == "sms":
            assert set(heard.numbered) <= GSM
        stage.now += timedelta(minutes=dice.choice((0, 0, 1, 6, 11, 90)))


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_every_message_is_answered(demo: Engine, part: int) -> None:
    dice = random.Random(part)
    for _ in range(MESSAGES // PARTS // TALK):
        with demo.connect() as connection:
            everything = connection.begin()
            with Session(connection, join_transaction_mode="create_savepoint") as session:
                talk(Stage(session), dice)
            everything.rollback()
