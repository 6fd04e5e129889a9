"""Letters keep their order, are claimed once, and a lost one is never sent again blindly."""

from datetime import timedelta

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from booking_core.tables import OutboxRow
from bot import leases, outbox
from bot.messages import Address, Choice, OutboundMessage
from tests.booking_core.builders import NOW

MAX = Address("telegram", "max")
EVA = Address("telegram", "eva")


def post(session: Session, text: str, to: Address = MAX) -> None:
    outbox.post(session, OutboundMessage(to, text, (Choice("a", "A"),)), key=f"{to.id}:{text}", now=NOW)


def claimed(session: Session) -> list[str]:
    return [letter.message.text for letter in leases.claim(session, now=NOW)]


def states(session: Session) -> list[str]:
    return list(session.scalars(select(OutboxRow.state).order_by(OutboxRow.id)))


def test_a_letter_waits_for_the_one_before_it(session: Session) -> None:
    post(session, "one")
    post(session, "two")
    post(session, "hello", EVA)
    first, hello = leases.claim(session, now=NOW)
    assert (first.message.text, hello.message.text) == ("one", "hello")
    assert first.message.choices == (Choice("a", "A"),)
    assert claimed(session) == []
    leases.mark_sent(session, first, now=NOW, provider_id="7")
    assert claimed(session) == ["two"]


def test_a_claim_looks_at_few_letters_though_hundreds_come_after_a_quiet_hour(session: Session) -> None:
    crowd = [Address("telegram", f"{number}") for number in range(200)]
    for who in crowd:
        post(session, "one", who)
    session.execute(text("UPDATE outbox SET state = 'sent'"))
    session.execute(text("ANALYZE outbox"))  # From here on PostgreSQL believes that no letters wait.
    for who in crowd:
        post(session, "two", who)
    before = letters_read(session)
    assert len(leases.claim(session, now=NOW, limit=8)) == 8
    assert letters_read(session) - before < 100


def letters_read(session: Session) -> int:
    counted = "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'outbox'"
    return int(session.execute(text(counted)).scalar_one())


def test_the_same_news_is_posted_once(session: Session) -> None:
    post(session, "one")
    post(session, "one")
    assert states(session) == ["pending"]


def test_what_certainly_was_not_sent_is_tried_again_later(session: Session) -> None:
    post(session, "one")
    [letter] = leases.claim(session, now=NOW)
    leases.put_back(session, letter, error="503", again_at=NOW + timedelta(seconds=30))
    assert claimed(session) == []
    [again] = leases.claim(session, now=NOW + timedelta(seconds=30))
    assert again.token != letter.token


def test_what_the_provider_refuses_does_not_hold_up_the_rest(session: Session) -> None:
    post(session, "one")
    post(session, "two")
    [letter] = leases.claim(session, now=NOW)
    leases.mark_refused(session, letter, error="blocked")
    assert claimed(session) == ["two"]
    assert states(session) == ["refused", "sending"]


def test_nobody_knows_what_became_of_a_dead_couriers_letter(session: Session) -> None:
    post(session, "one")
    [letter] = leases.claim(session, now=NOW)
    assert leases.give_up_leases(session, now=NOW) == 0
    assert leases.give_up_leases(session, now=NOW + leases.LEASE) == 1
    leases.mark_sent(session, letter, now=NOW)  # The dead one wakes up; the letter is no longer his.
    leases.put_back(session, letter, error="503", again_at=NOW)
    assert states(session) == ["unknown"]


def test_an_unclear_answer_is_kept_as_unclear(session: Session) -> None:
    post(session, "one")
    [letter] = leases.claim(session, now=NOW)
    leases.mark_unknown(session, letter, error="timeout")
    assert states(session) == ["unknown"]


def test_two_couriers_never_get_the_same_letter(database: Engine) -> None:
    with Session(database) as session, session.begin():
        post(session, "one")
        post(session, "two")
        post(session, "hello", EVA)
    with Session(database) as one, Session(database) as other, one.begin(), other.begin():
        assert claimed(one) == ["one", "hello"]
        assert claimed(other) == []
