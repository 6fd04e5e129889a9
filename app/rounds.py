"""What a worker does on its rounds, each thing in transactions of its own. Doing it twice does no harm."""

import logging
from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from sqlalchemy.orm import Session

from app import mailroom
from app.clock import THIS_MOMENT, database_now
from app.courier import Sessions
from app.crash_points import CrashPoint
from app.database import in_transaction
from booking_core import keys, reminders, reservations
from booking_core.counter import utilisation
from booking_core.personal import remains, requests
from booking_core.values import WorkshopId
from bot import holding, reminding, retention, waiting
from channels.channel import Channel

log = logging.getLogger(__name__)

MISSED_SINCE = timedelta(hours=2)
"""How far back we ask the providers what they could not tell us; twice the time between two askings."""


ANSWERED = timedelta(days=1)
"""Answers over HTTP hold proofs, so they are not kept for longer than somebody may reasonably ask again."""

TOGETHER = 20
"""Reminders written in one transaction; a customer who writes meanwhile waits for all of them."""


def post_reminders(sessions: Sessions, channels: Mapping[str, Channel]) -> int:
    """Write all that are due and that nobody else is writing; how many.

    A few in each transaction, since each locks somebody's conversation.
    """

    def post(session: Session) -> int | None:
        due, now = reminders.take_due(session, now=THIS_MOMENT, limit=TOGETHER)
        if now is None:
            return None
        posted = reminding.post_all(session, due, channels=channels, now=now)
        CrashPoint.REMINDER_WRITTEN.passed()
        return posted

    total = 0
    while (posted := in_transaction(sessions, post)) is not None:
        total += posted
    return total


def warn_holders(sessions: Sessions, channels: Mapping[str, Channel]) -> None:
    """Tell those whose time is about to be given up."""
    ending = in_transaction(
        sessions,
        lambda session: reservations.ending(session, now=database_now(session), within=holding.WARN_BEFORE),
    )
    for hold in ending:
        in_transaction(
            sessions,
            lambda session, hold=hold: holding.warn(session, hold, now=database_now(session)),  # type: ignore[misc]
        )


def expire_holds(sessions: Sessions, channels: Mapping[str, Channel]) -> int:
    """Tidy up holds that have ended; how many."""

    def sweep(session: Session) -> int:
        swept = reservations.expire_holds(session, now=database_now(session))
        CrashPoint.HOLDS_SWEPT.passed()
        return swept

    return in_transaction(sessions, sweep)


def offer_freed_times(sessions: Sessions, channels: Mapping[str, Channel]) -> None:
    """Offer to those who wait what became free."""
    in_transaction(sessions, lambda session: waiting.offer_all(session, now=database_now(session)))


def plan_reminders(sessions: Sessions, channels: Mapping[str, Channel]) -> int:
    """Plan for appointments that have no reminders; how many were planned."""
    return in_transaction(sessions, lambda session: reminders.plan_missing(session, now=database_now(session)))


def fetch_missed(sessions: Sessions, channels: Mapping[str, Channel]) -> int:
    """Take in what customers wrote while no webhook of ours answered; how many messages."""
    since = in_transaction(sessions, database_now) - MISSED_SINCE
    return sum(len(mailroom.take_in(sessions, list(channel.missed(since)), channels)) for channel in channels.values())


def measure_utilisation(sessions: Sessions, channels: Mapping[str, Channel]) -> int:
    """Write down how full the workshops are; how many figures that makes."""

    def measure(workshop: WorkshopId, session: Session) -> int:
        return utilisation.measure(session, workshop, now=database_now(session))

    return sum(
        in_transaction(sessions, partial(measure, one)) for one in in_transaction(sessions, utilisation.workshops)
    )


def forget(sessions: Sessions, channels: Mapping[str, Channel]) -> None:
    """Forget what nobody needs any more, some rows per transaction: whoever dies in the middle did the first part."""
    for step in retention.STEPS:
        while in_transaction(sessions, partial(_do, step)):
            pass


def forget_answers(sessions: Sessions, channels: Mapping[str, Channel]) -> None:
    """Forget what was answered over HTTP, some rows per transaction too."""

    def drop(session: Session) -> int:
        return keys.forget(session, keys.OVER_HTTP, before=database_now(session) - ANSWERED)

    while in_transaction(sessions, drop):
        pass


def _do(step: retention.Step, session: Session) -> int:
    return step(session, database_now(session))


def finish_erasures(sessions: Sessions, channels: Mapping[str, Channel]) -> None:
    """Have providers delete what they keep of erased customers, and wipe what was said while they were erased."""
    for one in in_transaction(sessions, remains.unfinished):
        left = [(name, id) for name, id in one.messages if name in channels and not channels[name].delete(id)]
        in_transaction(sessions, partial(remains.go_on, remains=one, messages=left))


def warn_of_requests(sessions: Sessions, channels: Mapping[str, Channel]) -> None:
    """Tell whoever reads the log of requests that nobody answered within twenty days; the law gives a month."""
    for request in in_transaction(sessions, lambda session: requests.urgent(session, now=database_now(session))):
        facts = {"kind": request.kind, "due": request.due_at.date().isoformat()}
        log.error("request %d has to be answered", request.id, extra=facts)
