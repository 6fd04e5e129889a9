"""Staff take a conversation over and give it back; the bot says nothing in between."""

from datetime import timedelta

from sqlalchemy.orm import Session

from bot.handover import release, take_over
from bot.messages import Address
from tests.transcript import Stage

MAX = Address("telegram", "max")


def test_a_colleague_silences_the_bot_and_gives_the_conversation_back(workshops: Session) -> None:
    stage = Stage(workshops)
    stage.say("Max", "Ölwechsel in 50667")
    take_over(workshops, MAX, by="staff:1", until=stage.now + timedelta(hours=2), now=stage.now)
    assert not stage.say("Max", "am Freitag um 10").text
    release(workshops, MAX, now=stage.now)
    assert stage.listen("Max").text == "Da bin ich wieder."
    assert "Fr, 27.11., 10:00 Uhr" in stage.say("Max", "am Freitag um 10").text


def test_the_bot_comes_back_by_itself_when_the_time_is_over(workshops: Session) -> None:
    stage = Stage(workshops)
    stage.say("Max", "Ölwechsel in 50667")
    take_over(workshops, MAX, by="staff:1", until=stage.now + timedelta(hours=20), now=stage.now)
    stage.now += timedelta(hours=19)
    assert not stage.say("Max", "am Freitag um 10").text
    stage.now += timedelta(hours=1)
    assert stage.say("Max", "am Freitag um 10").text.startswith("Da bin ich wieder.")


def test_what_nobody_took_over_cannot_be_released(workshops: Session) -> None:
    stage = Stage(workshops)
    stage.say("Max", "Ölwechsel in 50667")
    release(workshops, MAX, now=stage.now)
    assert not stage.listen("Max").text
