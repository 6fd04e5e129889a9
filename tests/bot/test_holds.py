"""How long a chosen time is kept for a customer who changes their mind."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking_core.status import AppointmentStatus
from booking_core.tables import AppointmentRow
from tests.transcript import Stage


def _holds(session: Session) -> int:
    reserved = AppointmentRow.status == AppointmentStatus.RESERVED
    return session.scalar(select(func.count(AppointmentRow.id)).where(reserved)) or 0


def test_it_is_kept_until_another_one_is_chosen_and_let_go_with_the_work_it_was_for(workshops: Session) -> None:
    stage = Stage(workshops)
    stage.say("Ali", "Ölwechsel am Mittwoch um 10 in 50667")
    assert "So lange bleibt Mi, 25.11., 10:00 Uhr" in stage.say("Ali", "lieber Donnerstag nachmittag").text
    assert _holds(workshops) == 1
    stage.say("Ali", "doch Achsvermessung statt Ölwechsel, am Freitag")
    assert _holds(workshops) == 0


def test_what_was_lost_is_not_said_to_be_kept(workshops: Session) -> None:
    stage = Stage(workshops)
    stage.say("Ali", "Achsvermessung am Mittwoch um 10 in 50667, Ali Alt, K-AL 1")
    stage.now = stage.now.replace(hour=11)
    stage.say("Bea", "Achsvermessung am Mittwoch um 10 in 50667, Bea Alt, K-BE 1")
    stage.say("Bea", "ja")
    lost = stage.say("Ali", "ja")
    assert "inzwischen leider vergeben" in lost.text
    assert "So lange bleibt" not in lost.text
