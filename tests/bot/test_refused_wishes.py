"""Every wish we could not serve is kept with its reason: the demand that calendars never show."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking_core import customers, directory
from booking_core.tables import RefusedWishRow
from bot.commands import FindSlots
from bot.desk import Desk
from tests.booking_core.builders import NOW
from tests.transcript import Stage


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        ("Ölwechsel heute um 10:30 in 50667", "notice"),
        ("Ölwechsel am 14.10.2027 um 10 in 50667", "horizon"),
        ("Ölwechsel am Sonntag um 10 in 50667", "closed"),
        ("Ölwechsel am 25.12. in 50667", "holiday"),
        ("Ölwechsel am 28.12. in 53111", "closure"),
        ("HU am Mittwoch um 10 in 53111", "not_that_day"),
        ("Klimaservice am Dienstag um 10 in 53111", "season"),
        ("Inspektion morgen um 17:15 in 50667", "too_long"),
    ],
)
def test_a_refusal_is_kept_with_its_reason(workshops: Session, wish: str, reason: str) -> None:
    Stage(workshops).say("Petra", wish)
    assert [row.reason for row in workshops.scalars(select(RefusedWishRow))] == [reason]


def test_what_a_workshop_does_not_sell_is_kept_too(workshops: Session) -> None:
    petra = customers.recognise(workshops, "telegram", "petra", now=NOW).customer.id
    [bonn] = directory.workshops_in(workshops, "Bonn")
    Desk(workshops, petra, "telegram", NOW).answer(FindSlots(("wheel-alignment",), (bonn.id,), None))
    assert [row.reason for row in workshops.scalars(select(RefusedWishRow))] == ["not_offered"]


def test_a_time_that_is_taken_is_kept_as_full(workshops: Session) -> None:
    stage = Stage(workshops)
    for words in ("HU am Dienstag um 9 in 53111, Amy Blum, BN-AB 1, amy@example.org", "ja"):
        stage.say("Amy", words)
    stage.say("Bea", "HU am Dienstag um 9 in 53111")
    [kept] = workshops.scalars(select(RefusedWishRow))
    assert (kept.reason, kept.services) == ("full", ["hu-au"])
    assert len(kept.windows) == 1
