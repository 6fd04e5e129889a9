"""Where news from the channels is stored, and answered in the order it came in."""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from time import perf_counter
from typing import Protocol

from sqlalchemy.orm import Session

from app.clock import NOW, database_now
from app.courier import Sessions, go_round
from app.crash_points import CrashPoint
from app.database import at_once, in_transaction
from app.telemetry import metrics
from app.telemetry.tracing import tracer
from booking_core import correlation
from booking_core.values import WorkshopId
from bot import consents, delivery, inbox, rerouting, turn, waiting
from bot.inbox import Heard
from bot.messages import Address, InboundMessage
from channels.channel import Channel, Consent, Later, News, Refused, Report

log = logging.getLogger(__name__)


class Turn(Protocol):
    """Answers a message taken from the inbox in the caller's transaction; the workshops where that freed a time."""

    def __call__(self, session: Session, message: InboundMessage, *, now: datetime) -> Collection[WorkshopId]: ...


OVERDUE = timedelta(seconds=5)
"""After that whoever stored a message but did not answer it may be dead."""


def take_in(sessions: Sessions, news: Iterable[News], channels: Mapping[str, Channel]) -> list[InboundMessage]:
    """Store what is new and commit; the messages that were not there before."""
    told = list(news)

    def store(session: Session) -> list[InboundMessage]:
        messages = []
        for one in told:
            match one:
                case InboundMessage() if inbox.store(session, one, now=NOW):
                    messages.append(one)
                case Consent(sender, granted, wording):
                    now = database_now(session)
                    consents.record(session, sender, granted=granted, wording=wording, now=now)
                case Report():
                    _note(session, one, channels)
        return messages

    alone = len(told) == 1 and isinstance(told[0], InboundMessage)
    return (at_once if alone else in_transaction)(sessions, store)


def answer(sessions: Sessions, sender: Address, *, turn: Turn = turn.answer) -> int:
    """Answer all that this person wrote, one message after the other; how many.

    A message that cannot be answered holds up the later ones until it was tried often enough.
    """
    answered, more = 0, True
    with correlation.following(None):
        while more:
            heard, more = _answer_next(sessions, sender, turn)
            answered += heard
    return answered


def _answer_next(sessions: Sessions, sender: Address, turn: Turn) -> tuple[bool, bool]:
    """Whether a message was dealt with, and whether there is another one."""
    tried: list[Heard] = []
    began = perf_counter()

    def take_next(session: Session) -> Collection[WorkshopId]:
        heard = inbox.hear_next(session, sender, now=NOW)
        if heard is None:
            return ()
        tried.append(heard)
        correlation.follow(heard.correlation)
        freed = turn(session, heard.message, now=heard.at)
        CrashPoint.TURN_TAKEN.passed()
        return freed

    try:
        with tracer.start_as_current_span("turn", attributes={"channel": sender.channel}):
            freed = in_transaction(sessions, take_next)
    except Exception as error:
        if not tried:
            raise
        log.exception("a message could not be answered", extra={"channel": sender.channel})
        metrics.TURNS.labels(sender.channel, "failed").observe(perf_counter() - began)
        reason = type(error).__name__
        put_aside = in_transaction(
            sessions,
            lambda session: inbox.failed(session, tried[-1].message, error=reason, now=database_now(session)),
        )
        return put_aside, put_aside
    if tried:
        CrashPoint.TURN_COMMITTED.passed()
        _report(sender, perf_counter() - began)
    tell_waiting(sessions, freed)
    return bool(tried), bool(tried) and tried[-1].more


def _report(sender: Address, seconds: float) -> None:
    metrics.TURNS.labels(sender.channel, "answered").observe(seconds)
    log.info("a message was answered", extra={"channel": sender.channel, "seconds": round(seconds, 4)})


def tell_waiting(
    sessions: Sessions, workshops: Collection[WorkshopId], *, now: Callable[[Session], datetime] = database_now
) -> None:
    """Offer what became free there to those who wait, each workshop on its own; the clock comes by for the rest."""

    def offer(workshop: WorkshopId, session: Session) -> None:
        waiting.offer_freed(session, workshop, now=now(session))

    for workshop in sorted(workshops):
        in_transaction(sessions, partial(offer, workshop))


def overdue(sessions: Sessions) -> list[Address]:
    """Who waits for an answer although nobody may be at it any more."""
    return in_transaction(
        sessions, lambda session: list(inbox.waiting(session, now=database_now(session), since=OVERDUE))
    )


def _note(session: Session, report: Report, channels: Mapping[str, Channel]) -> None:
    """Keep what the provider says of a letter; if it failed after all, try again once or go another way."""
    now = database_now(session)
    news = delivery.note(
        session,
        channel=report.channel,
        provider_id=report.provider_id,
        status=report.status,
        reference=report.reference,
        error=report.failure.reason if report.failure else None,
        now=now,
    )
    found = delivery.letter_with(session, report.channel, report.provider_id) if news and report.failure else None
    if found is None or report.failure is None:
        return
    key, message = found
    match report.failure:
        case Later(after):
            rerouting.repeat(session, key, message, now=now, after=after)
        case Refused():
            go_round(session, key, message, report.failure, channels, now=now)
