"""What is to be done every so often. Whoever comes first does it: workers, beats and loops agree by a row."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import rounds
from app.clock import database_now
from app.courier import Sessions
from app.crash_points import CrashPoint
from app.database import in_transaction
from app.telemetry.tracing import tracer
from booking_core import correlation
from booking_core.tables import DutyRow
from channels.channel import Channel

log = logging.getLogger(__name__)

SLACK = 0.9
"""The part of its interval after which a duty may be done again: clocks that ring every minute ring a little early."""

LIVELY = timedelta(minutes=2)
"""A worker that is alive did something within that time."""


@dataclass(frozen=True)
class Duty:
    name: str
    every: timedelta
    do: Callable[[Sessions, Mapping[str, Channel]], object]


DUTIES: Mapping[str, Duty] = {
    duty.name: duty
    for duty in (
        Duty("remind", timedelta(seconds=30), rounds.post_reminders),
        Duty("warn holders", timedelta(seconds=30), rounds.warn_holders),
        Duty("expire holds", timedelta(minutes=1), rounds.expire_holds),
        Duty("offer freed times", timedelta(minutes=1), rounds.offer_freed_times),
        Duty("fetch missed", timedelta(hours=1), rounds.fetch_missed),
        Duty("measure utilisation", timedelta(minutes=15), rounds.measure_utilisation),
        Duty("plan reminders", timedelta(hours=1), rounds.plan_reminders),
        Duty("finish erasures", timedelta(minutes=5), rounds.finish_erasures),
        Duty("forget", timedelta(days=1), rounds.forget),
        Duty("forget answers", timedelta(hours=1), rounds.forget_answers),
        Duty("warn of requests", timedelta(days=1), rounds.warn_of_requests),
    )
}


def perform(duty: Duty, sessions: Sessions, channels: Mapping[str, Channel]) -> bool:
    """Do it, unless somebody just has; whether we did. Who dies in the middle leaves the rest for the next time."""
    if not in_transaction(sessions, lambda session: _claim(session, duty)):
        return False
    CrashPoint.DUTY_CLAIMED.passed()
    began = perf_counter()
    with correlation.following(None), tracer.start_as_current_span("duty", attributes={"duty": duty.name}):
        duty.do(sessions, channels)
        log.info("a duty was done", extra={"duty": duty.name, "seconds": round(perf_counter() - began, 3)})
    return True


def pending(session: Session) -> list[Duty]:
    """The duties nobody has done for their time."""
    now = database_now(session)
    done = {row.name: row.ran_at for row in session.execute(select(DutyRow.name, DutyRow.ran_at))}
    return [duty for duty in DUTIES.values() if _is_due(duty, done.get(duty.name), now)]


def last_sign(session: Session) -> datetime | None:
    """When a worker last did something; None if there never was one."""
    return session.scalar(select(DutyRow.ran_at).order_by(DutyRow.ran_at.desc()).limit(1))


def is_alive(session: Session) -> bool:
    """Whether somebody does the duties."""
    sign = last_sign(session)
    return sign is not None and abs(database_now(session) - sign) < LIVELY


def _is_due(duty: Duty, ran_at: datetime | None, now: datetime) -> bool:
    """Also where the clock was set back, as demonstrations do."""
    return ran_at is None or abs(now - ran_at) >= duty.every * SLACK


def _claim(session: Session, duty: Duty) -> bool:
    """Of two that come at once the second waits for the first, and sees that it is done."""
    now, pause = database_now(session), duty.every * SLACK
    claimed = session.execute(
        insert(DutyRow)
        .values(name=duty.name, ran_at=now)
        .on_conflict_do_update(
            index_elements=[DutyRow.name],
            set_={"ran_at": now},
            where=or_(DutyRow.ran_at <= now - pause, DutyRow.ran_at >= now + pause),
        )
        .returning(DutyRow.name)
    )
    return claimed.one_or_none() is not None
