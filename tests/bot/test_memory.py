"""A conversation is remembered to the letter, locked while it is answered, and never a reason to crash."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking_core.tables import ConversationRow
from bot import memory, states
from bot.messages import Address, InboundMessage
from bot.step import State, converse
from tests.bot.strategies import answers, utterances
from tests.transcript import Stage


@settings(max_examples=60)
@given(data=st.data())
def test_every_state_thaws_as_it_was_frozen(data: st.DataObject) -> None:
    state: State = states.Idle()
    for _ in range(8):
        state, _ = converse(state, data.draw(utterances(state)), lambda command: data.draw(answers(command)))
        assert memory.thaw(memory.freeze(state)) == state


def test_the_names_under_which_states_are_stored_are_kept() -> None:
    """Renaming one makes conversations lose their thread; it takes a migration."""
    assert set(memory.PAGES) == {
        "AskingCode",
        "AskingName",
        "AskingNewTime",
        "AskingPlace",
        "AskingProof",
        "AskingReason",
        "AskingService",
        "AskingVehicle",
        "AskingWhen",
        "ChoosingNewTime",
        "ChoosingSlot",
        "ChoosingWorkshop",
        "Confirming",
        "ConfirmingCancel",
        "ConfirmingErase",
        "ConfirmingExtension",
        "Idle",
        "Reminded",
        "Showing",
        "WhichToCancel",
        "WhichToExtend",
        "WhichToMove",
        "WithPerson",
    }


@pytest.mark.parametrize(
    "stored",
    [
        {"page": "ChoosingPlanets", "fields": {}},
        {"page": "ChoosingSlot", "fields": {"offers": "many"}},
        {"page": "AskingName"},
        {"colour": "blue"},
    ],
)
def test_a_state_we_cannot_read_starts_afresh_politely(stored: dict[str, Any], workshops: Session) -> None:
    stage = Stage(workshops)
    stage.say("Max", "Ölwechsel in 50667")
    workshops.execute(update(ConversationRow).values(state=stored))
    assert stage.say("Max", "Dienstag").text.startswith("Entschuldigung, ich habe den Faden verloren.")
    assert "Welche passt?" in stage.say("Max", "Ölwechsel in 50667 am Freitag").text


def test_yesterdays_half_finished_booking_is_not_gone_on_with(workshops: Session) -> None:
    stage = Stage(workshops)
    stage.say("Max", "Ölwechsel in 50667")
    stage.now += timedelta(hours=13)
    assert "Wann passt es" not in stage.say("Max", "Hallo").text


def test_a_message_that_comes_twice_is_answered_once(workshops: Session) -> None:
    stage = Stage(workshops)
    stage.say("Max", "Hallo")
    stage.said -= 1
    assert not stage.say("Max", "Hallo").text


def test_what_is_stored_is_clean(workshops: Session) -> None:
    stage = Stage(workshops)
    message = InboundMessage("1", Address("telegram", "x"), "a\x00b\ud83d c\u202e\u200bd")
    assert message.text == "ab cd"
    stage.say("Max", "Ich heiße Max\x00 \ud83d\ude00 \ud83d und brauche einen Ölwechsel")
    stored = workshops.scalar(select(ConversationRow.state))
    assert "\\u0000" not in str(stored)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(max_size=60) | st.text("ja nein 1234567890 morgen:.,?K-AB", max_size=30), max_size=4))
def test_whatever_is_typed_is_answered(texts: list[str], workshops: Session) -> None:
    with workshops.begin_nested() as attempt:
        stage = Stage(workshops)
        stage.say("Max", "Ölwechsel in 50667 am Freitag")
        for text in texts:
            answer = stage.say("Max", text)
            assert answer.text or isinstance(memory.state_of(workshops, answer.recipient), states.WithPerson)
            assert all(len(choice.id.encode()) <= 64 for choice in answer.choices)
        attempt.rollback()


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "x" * 5_000, "Öl " * 2_000, "\x00", "😀" * 500, "\u202eabc", "ﷺ" * 100]
)
def test_bad_input_gets_a_helpful_answer(text: str, workshops: Session) -> None:
    stage = Stage(workshops)
    assert stage.say("Max", text).text
    assert "Welche passt?" in stage.say("Max", "Ölwechsel in 50667 am Freitag").text


def test_a_long_message_is_read_from_its_beginning(workshops: Session) -> None:
    answer = Stage(workshops).say("Max", "Ölwechsel in 50667 am Freitag. " + "Der Wagen macht Geräusche. " * 200)
    assert answer.text.startswith("Das war eine lange Nachricht, ich habe nur den Anfang gelesen.")
    assert "Welche passt?" in answer.text
