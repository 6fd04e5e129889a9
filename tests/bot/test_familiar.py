"""A workshop may say du; whoever has been heard decides for themselves."""

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from booking_core.tables import WorkshopRow
from tests.transcript import Stage


@pytest.fixture
def stage(workshops: Session) -> Stage:
    workshops.execute(update(WorkshopRow).values(familiar=True))
    return Stage(workshops)


def test_new_customers_are_called_du(stage: Stage) -> None:
    assert "Wann passt es dir?" in stage.say("Mia", "Ölwechsel in 50667").text
    assert "für dich reserviert" in stage.say("Mia", "Freitag um 10").text


def test_who_comes_from_english_is_called_du_too(stage: Stage) -> None:
    assert "oil change" in stage.say("Mia", "I need an oil change in 50667").text.lower()
    assert "dir" in stage.say("Mia", "Können wir auf Deutsch schreiben?").text


def test_who_wants_to_be_called_sie_is_called_so_from_then_on(stage: Stage) -> None:
    assert "Wann passt es Ihnen?" in stage.say("Mia", "bitte siezen Sie mich. Ölwechsel in 50667").text
    assert "für Sie reserviert" in stage.say("Mia", "Freitag um 10").text


def test_who_was_called_sie_before_stays_so(workshops: Session) -> None:
    stage = Stage(workshops)
    stage.say("Mia", "Ölwechsel in 50667")
    workshops.execute(update(WorkshopRow).values(familiar=True))
    assert "für Sie reserviert" in stage.say("Mia", "Freitag um 10").text


def test_all_workshops_must_want_it(stage: Stage) -> None:
    stage.session.execute(update(WorkshopRow).where(WorkshopRow.plz == "50667").values(familiar=False))
    assert "Wann passt es Ihnen?" in stage.say("Mia", "Ölwechsel in 50667").text
