"""The clock that everybody goes by."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from app.clock import database_now, set_clock


def test_it_moves_on_within_a_transaction_and_knows_its_zone(session: Session) -> None:
    earlier, later = database_now(session), database_now(session)
    assert later > earlier
    assert later.astimezone(UTC).utcoffset() == timedelta(0) == later.utcoffset()


def test_a_demonstration_sets_it_and_it_goes_on_from_there(session: Session) -> None:
    for wanted in (datetime(2027, 3, 28, 1, 30, tzinfo=UTC), datetime(2027, 3, 27, tzinfo=UTC)):
        set_clock(session, wanted)
        shown = database_now(session)
        assert wanted < shown < wanted + timedelta(minutes=1)
        assert database_now(session) > shown
