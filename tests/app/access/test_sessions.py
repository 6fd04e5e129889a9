"""A session is over when nobody uses it, when the day is over, and when somebody says so."""

from datetime import timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.access import accounts, sessions
from app.access.sessions import IDLE, LONGEST
from booking_core.tables import StaffSessionRow
from tests.app.access.people import a_colleague
from tests.booking_core.builders import NOW

MINUTE = timedelta(minutes=1)


def test_a_session_stands_for_its_account(session: Session) -> None:
    anna = a_colleague(session)
    token = sessions.begin(session, anna.id, now=NOW)
    found = sessions.signed_in(session, token, now=NOW)
    assert found is not None
    assert (found.caller.actor, found.caller.role, found.email) == (f"staff:{anna.id}", anna.role, anna.email)
    assert sessions.signed_in(session, token + "x", now=NOW) is None


def test_the_database_holds_no_cookie(session: Session) -> None:
    token = sessions.begin(session, a_colleague(session).id, now=NOW)
    [row] = session.scalars(text("SELECT staff_sessions::text FROM staff_sessions"))
    assert token not in row


def test_it_is_over_when_nobody_uses_it(session: Session) -> None:
    token = sessions.begin(session, a_colleague(session).id, now=NOW)
    assert sessions.signed_in(session, token, now=NOW + IDLE - MINUTE)
    assert sessions.signed_in(session, token, now=NOW + 2 * IDLE - 2 * MINUTE), "its use was noted"
    assert sessions.signed_in(session, token, now=NOW + 3 * IDLE) is None


def test_it_is_over_after_a_day_however_busy(session: Session) -> None:
    token = sessions.begin(session, a_colleague(session).id, now=NOW)
    moment = NOW
    while moment < NOW + LONGEST:
        assert sessions.signed_in(session, token, now=moment)
        moment += IDLE / 2
    assert sessions.signed_in(session, token, now=moment) is None


def test_signing_out_ends_it_on_the_server(session: Session) -> None:
    anna = a_colleague(session)
    here, there = (sessions.begin(session, anna.id, now=NOW) for _ in range(2))
    sessions.end(session, here, now=NOW)
    assert sessions.signed_in(session, here, now=NOW) is None
    assert sessions.signed_in(session, there, now=NOW)


def test_a_closed_account_is_out_at_once(session: Session) -> None:
    anna = a_colleague(session)
    token = sessions.begin(session, anna.id, now=NOW)
    assert accounts.disable(session, anna.id, workshop=None, actor="staff:1", now=NOW)
    assert accounts.disable(session, anna.id, workshop=None, actor="staff:1", now=NOW)
    assert sessions.signed_in(session, token, now=NOW) is None
    assert [account.disabled_at for account in accounts.list_accounts(session, None)] == [NOW]


def test_a_session_begun_before_the_account_was_closed_does_not_survive_it_even_when_nobody_ended_it(
    session: Session,
) -> None:
    anna = a_colleague(session)
    accounts.disable(session, anna.id, workshop=None, actor="staff:1", now=NOW)
    token = sessions.begin(session, anna.id, now=NOW)
    assert sessions.signed_in(session, token, now=NOW) is None


def test_a_new_password_signs_out_everywhere(session: Session) -> None:
    anna = a_colleague(session)
    token = sessions.begin(session, anna.id, now=NOW)
    accounts.change_password(session, anna.id, "another hash", actor="staff:1", now=NOW)
    assert sessions.signed_in(session, token, now=NOW) is None


def test_what_is_long_over_is_swept_away(session: Session) -> None:
    anna = a_colleague(session)
    for _ in range(2):
        sessions.begin(session, anna.id, now=NOW)
    sessions.begin(session, anna.id, now=NOW + LONGEST)
    assert len(session.scalars(select(StaffSessionRow.id)).all()) == 1
