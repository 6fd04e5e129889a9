"""A secret proves once, in time, and to the right one, who somebody is."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from booking_core import links
from booking_core.tables import LinkRow, UserRow
from booking_core.values import UserId
from tests.booking_core.builders import NOW, a_customer

LATER = NOW + links.GOOD_FOR


def test_whoever_brings_the_token_in_time_is_its_owner(session: Session) -> None:
    owner, visitor = a_customer(session, "Petra Müller"), a_customer(session)
    token = links.issue_token(session, owner, now=NOW)
    assert links.redeem_token(session, token, visitor, now=LATER - timedelta(seconds=1))
    assert session.get(UserRow, owner) is None


def test_a_token_fits_into_a_link_and_is_not_kept_itself(session: Session) -> None:
    token = links.issue_token(session, a_customer(session), now=NOW)
    assert len(token) <= 64
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    assert session.scalar(select(func.count()).where(LinkRow.secret_hash.contains(token))) == 0


def test_a_token_is_good_once(session: Session) -> None:
    token = links.issue_token(session, a_customer(session), now=NOW)
    assert links.redeem_token(session, token, a_customer(session), now=NOW)
    assert not links.redeem_token(session, token, a_customer(session), now=NOW)


def test_its_owner_may_open_the_link_too(session: Session) -> None:
    owner = a_customer(session)
    token = links.issue_token(session, owner, now=NOW)
    assert links.redeem_token(session, token, owner, now=NOW)
    assert session.get(UserRow, owner) is not None


@pytest.mark.parametrize("token", ["", "x" * 32, "ß\U0001f697"])
def test_a_wrong_token_joins_nobody(session: Session, token: str) -> None:
    owner = a_customer(session)
    links.issue_token(session, owner, now=NOW)
    assert not links.redeem_token(session, token, a_customer(session), now=NOW)
    assert session.get(UserRow, owner) is not None


def test_an_old_token_joins_nobody_and_is_swept_away_by_the_next(session: Session) -> None:
    owner = a_customer(session)
    token = links.issue_token(session, owner, now=NOW)
    assert not links.redeem_token(session, token, a_customer(session), now=LATER)
    links.issue_token(session, owner, now=LATER)
    assert session.scalar(select(func.count()).select_from(LinkRow)) == 1


def test_a_code_is_good_for_its_claimant_alone(session: Session) -> None:
    owner, claimant, stranger = a_customer(session), a_customer(session), a_customer(session)
    code = links.issue_code(session, owner, claimant, now=NOW)
    assert len(code) == 6
    assert not links.redeem_code(session, code, stranger, now=NOW)
    assert not links.redeem_token(session, code, stranger, now=NOW)
    assert links.redeem_code(session, code, claimant, now=NOW)


def test_only_the_newest_code_counts(session: Session) -> None:
    owner, claimant = a_customer(session), a_customer(session)
    first, second = (links.issue_code(session, owner, claimant, now=NOW) for _ in range(2))
    assert first == second or not links.redeem_code(session, first, claimant, now=NOW)
    assert links.redeem_code(session, second, claimant, now=NOW)


def test_of_many_who_bring_one_token_at_once_one_is_joined(database: Engine) -> None:
    with Session(database) as session, session.begin():
        token = links.issue_token(session, a_customer(session), now=NOW)
        visitors = [a_customer(session) for _ in range(4)]
    start = Barrier(len(visitors))

    def bring(visitor: UserId) -> bool:
        with Session(database) as session, session.begin():
            session.connection()
            start.wait()
            return links.redeem_token(session, token, visitor, now=NOW)

    with ThreadPoolExecutor(len(visitors)) as pool:
        assert sorted(pool.map(bring, visitors)) == [False, False, False, True]
