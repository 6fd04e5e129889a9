"""How long, how many, how often: what the pages say is what the code has, and no such figure stands there unchecked."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import DefaultClause

from app import duties, mailroom, office, rounds, shift
from app.access import passwords, sessions, throttle
from app.database import POOL_SIZE, RETRIES
from app.http import door
from app.http.rates import Rates
from booking_core import claims, customers, links, offers, reminders, values
from booking_core.personal import requests
from booking_core.tables import WorkshopRow, table_of
from bot import holding, inbox, leases, retention
from channels import breaker, relay, signing, sms
from tests.docs.pages import ROOT

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
RATES = Rates()
LOCK_TIMEOUT = re.findall(r"set lock_timeout = '(\w+)'", (ROOT / "migrations/env.py").read_text(encoding="utf-8"))[0]
EVERY = {duty.name: duty.every for duty in duties.DUTIES.values()}


def _default(column: str) -> str:
    """What a workshop has in this column if nobody sets it."""
    default = table_of(WorkshopRow).c[column].server_default
    assert isinstance(default, DefaultClause)
    return str(default.arg)


FIGURES: dict[str, dict[str, bool]] = {
    "docs/Architecture.md": {
        "rounds every 2 s": office.ROUND == 2,
        "twice a second": shift.ROUND == 0.5,
        "reserved for ten minutes": 10 * MINUTE == values.HOLD_FOR,
        "hourly look for missed messages": HOUR == EVERY["fetch missed"] == office.MISSED_EVERY,
        "after five seconds": 5 * SECOND == mailroom.OVERDUE,
        "again every minute": EVERY["offer freed times"] == MINUTE,
        "of the last twelve hours": 12 * HOUR == reminders.ANSWER_WITHIN,
        "every 30 s": EVERY["remind"] == 30 * SECOND,
        "after two minutes": 2 * MINUTE == leases.LEASE,
        "up to 20 in one transaction": rounds.TOGETHER == 20,
    },
    "docs/dialog.md": {
        "for ten minutes": 10 * MINUTE == values.HOLD_FOR,
        "Three minutes before": 3 * MINUTE == holding.WARN_BEFORE,
        "for half an hour": 30 * MINUTE == offers.OFFER_FOR,
        "five times an hour": (claims.TRIES, claims.PERIOD) == (5, HOUR),
        "Then six digits": links._DIGITS == 6,
    },
    "docs/Security.md": {
        "400 days": 400 * DAY == retention.TRACES,
        "60 messages a minute": (RATES.chat.calls, RATES.chat.seconds) == (60, 60),
        "ten wrong proofs per code in 15 minutes": (RATES.proof.calls, RATES.proof.seconds) == (10, 900),
        "five in a chat in an hour": (claims.TRIES, claims.PERIOD) == (5, HOUR),
        "guests 10 in 10 minutes": (RATES.booking.calls, RATES.booking.seconds) == (10, 600),
        "two segments at most": sms.SEGMENTS == 2,
        "12 or more characters": passwords.SHORTEST == 12,
        "5 tries in 15 minutes": (throttle.TRIES, throttle.WINDOW) == (5, 15 * MINUTE),
        "and 30 in all": throttle.TRIES_OF_ADDRESS == 30,
        "half an hour idle, 12 hours in all": (sessions.IDLE, sessions.LONGEST) == (30 * MINUTE, 12 * HOUR),
        "256 KB, 10 seconds": (door.LARGEST, door.PATIENCE) == (256 * 1024, 10),
        "fails three times": inbox.TRIES == 3,
        "half a year of silence": 180 * DAY == customers.SILENCE,
        "Why 12 times an hour and 3 appointments": (_default("max_holds_per_hour"), _default("max_open_appointments"))
        == ("12", "3"),
    },
    "docs/Channels.md": {
        "five times in a row is left alone for half a minute": (breaker.FAILURES, breaker.PAUSE) == (5, 30 * SECOND),
        "up to 200 characters": relay.LONGEST_SENDER == 200,
        "older than five minutes": 5 * MINUTE == signing.FRESH,
        "again in ten minutes": 10 * MINUTE == relay.WRONG_SECRET,
    },
    "docs/Operations.md": {
        "five failures in a row": breaker.FAILURES == 5,
        "half a minute": 30 * SECOND == breaker.PAUSE,
        "after three tries": inbox.TRIES == 3,
    },
    "docs/Privacy.md": {
        "due after 30 days": 30 * DAY == requests.A_MONTH,
        "for half a year": 180 * DAY == customers.SILENCE,
    },
    "docs/NFR.md": {
        "100 requests a minute": (RATES.default.calls, RATES.default.seconds) == (100, 60),
        "60 messages a minute": (RATES.chat.calls, RATES.chat.seconds) == (60, 60),
    },
    "docs/Deployment.md": {
        "up to 30 connections": POOL_SIZE + 10 == 30,
        "at most two seconds for a lock": LOCK_TIMEOUT == "2s",
    },
    "decisions/ADR-0004-slot-locking.md": {"retried three times": RETRIES == 3},
    "decisions/ADR-0005-notifications.md": {"fails three times": inbox.TRIES == 3},
}

WHOLE = ("docs/Architecture.md", "docs/dialog.md", "docs/Security.md")
"""Pages on which each figure with a unit is checked here."""

OF_OTHERS = {
    "processes × 30 connections",
    "on 8 connections",
    "4,096 characters",
    "32 or more characters",
    "| half an hour |",
    "| 12 hours |",
}
"""Limits of providers, those that a test cited beside them tries, and what was measured."""

_COUNT = r"(?:\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|twelve|half an?)"
_UNIT = r"(?:s|seconds?|minutes?|hours?|days?|months|years?|times|tries|digits|characters|KB|connections)"


def flat(page: str) -> str:
    """All its words in one line, those in drawings too."""
    return re.sub(r"\s+", " ", (ROOT / page).read_text(encoding="utf-8").replace("```", ""))


@pytest.mark.parametrize(("page", "words"), [(page, words) for page, told in FIGURES.items() for words in told])
def test_a_figure_is_the_one_in_the_code(page: str, words: str) -> None:
    assert words in flat(page)
    assert FIGURES[page][words]


@pytest.mark.parametrize("page", WHOLE)
def test_no_figure_is_left_out(page: str) -> None:
    told = re.sub(r"`[^`]*`", "", flat(page))
    for words in (*FIGURES[page], *OF_OTHERS):
        told = told.replace(re.sub(r"`[^`]*`", "", words), "")
    assert re.findall(rf".{{0,30}}\b{_COUNT} {_UNIT}\b", told) == []
