"""A workshop sells work that no catalogue knows, and customers ask for it in its own words."""

from weakref import WeakKeyDictionary

import pytest
from sqlalchemy.orm import Session

from booking_core.counter import house
from booking_core.values import WorkshopId
from bot.jargon import FRESH
from tests.transcript import Stage

DOM = WorkshopId(1)
FACTS = {
    "name": "Getriebe-Spülung (Automatik)",
    "name_en": "Gearbox flush",
    "description": "",
    "duration_minutes": 60,
    "buffer_before": 0,
    "buffer_after": 0,
    "price": 24900,
    "kinds": ["lift"],
    "windows": None,
    "season": None,
}


@pytest.fixture
def stage(workshops: Session, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """In a process that has just begun and knows nothing yet."""
    monkeypatch.setattr("bot.jargon._read", WeakKeyDictionary())
    return Stage(workshops)


def sell(stage: Stage, code: str, **facts: object) -> None:
    house.put_offer(stage.session, DOM, code, FACTS | facts, actor="staff:1", now=stage.now)


def test_work_of_a_workshops_own_is_booked_by_chat(stage: Stage) -> None:
    sell(stage, "gearbox-flush")
    assert "reserviert" in stage.say("Mia", "Brauche eine Getriebespülung in 50667, Mittwoch um 10").text
    read_back = stage.say("Mia", "Mia Muster, K-AB 123, mia@example.de").text
    assert read_back.startswith("Getriebe-Spülung (Automatik) am Mi, 25.11., 10:00 Uhr bei Autowerkstatt am Dom")
    assert "Preis ab 249,00" in read_back
    assert "Gebucht!" in stage.say("Mia", "ja").text


def test_it_is_understood_in_english_and_mistyped(stage: Stage) -> None:
    sell(stage, "gearbox-flush")
    assert "Gearbox flush" in stage.say("Jo", "Could I get a gearbx flush in 50667 on Wednesday?").text


def test_an_own_name_for_what_everybody_sells_is_that(stage: Stage) -> None:
    sell(stage, "oil-change", name="Schmierdienst Premium", name_en="Premium lube")
    assert "Schmierdienst Premium" in stage.say("Mia", "Schmierdienst Premium in 50667").text


def test_whatever_is_added_is_known_a_minute_later(stage: Stage) -> None:
    assert "Spülung" not in stage.say("Mia", "Getriebespülung in 50667").text
    sell(stage, "gearbox-flush")
    assert "Spülung" not in stage.say("Mia", "Getriebespülung in 50667").text
    stage.now += FRESH
    assert "Spülung" in stage.say("Mia", "Getriebespülung in 50667").text


@pytest.mark.parametrize("name", ["***", "ja | nein", "<service>", "ß", "🔧", "x" * 200, "Ölwechsel"])
def test_no_name_makes_the_bot_deaf(stage: Stage, name: str) -> None:
    sell(stage, "odd", name=name, name_en=name)
    assert "Wann passt es Ihnen?" in stage.say("Mia", "Ölwechsel in 50667").text
