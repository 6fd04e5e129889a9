"""An API key opens until its day has come, and no copy of the database tells what it was."""

from datetime import timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.access import api_keys
from app.access.caller import Caller, Role
from booking_core.tables import ApiKeyRow, AuditRow
from tests.booking_core.builders import NOW, a_garage


def a_key(session: Session, **wishes: object) -> tuple[api_keys.ApiKey, str]:
    facts = {"label": "Kasse", "workshop": None, "expires_at": None, "actor": "system", "now": NOW} | wishes
    return api_keys.issue(session, Role.ADVISER, **facts)  # type: ignore[arg-type]


def test_a_key_stands_for_its_role_and_workshop(session: Session) -> None:
    garage = a_garage(session)
    key, secret = a_key(session, workshop=garage.workshop)
    caller = api_keys.caller_with(session, secret, now=NOW)
    assert caller == Caller(Role.ADVISER, garage.workshop, f"key:{key.id}", "Kasse")
    assert secret.startswith(key.prefix)


def test_the_database_holds_no_key(session: Session) -> None:
    _, secret = a_key(session)
    for table in ("api_keys", "audit_log"):
        [*rows] = session.scalars(text(f"SELECT {table}::text FROM {table}"))  # noqa: S608 - our own two names
        assert rows
        assert all(secret.rpartition("_")[2] not in row for row in rows)


def test_an_unknown_key_and_a_changed_one_open_nothing(session: Session) -> None:
    _, secret = a_key(session)
    for forged in ("", "wbk_", secret[:-1], secret + "a", secret.upper()):
        assert api_keys.caller_with(session, forged, now=NOW) is None


def test_a_key_ends_at_its_last_moment(session: Session) -> None:
    _, secret = a_key(session, expires_at=NOW + timedelta(days=1))
    assert api_keys.caller_with(session, secret, now=NOW + timedelta(hours=23))
    assert api_keys.caller_with(session, secret, now=NOW + timedelta(days=1)) is None


def test_a_revoked_key_is_refused_on_its_next_use(session: Session) -> None:
    key, secret = a_key(session)
    assert api_keys.revoke(session, key.prefix, actor="staff:1", now=NOW)
    assert api_keys.revoke(session, key.prefix, actor="staff:1", now=NOW + timedelta(days=1))
    assert api_keys.caller_with(session, secret, now=NOW) is None
    assert [shown.revoked_at for shown in api_keys.list_keys(session, None)] == [NOW], "it was revoked once"
    told = session.scalars(select(AuditRow.action).where(AuditRow.entity_type == "api_key").order_by(AuditRow.id)).all()
    assert told == ["issued", "revoked"]


def test_nobody_sees_or_revokes_the_keys_of_another_workshop(session: Session) -> None:
    ours, theirs = a_garage(session), a_garage(session)
    key, _ = a_key(session, workshop=theirs.workshop)
    assert api_keys.list_keys(session, ours.workshop) == []
    assert not api_keys.revoke(session, key.prefix, workshop=ours.workshop, actor="staff:1", now=NOW)
    assert api_keys.revoke(session, key.prefix, workshop=theirs.workshop, actor="staff:1", now=NOW)


def test_the_day_of_its_last_use_is_known(session: Session) -> None:
    _, secret = a_key(session)
    for later in (timedelta(), timedelta(hours=1), timedelta(days=2)):
        api_keys.caller_with(session, secret, now=NOW + later)
    assert session.scalars(select(ApiKeyRow.last_used_on)).all() == [(NOW + timedelta(days=2)).date()]
