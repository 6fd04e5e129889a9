"""When a reminder is due: so long before the appointment, by the workshop's clock, and never at night."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Kind(StrEnum):
    """What there is to say about an appointment."""

    DAY_BEFORE = "day_before"
    HOURS_BEFORE = "hours_before"
    READY = "ready"
    NO_SHOW = "no_show"

    @property
    def ahead(self) -> bool:
        """Whether it has missed its point once the appointment has begun."""
        return self in {Kind.DAY_BEFORE, Kind.HOURS_BEFORE}


class MondaysOn(StrEnum):
    """When a reminder of a Monday is sent: the day before, or while the workshop is still open."""

    SUNDAY = "sunday"
    FRIDAY = "friday"


@dataclass(frozen=True)
class Rules:
    """What a workshop wants said, and when it wants quiet. `hours_before` None: no second reminder.

    Nothing is said at or after `quiet_from` in the evening and before `quiet_until` in the morning, both local.
    """

    day_before: bool = True
    hours_before: int | None = None
    ready: bool = True
    no_show: bool = True
    quiet_from: time = time(20)
    quiet_until: time = time(8)
    mondays_on: MondaysOn = MondaysOn.SUNDAY

    def quiet(self, moment: datetime, zone: ZoneInfo) -> bool:
        clock = moment.astimezone(zone).time()
        return clock >= self.quiet_from or clock < self.quiet_until


AT_LEAST = timedelta(hours=1)
"""A reminder that the night would push closer to the appointment than this goes out the evening before instead."""

BEFORE_QUIET = timedelta(minutes=15)
"""How long before the quiet hours such a one is due, so that it is through when they begin."""

FOLLOW_UP = timedelta(hours=1)
"""A customer who did not come may still be on the way, or on the phone with us."""


def due_ahead(kind: Kind, start: datetime, *, now: datetime, zone: ZoneInfo, rules: Rules) -> datetime | None:
    """When to remind of an appointment made `now`, in UTC; None if that is not wanted or would have been before."""
    wanted = _wanted(kind, start, zone, rules)
    if wanted is None or wanted <= now:
        return None
    due = _outside_quiet(wanted, zone, rules, latest=start - AT_LEAST)
    return due if due > now else None


def due_after(kind: Kind, *, now: datetime, zone: ZoneInfo, rules: Rules) -> datetime | None:
    """When to tell what happened `now`; None if that is not wanted."""
    if kind is Kind.READY:
        return wake_up(now, zone, rules) if rules.ready else None
    return wake_up(now + FOLLOW_UP, zone, rules) if rules.no_show else None


def wake_up(moment: datetime, zone: ZoneInfo, rules: Rules) -> datetime:
    """The moment itself, or when the night around it ends."""
    if not rules.quiet(moment, zone):
        return moment
    local = moment.astimezone(zone)
    morning = local.date() + timedelta(days=local.time() >= rules.quiet_from)
    return _at(morning, rules.quiet_until, zone)


def _wanted(kind: Kind, start: datetime, zone: ZoneInfo, rules: Rules) -> datetime | None:
    if kind is Kind.DAY_BEFORE and rules.day_before:
        local = start.astimezone(zone)
        over_the_weekend = local.isoweekday() == 1 and rules.mondays_on is MondaysOn.FRIDAY
        return _at(local.date() - timedelta(days=3 if over_the_weekend else 1), local.time(), zone)
    if kind is Kind.HOURS_BEFORE and rules.hours_before is not None:
        return start - timedelta(hours=rules.hours_before)
    return None


def _outside_quiet(wanted: datetime, zone: ZoneInfo, rules: Rules, *, latest: datetime) -> datetime:
    """In the morning if that is early enough, otherwise the evening before."""
    awake = wake_up(wanted, zone, rules)
    if awake == wanted or awake <= latest:
        return awake
    local = wanted.astimezone(zone)
    evening = local.date() - timedelta(days=local.time() < rules.quiet_until)
    return _at(evening, rules.quiet_from, zone) - BEFORE_QUIET


def _at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """A time on a local clock; one that spring skips is an hour later, of two in autumn it is the first."""
    return datetime.combine(day, clock.replace(fold=0), zone).astimezone(UTC)
