"""Whoever guesses is stopped, and whoever knows is not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from app.access import passwords, second_factor, sessions, throttle
from app.access.errors import CodeWanted, EmailTaken, TooManyTries, WeakPassword, WrongCredentials
from app.access.signing_in import Attempt, sign_in
from app.clock import real_now
from app.database import in_transaction, session_factory
from app.http.transactions import Transactions
from booking_core.tables import SignInTryRow, StaffUserRow
from tests.app.access.people import PASSWORD, a_colleague
from tests.booking_core.builders import NOW

Sessions = sessionmaker[Session]


@pytest.fixture
def house(database: Engine) -> Sessions:
    """A house in which Anna works."""
    open_session = session_factory(database)
    in_transaction(open_session, a_colleague)
    return open_session


def tries(
    house: Sessions, password: str = PASSWORD, email: str = "anna@example.de", address: str = "a", code: str = ""
) -> str:
    return sign_in(Transactions(house), Attempt(email, password, code, address))


def test_the_right_password_begins_a_session(house: Sessions) -> None:
    token = tries(house, email=" Anna@Example.DE ")
    with house() as session:
        found = sessions.signed_in(session, token, now=real_now(session))
    assert found is not None
    assert found.caller.name == "Anna"


def test_a_wrong_password_and_an_unknown_account_are_told_alike(house: Sessions) -> None:
    for email in ("anna@example.de", "otto@example.de"):
        with pytest.raises(WrongCredentials):
            tries(house, "falsch", email)


def test_a_closed_account_is_as_unknown(house: Sessions) -> None:
    with house.begin() as session:
        session.scalars(select(StaffUserRow)).one().disabled_at = NOW
    with pytest.raises(WrongCredentials):
        tries(house)


def test_the_sixth_try_is_refused_even_with_the_right_password(house: Sessions) -> None:
    for _ in range(throttle.TRIES):
        with pytest.raises(WrongCredentials):
            tries(house, "falsch")
    with pytest.raises(TooManyTries) as refused:
        tries(house)
    assert 0 < refused.value.retry_after <= throttle.WINDOW.total_seconds()
    assert tries(house, address="b"), "who guesses elsewhere locks nobody out"


def test_the_right_password_clears_the_count(house: Sessions) -> None:
    for _ in range(throttle.TRIES + 1):
        tries(house)
    with house() as session:
        assert session.scalars(select(SignInTryRow.id)).all() == []


def test_one_address_cannot_try_many_accounts(session: Session) -> None:
    for number in range(throttle.TRIES_OF_ADDRESS):
        throttle.count(session, f"{number}@example.de", "a", now=NOW)
    with pytest.raises(TooManyTries):
        throttle.count(session, "another@example.de", "a", now=NOW)
    throttle.count(session, "another@example.de", "a", now=NOW + throttle.WINDOW)


def test_tries_at_the_same_time_are_counted_one_by_one(house: Sessions) -> None:
    def count(_: int) -> bool:
        try:
            in_transaction(house, lambda session: throttle.count(session, "anna@example.de", "a", now=NOW))
        except TooManyTries:
            return False
        return True

    with ThreadPoolExecutor(12) as pool:
        assert sum(pool.map(count, range(24))) == throttle.TRIES


def test_a_code_is_wanted_where_one_was_set_up_and_accepted_once(house: Sessions) -> None:
    secret = second_factor.new_secret()
    with house.begin() as session:
        anna, now = session.scalars(select(StaffUserRow.id)).one(), real_now(session)
        code = pyotp.TOTP(secret).at(now - timedelta(seconds=30))
        second_factor.enable(session, anna, secret, code, now=now)
    with pytest.raises(CodeWanted):
        tries(house)
    with pytest.raises(WrongCredentials):
        tries(house, "falsch", code=pyotp.TOTP(secret).at(now))
    with pytest.raises(WrongCredentials):
        tries(house, code=code)
    code = pyotp.TOTP(secret).at(now + timedelta(seconds=30))
    assert tries(house, code=code)
    with pytest.raises(WrongCredentials):
        tries(house, code=code)


def test_codes_go_forward_only(session: Session) -> None:
    anna, secret = a_colleague(session).id, second_factor.new_secret()
    codes = pyotp.TOTP(secret)
    second_factor.enable(session, anna, secret, codes.at(NOW), now=NOW)
    late = NOW + timedelta(seconds=60)
    for wrong in (codes.at(NOW), "", "000000", codes.at(NOW + timedelta(minutes=5))):
        with pytest.raises(WrongCredentials):
            second_factor.accept(session, anna, wrong, now=late)
    second_factor.accept(session, anna, codes.at(late + timedelta(seconds=30)), now=late)
    with pytest.raises(WrongCredentials):
        second_factor.accept(session, anna, codes.at(late), now=late)


def test_codes_can_be_given_up_with_a_last_one(session: Session) -> None:
    anna, secret = a_colleague(session).id, second_factor.new_secret()
    second_factor.enable(session, anna, secret, pyotp.TOTP(secret).at(NOW), now=NOW)
    later = NOW + timedelta(minutes=2)
    with pytest.raises(WrongCredentials):
        second_factor.disable(session, anna, "123", now=later)
    second_factor.disable(session, anna, pyotp.TOTP(secret).at(later), now=later)
    second_factor.accept(session, anna, "", now=later)
    assert "anna%40example.de" in second_factor.link(secret, "anna@example.de")


def test_a_password_is_long_and_not_the_address() -> None:
    for weak in ("", "short", "anna-und-die-anderen"):
        with pytest.raises(WeakPassword):
            passwords.accepted(weak, "anna@example.de")
    assert passwords.accepted("ein-langes-kennwort", "a@example.de"), "any password may have such a letter"
    password = passwords.new_password()
    kept = passwords.accepted(password, "anna@example.de")
    assert kept.startswith("$argon2id$")
    assert passwords.fits(password, kept)
    assert not passwords.fits(password, None)


@pytest.mark.parametrize("known", ["passwort1234", "letmeinletmein", "qwertzuiop123", "123456789012", "administrator"])
def test_a_password_that_many_have_is_none(known: str) -> None:
    with pytest.raises(WeakPassword):
        passwords.accepted(known, "anna@example.de")


def test_an_address_has_one_account(session: Session) -> None:
    a_colleague(session)
    with pytest.raises(EmailTaken):
        a_colleague(session, email="Anna@example.de")
