"""Buttons that were shown to somebody else, or to nobody."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking_core.tables import AppointmentRow
from tests.transcript import Stage

MADE_UP = ("yes", "ja", "cancel", "cancel:1", "1", "slot:1", "x" * 64, "../../etc", "'; --", "\x00", "🚗")


def test_a_button_that_was_not_shown_to_whoever_presses_it_changes_nothing(workshops: Session) -> None:
    stage = Stage(workshops)
    for words in ("Ölwechsel am Freitag um 9 in 50667, Petra Lot, K-PL 1", "ja", "Termin absagen"):
        stage.say("Petra", words)
    seen = select(AppointmentRow.id, AppointmentRow.status, AppointmentRow.version, AppointmentRow.user_id)
    before = workshops.execute(seen).all()
    assert [row.status for row in before] == ["confirmed"]
    for choice in (*(one.id for one in stage.shown["Petra"]), *MADE_UP):
        assert stage.say("Max", choice=choice).text, choice
        assert workshops.execute(seen).all() == before, choice
