"""The times on the table: which of them was meant by what was said."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.events import Said
from bot.facts import Offer
from bot.negotiating import A_DAY, day_of, fits, midnight
from bot.understanding.meaning import Grain, Intent, Understanding, When

LAST = -1
_FEW = 3
"""Days that are all shown if there is anything on them."""


def picked_offer(offers: Sequence[Offer], said: Said) -> Offer | None:
    """The offer the customer took: tapped, named by its number or time, or by a yes to the only one."""
    if said.picked is not None:
        return next((offer for offer in offers if offer.token == said.picked), None)
    if said.wants(Intent.DENY) and said.meaning.when and not said.meaning.when.windows and not said.meaning.clock:
        return None  # "Four is bad, rather in the morning" asks what else there is.
    if _is_part_of_day(said.meaning) and len({offer.start.date() for offer in offers}) > 1:
        return None  # "Only in the morning" of times on several days asks for more of them.
    if said.meaning.when is not None or said.meaning.clock is not None:
        meant = [offer for offer in offers if _names(said.meaning, offer.start)]
        meant = meant or [offer for offer in offers if _names_by_weekday(said.meaning, offer.start)]
        return meant[0] if len(meant) == 1 else None
    if (said.wants(Intent.AFFIRM) and len(offers) == 1) or (said.meaning.skipped and offers):
        return offers[0]
    return offers[-1] if said.meaning.number == LAST and offers else None


def _is_part_of_day(said: Understanding) -> bool:
    when = said.when
    return when is not None and bool(when.times) and not (when.windows or when.weekdays or said.clock)


def _names(said: Understanding, moment: datetime) -> bool:
    at_the_time = said.clock is None or said.clock == moment.time()
    return at_the_time and (said.when is None or fits(said.when, moment))


def _names_by_weekday(said: Understanding, moment: datetime) -> bool:
    """ "Montag um 7:30", where the Monday on the table is not the next one."""
    if said.when is None or said.when.loose is not Grain.WEEK or said.clock is None:
        return False
    days = {window.start.isoweekday() for window in said.when.windows if window.start}
    return moment.isoweekday() in days and moment.time() == said.clock


def of_several_weeks(offers: Sequence[Offer], said: Said) -> tuple[datetime, ...]:
    """The days that a weekday alone may mean, if more than one: "Thursday at 11", tomorrow's or next week's?"""
    when, clock = said.meaning.when, said.meaning.clock
    if said.picked or said.meaning.number is not None or when is None or when.loose is not Grain.WEEK:
        return ()
    weekdays = {window.start.isoweekday() for window in when.windows if window.start}
    named = [offer.start for offer in offers if offer.start.isoweekday() in weekdays]
    days = {start.date(): start for start in named if clock in (None, start.time())}
    return tuple(days.values()) if len(days) > len(weekdays) else ()


def day_without(when: When | None, offers: Sequence[Offer]) -> date | None:
    """The first of a few days wished for on which there is nothing: "Tuesday or Thursday", and all are on Thursday."""
    wished = when.windows if when else ()
    if not 1 < len(wished) <= _FEW or any(not (one.start and one.end) or one.end - one.start > A_DAY for one in wished):
        return None
    free = {offer.start.date() for offer in offers}
    days = sorted({one.start.date() for one in wished if one.start} - free)
    return days[0] if days else None


def on_that_day(said: When | None, offers: Sequence[Offer], near: datetime | None) -> When | None:
    """A time of day alone, where times of one day are on the table, is one of that day."""
    if said is None or not said.times or replace(said, times=()) != When():
        return None
    days = {midnight(offer.start) for offer in offers} if near is None else {midnight(near)}
    return replace(said, windows=(day_of(days.pop()),)) if len(days) == 1 else None


def refused(when: When | None, offers: Sequence[Offer]) -> list[datetime]:
    """The times on the table that "not on Wednesday" means, in whatever week they are."""
    weekdays = {window.start.isoweekday() for window in when.without if window.start} if when else set()
    return [offer.start for offer in offers if offer.start.isoweekday() in weekdays]
