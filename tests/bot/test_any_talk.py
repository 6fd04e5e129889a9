"""Whatever anybody writes or taps, on any channel and at any time, the bot answers: on the real calendar.

A few hundred turns here, a hundred thousand with `make soak`.
"""

import os
from contextlib import ExitStack
from datetime import timedelta
from typing import Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot import consents, memory, states
from bot.messages import Address
from bot.step import State
from bot.text import GSM
from tests.bot.vocabulary import OPENINGS, anything
from tests.transcript import Stage

TURNS = int(os.environ.get("TURNS", "240"))
STEPS = 30
WHO = "Kim"


class AnyTalk(RuleBasedStateMachine):
    """One customer who does not know what they want."""

    engine: ClassVar[Engine]
    turns: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        connection = self.stack.enter_context(self.engine.connect())
        self.stack.callback(connection.begin().rollback)
        self.session = self.stack.enter_context(Session(connection, join_transaction_mode="create_savepoint"))
        self.stage = Stage(self.session)
        self.stopped = False

    @initialize(channel=st.sampled_from(["telegram", "sms", "whatsapp"]), openings=st.sampled_from(OPENINGS))
    def begins(self, channel: str, openings: tuple[str, ...]) -> None:
        self.stage.channel = channel
        for words in openings:
            self.says(words)

    @rule(words=anything)
    def says(self, words: str, **tapped: Any) -> None:
        before = self.state
        AnyTalk.turns += 1
        heard = self.stage.say(WHO, words, **tapped)
        self.stopped = not heard.text and not isinstance(before, states.WithPerson)
        assert not self.stopped or self.was_told_to_stop(), f"silence in {before}"
        assert len({choice.id for choice in heard.choices}) == len(heard.choices)
        if self.stage.channel == "sms":
            assert set(heard.numbered) <= GSM

    @precondition(lambda self: self.stage.shown[WHO])
    @rule(data=st.data(), newest=st.booleans())
    def taps(self, data: st.DataObject, newest: bool) -> None:
        shown = self.stage.shown[WHO]
        self.says("", choice=data.draw(st.sampled_from(shown[-6:] if newest else shown)).id)

    @rule(minutes=st.sampled_from([1, 6, 11, 90, 800, 3_000]))
    def waits(self, minutes: int) -> None:
        self.stage.now += timedelta(minutes=minutes)

    @invariant()
    def what_is_stored_can_be_read(self) -> None:
        assert memory.thaw(memory.freeze(self.state)) == self.state

    def teardown(self) -> None:
        try:
            self.leads_out("nochmal von vorn", states.AskingService)
            self.leads_out("ich möchte mit einem Mitarbeiter sprechen", states.WithPerson)
        finally:
            self.stack.close()

    def leads_out(self, words: str, state: type[State]) -> None:
        """From wherever we are, after one message."""
        attempt = self.session.begin_nested()
        if self.was_told_to_stop():
            self.stage.say(WHO, "START")
        self.stage.say(WHO, words)
        assert isinstance(self.state, state), f"{words}: {self.state}"
        attempt.rollback()

    def was_told_to_stop(self) -> bool:
        return consents.withdrawn(self.session, self.address)

    @property
    def address(self) -> Address:
        return Address(self.stage.channel, WHO.lower())

    @property
    def state(self) -> State:
        return memory.state_of(self.session, self.address)


def test_whatever_anybody_says_the_bot_answers(demo: Engine) -> None:
    AnyTalk.engine = demo
    many = settings(
        max_examples=TURNS // 16,  # Seventeen turns each and more; the rest of the steps are pauses.
        stateful_step_count=STEPS,
        database=None,
        derandomize="TURNS" not in os.environ,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(AnyTalk, settings=many)
    assert AnyTalk.turns >= TURNS * 0.9, AnyTalk.turns
