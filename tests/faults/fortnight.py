"""A fortnight of appointments around both nights in which the clocks change, with the real worker and a set clock.

`python -m tests.faults.fortnight 1000` plays it in full; the suite plays a smaller one.
"""

import random
import sys
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Engine, exists, select
from sqlalchemy.orm import Session

from app.database import engine_for
from app.embedded import Postgres, shared, temporary_home
from app.providers.twilio import Twilio
from app.throwaway import template_database, throwaway_database
from booking_core import appointments
from booking_core.tables import OutboxRow, ReminderRow
from tests.app.eventually import eventually
from tests.booking_core.builders import BERLIN, Garage, a_garage
from tests.faults.invariants import violations
from tests.faults.workshop import a_customer_by_sms, a_redis, at_work, book, clock, set_time

EVERY_DAY = {day: [["07:00", "21:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
LOOKS = (3, 8, 10, 12, 14, 16, 18, 20, 23)
"""At which hours somebody looks what has gone out: by day every other one, and twice at night."""

EASTER = {date(2027, 3, 26), date(2027, 3, 29)}
"""Public holidays beside the night of spring; the Sunday itself is none in Berlin."""


@dataclass(frozen=True)
class Plan:
    """Whose appointment is when, and when it becomes known that it is not to be reminded of, or at another time."""

    number: str
    start: datetime | None
    """None for a cancelled one."""


def weeks(around: tuple[date, ...], days: int) -> list[date]:
    return [middle + timedelta(days=offset) for middle in around for offset in range(-(days // 2), days - days // 2)]


def plan(session: Session, garage: Garage, days: list[date], count: int, now: datetime) -> list[Plan]:
    """Book them all, move every fifth and cancel every seventh."""
    dice, open_days = random.Random(7), [day for day in days if day not in EASTER]
    times = [datetime(day.year, day.month, day.day, hour, tzinfo=BERLIN) for day in open_days for hour in range(7, 20)]
    plans = []
    for number in range(count):
        phone, start = f"+49151{number:08}", dice.choice(times)
        user = a_customer_by_sms(session, phone)
        one = book(session, garage, user, start, now)
        if number % 5 == 0:
            start = dice.choice([other for other in times if other != start])
            appointments.move(session, one.id, garage.slot(f"{start:%Y-%m-%d %H:%M}"), user, now=now)
        if number % 7 == 0:
            appointments.cancel(session, one.id, user, now=now)
        plans.append(Plan(phone, None if number % 7 == 0 else start))
    return plans


def play(engine: Engine, twilio: Twilio, redis_url: str, *, count: int, days: int) -> list[Plan]:
    """Let the time pass, look by look, with a worker at it."""
    middle = (date(2027, 3, 28), date(2027, 10, 31))
    now = datetime(2027, 3, 1, 12, tzinfo=BERLIN)
    set_time(engine, now)
    twilio.clock = lambda: clock(engine)
    shown = weeks(middle, days)
    with Session(engine) as session, session.begin():
        garage = a_garage(session, lifts=count, opening_hours=EVERY_DAY, cancel_cutoff=0, horizon_days=400, state="BE")
        plans = plan(session, garage, shown, count, now)
    with at_work(engine, twilio, redis_url):
        for day in sorted({*shown, *(day - timedelta(days=1) for day in shown)}):
            for hour in LOOKS:
                set_time(engine, datetime(day.year, day.month, day.day, hour, 1, tzinfo=BERLIN))
                eventually(lambda: nothing_left(engine), seconds=120)
    return plans


def nothing_left(engine: Engine) -> bool:
    """Whether all that is due now has been said, or waits for the morning."""
    now = clock(engine)
    with Session(engine) as session:
        due = session.scalar(select(exists().where(ReminderRow.state == "planned", ReminderRow.due_at <= now)))
        open_letters = session.scalar(select(exists().where(OutboxRow.state != "sent")))
    return not due and not open_letters


def judge(engine: Engine, twilio: Twilio, plans: list[Plan]) -> list[str]:
    """What went wrong, in words."""
    got = Counter(one.to for one in twilio.messages)
    wrong = [f"{one.number} got {got[one.number]}" for one in plans if got[one.number] != (one.start is not None)]
    for one in plans:
        said = [letter.body for letter in twilio.letters(one.number)]
        if one.start and said and f"{one.start:%d.%m., %H:%M}" not in said[0]:
            wrong.append(f"{one.number} was told {said[0]}")
    with Session(engine) as session:
        return wrong + violations(session)


def main(count: int, days: int) -> None:
    with ExitStack() as stack:
        server = stack.enter_context(shared(Postgres(durable=False), stack.enter_context(temporary_home())))
        template = template_database(server, kind="empty", fill=lambda engine: None)
        engine = stack.enter_context(engine_for(stack.enter_context(throwaway_database(server, template))))
        twilio = stack.enter_context(Twilio(reports=0).running())
        began = time.monotonic()
        plans = play(engine, twilio, stack.enter_context(a_redis()).url, count=count, days=days)
        wrong = judge(engine, twilio, plans)
        due = sum(one.start is not None for one in plans)
        told = f"{count} appointments, {due} reminders due, {len(twilio.messages)} sent, {len(wrong)} wrong"
        sys.stdout.write(f"{told}, {time.monotonic() - began:.0f} s\n")
        sys.exit("\n".join(wrong[:20]) or 0)


if __name__ == "__main__":
    main(int(sys.argv[1]), 7)
