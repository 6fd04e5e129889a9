"""The geometry of a visit: its services one after the other, and the quarters they need of each kind of resource."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from booking_core.hours import Week, read_week
from booking_core.seasons import Season, read_season
from booking_core.values import ServiceId

Span = tuple[int, int]
"""From quarter, to quarter, counted from the start of the visit; the end is not included, the start may be negative."""


@dataclass(frozen=True)
class Job:
    """One service as it is done; lengths are quarter hours, rounded up."""

    id: ServiceId
    code: str
    length: int
    before: int
    after: int
    kinds: tuple[str, ...]
    week: Week | None
    season: Season | None


@dataclass(frozen=True)
class Need:
    """What a visit wants of one unit of a kind: to work in these spans, and to have it to itself in those."""

    kind: str
    work: tuple[Span, ...]
    kept: tuple[Span, ...]


@dataclass(frozen=True, eq=False)
class Visit:
    """`jobs` come with the quarter at which each begins. Read once per text, so it may be a key by identity."""

    jobs: tuple[tuple[int, Job], ...]
    needs: tuple[Need, ...]

    @cached_property
    def services(self) -> tuple[ServiceId, ...]:
        return tuple(job.id for _, job in self.jobs)

    @cached_property
    def length(self) -> int:
        return sum(job.length for _, job in self.jobs)

    @cached_property
    def reach(self) -> Span:
        """The first quarter it keeps anything, and the one after the last."""
        kept = [span for need in self.needs for span in need.kept]
        return min(0, *(start for start, _ in kept)), max(self.length, *(end for _, end in kept))


@lru_cache(maxsize=4096)
def read_jobs(text: str) -> Mapping[str, Job]:
    """A workshop's services by code, from the JSON text of their rows. Its own row wins over everybody's."""
    rows = sorted(json.loads(text), key=lambda row: row["workshop_id"] is not None)
    return {row["code"]: _read_job(row) for row in rows}


def _read_job(row: Mapping[str, Any]) -> Job:
    return Job(
        id=row["id"],
        code=row["code"],
        length=_quarters(row["duration_minutes"]),
        before=_quarters(row["buffer_before"]),
        after=_quarters(row["buffer_after"]),
        kinds=tuple(row["kinds"]),
        week=None if row["windows"] is None else read_week(row["windows"]),
        season=None if row["season"] is None else read_season(row["season"]),
    )


def _quarters(minutes: int) -> int:
    return -(-minutes // 15)


@lru_cache(maxsize=4096)
def plan_visit(jobs: tuple[Job, ...]) -> Visit:
    """Put the jobs back to back in this order."""
    begun, start = [], 0
    for job in jobs:
        begun.append((start, job))
        start += job.length
    kinds = dict.fromkeys(kind for job in jobs for kind in job.kinds)
    return Visit(tuple(begun), tuple(_need(kind, begun) for kind in kinds))


def _need(kind: str, jobs: Sequence[tuple[int, Job]]) -> Need:
    mine = [(start, job) for start, job in jobs if kind in job.kinds]
    work = [(start, start + job.length) for start, job in mine]
    kept = [(start - job.before, start + job.length + job.after) for start, job in mine]
    return Need(kind, _joined(work), _joined(kept))


def _joined(spans: list[Span]) -> tuple[Span, ...]:
    """Overlapping and touching spans made one, in order."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
