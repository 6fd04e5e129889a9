"""The courier: takes letters from the outbox to their channels, and finds out about those in doubt."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from time import perf_counter

from sqlalchemy.orm import Session

from app.bag import Bag
from app.clock import NOW, THIS_MOMENT, database_now
from app.crash_points import CrashPoint
from app.database import at_once, in_transaction
from app.telemetry import metrics
from app.telemetry.tracing import tracer
from booking_core import correlation
from bot import consents, delivery, leases, rerouting, spending
from bot.leases import Letter
from bot.messages import Address, OutboundMessage
from channels.channel import Absent, Channel, Later, Receipt, Refused, Sent, Unknown

log = logging.getLogger(__name__)

DOUBTS = 8
"""Letters in doubt looked up in one go, within the lease too."""

PATIENCE = timedelta(hours=24)
"""After that a letter that could not be sent has missed its point."""

LONGEST_PAUSE = timedelta(minutes=10)
COPIES = 2
"""How often a letter may go out where nobody can tell whether it did."""

ONCE_AT_MOST = frozenset({"reminder"})
"""Kinds that rather stay away than come twice."""

UNWANTED = Refused("the recipient wants no messages here")
RESTRICTED = Refused("the customer has us leave their data alone")
OVERTAKEN = Refused("the appointment has changed")

Sessions = Callable[[], Session]


class Courier:
    """Carries the letters of some channels, or those to one person there; as many threads as like may drain them.

    The provider is called between two transactions, never inside one. What comes for others meanwhile is taken by
    whoever is told of it.
    """

    def __init__(
        self,
        sessions: Sessions,
        channels: Mapping[str, Channel],
        *,
        recipient: Address | None = None,
        help_wanted: Callable[[], object] = lambda: None,
    ) -> None:
        """`help_wanted` is called where another thread would find something to carry."""
        self._sessions, self._channels, self._recipient = sessions, channels, recipient
        self._bag = Bag(self._claim, help_wanted=help_wanted)

    def drain(self) -> int:
        """Send all that is due; how many letters this thread took."""
        taken = 0
        with self._bag.at_hand():
            while (next_one := self._bag.take()) is not None:
                taken += 1
                self._carry(*next_one)
        return taken

    def _carry(self, letter: Letter, objection: Refused | None) -> None:
        with correlation.following(letter.correlation):
            receipt = objection or _send(self._channels[letter.message.recipient.channel], letter)
            CrashPoint.LETTER_SENT.passed()
            if _settle(self._sessions, letter, receipt, self._channels) or not self._all_well:
                self._bag.look_again()
            CrashPoint.LETTER_SETTLED.passed()

    def _claim(self, limit: int) -> Sequence[tuple[Letter, Refused | None]]:
        claimed = at_once(self._sessions, lambda session: _claim(session, self._channels, self._recipient, limit))
        if claimed:
            CrashPoint.LETTER_TAKEN.passed()
        return claimed

    @property
    def _all_well(self) -> bool:
        return all(channel.breaker.closed for channel in self._channels.values())


def drain(sessions: Sessions, channels: Mapping[str, Channel], *, recipient: Address | None = None) -> int:
    """Send all that is due, or all that is due to one person; how many letters were taken."""
    return Courier(sessions, channels, recipient=recipient).drain()


def _settle(sessions: Sessions, letter: Letter, receipt: Receipt, channels: Mapping[str, Channel]) -> bool:
    """Write down what became of a letter; whether there may be more for the same person."""
    if isinstance(receipt, Sent):
        sent = partial(leases.mark_sent, letter=letter, now=NOW, provider_id=receipt.provider_id)
        return at_once(sessions, sent)
    in_transaction(sessions, lambda session: settle(session, letter, receipt, channels, now=database_now(session)))
    return True


def clear_doubts(sessions: Sessions, channels: Mapping[str, Channel]) -> int:
    """Ask the providers about letters whose sending is in doubt; how many."""

    def begin(session: Session) -> tuple[list[Letter], dict[int, frozenset[str]]]:
        now = database_now(session)
        leases.give_up_leases(session, now=now)
        awake = [name for name, channel in channels.items() if not channel.rest]
        found = leases.doubtful(session, now=now, channels=awake, limit=DOUBTS)
        letters = [replace(one, message=channels[one.message.recipient.channel].linked(one.message)) for one in found]
        return letters, {letter.id: delivery.ids_to(session, letter) for letter in letters}

    letters, others = in_transaction(sessions, begin)
    for letter in letters:
        found = _look_up(channels[letter.message.recipient.channel], letter, others[letter.id])
        CrashPoint.DOUBT_CLEARED.passed()
        in_transaction(sessions, _clearing(letter, found, channels))
    return len(letters)


def _claim(
    session: Session, channels: Mapping[str, Channel], recipient: Address | None, limit: int
) -> Sequence[tuple[Letter, Refused | None]]:
    """Letters to send, and what speaks against it.

    A provider that is to be left alone gets none, and one that was down gets one to show that it is up again.
    """
    awake = [name for name, channel in channels.items() if not channel.rest]
    if not awake:
        return []
    if not all(channels[name].breaker.closed for name in awake):
        limit = 1
    letters = leases.claim(session, now=THIS_MOMENT, limit=limit, recipient=recipient, channels=awake)
    linked = [replace(one, message=channels[one.message.recipient.channel].linked(one.message)) for one in letters]
    too_dear = _too_dear(session, linked, channels)
    return [(letter, _objection(letter) or too_dear.get(letter.id)) for letter in linked]


def _objection(letter: Letter) -> Refused | None:
    """Who forbade us to write is only answered, and what is not true any more is not said."""
    if letter.unwanted or letter.outdated:
        return UNWANTED if letter.unwanted else OVERTAKEN
    return RESTRICTED if letter.restricted else None


def _too_dear(session: Session, letters: Sequence[Letter], channels: Mapping[str, Channel]) -> dict[int, Refused]:
    """Letters that would be more than we want to pay for, by their ids."""
    refused: dict[int, Refused] = {}
    for name in {letter.message.recipient.channel for letter in letters}:
        if allowed := channels[name].allowance:
            theirs = [one for one in letters if one.message.recipient.channel == name and _objection(one) is None]
            refused |= {id: Refused(why) for id, why in spending.too_much(session, theirs, allowed, now=THIS_MOMENT)}
    return refused


def _send(channel: Channel, letter: Letter) -> Receipt:
    if not channel.breaker.admit():
        return Later(channel.breaker.rest, f"{channel.name} is down")
    began = perf_counter()
    try:
        with tracer.start_as_current_span("send", attributes={"channel": channel.name}):
            receipt = channel.send(letter.message)
    except Exception as error:
        log.exception("a channel raised instead of giving a receipt", extra={"channel": channel.name})
        receipt = Unknown(type(error).__name__)
    channel.breaker.note(well=not (isinstance(receipt, Unknown) or (isinstance(receipt, Later) and receipt.down)))
    _report(channel, letter, receipt, perf_counter() - began)
    return receipt


def _report(channel: Channel, letter: Letter, receipt: Receipt, seconds: float) -> None:
    outcome = type(receipt).__name__.lower()
    metrics.SENDS.labels(channel.name, outcome).observe(seconds)
    metrics.BREAKERS.labels(channel.name).set(not channel.breaker.closed)
    facts = {"channel": channel.name, "kind": letter.message.kind, "letter": letter.id, "seconds": round(seconds, 3)}
    log.info("a letter was handed over", extra={"outcome": outcome, **facts})


def _look_up(channel: Channel, letter: Letter, others: frozenset[str]) -> Receipt | Absent:
    try:
        return channel.look_up(letter.message, since=letter.written_at, others=others)
    except Exception as error:
        log.exception("a channel raised instead of telling what it found", extra={"channel": channel.name})
        return Later(LONGEST_PAUSE, type(error).__name__)


def settle(
    session: Session, letter: Letter, receipt: Receipt, channels: Mapping[str, Channel], *, now: datetime
) -> None:
    """Write down what became of a letter."""
    match receipt:
        case Sent(provider_id):
            leases.mark_sent(session, letter, now=now, provider_id=provider_id)
        case Refused(reason):
            leases.mark_refused(session, letter, error=reason)
            go_round(session, letter.key, letter.message, receipt, channels, now=now)
        case Later(_, reason) if now - letter.written_at > PATIENCE:
            leases.mark_refused(session, letter, error=reason)
            go_round(session, letter.key, letter.message, Refused(reason), channels, now=now)
        case Later(after, reason):
            leases.put_back(session, letter, error=reason, again_at=now + max(after, _pause(letter)))
        case Unknown(reason):
            doubt = channels[letter.message.recipient.channel].doubt
            leases.mark_unknown(session, letter, error=reason, check_at=now + doubt)


def _pause(letter: Letter) -> timedelta:
    """Longer with each try, from the second one on."""
    return timedelta() if letter.tries < 2 else min(timedelta(seconds=2**letter.tries), LONGEST_PAUSE)


def go_round(
    session: Session,
    key: str,
    message: OutboundMessage,
    refusal: Refused,
    channels: Mapping[str, Channel],
    *,
    now: datetime,
) -> None:
    """Find another way for a letter that was refused for good: as its template, or by the customer's next channel."""
    if refusal.formal and not message.as_template:
        rerouting.formalise(session, key, message, now=now)
        return
    if refusal.unreachable:
        consents.refused(session, message.recipient, reason=refusal.reason, now=now)
    there = rerouting.reroute(session, key, message, channels=channels, now=now)
    # Not why: a provider's reason may name the customer. It stands in the outbox.
    goes_by = there.channel if there else None
    log.warning("a letter was refused", extra={"channel": message.recipient.channel, "next": goes_by})


def _clearing(letter: Letter, found: Receipt | Absent, channels: Mapping[str, Channel]) -> Callable[[Session], None]:
    def clear(session: Session) -> None:
        now = database_now(session)
        match found:
            case Absent():
                leases.put_back(session, letter, error="it was not sent", again_at=now)
            case Later(after, reason):
                leases.check_later(session, letter, error=reason, check_at=now + after)
            case Unknown(reason) if letter.doubts < COPIES and letter.message.kind not in ONCE_AT_MOST:
                leases.put_back(session, letter, error=reason, again_at=now)
            case Unknown(reason):
                log.error("nobody knows whether a letter was sent", extra={"letter": letter.id})
                leases.check_later(session, letter, error=reason, check_at=None)
            case _:
                settle(session, letter, found, channels, now=now)

    return clear
