"""Whom the workshop could not serve yet: those who wait, and the wishes of those who went away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking_core.counter.pages import Page, read_page
from booking_core.tables import RefusedWishRow, UserRow, WaitlistRow
from booking_core.values import WorkshopId

PAGE = 50


@dataclass(frozen=True)
class Wish:
    """`windows` as they were wished for, pairs of ISO moments; `services` are codes."""

    id: int
    services: Sequence[str]
    windows: Sequence[Any]
    reason: str
    refused_at: datetime


@dataclass(frozen=True)
class Waiting:
    """Somebody on the waiting list; `state` is waiting or offered."""

    id: int
    customer: str | None
    phone: str | None
    services: Sequence[str]
    windows: Sequence[Any]
    channel: str
    state: str
    offered_until: datetime | None
    created_at: datetime


def refused_wishes(
    session: Session, workshop: WorkshopId, *, after: int | None = None, limit: int = PAGE
) -> Page[Wish]:
    rows = select(
        RefusedWishRow.id,
        RefusedWishRow.services,
        RefusedWishRow.windows,
        RefusedWishRow.reason,
        RefusedWishRow.refused_at,
    ).where(RefusedWishRow.workshop_id == workshop)
    return read_page(session, rows, RefusedWishRow.id, lambda row: Wish(*row), after=after, limit=limit)


def waiting_list(
    session: Session, workshop: WorkshopId, *, after: int | None = None, limit: int = PAGE
) -> Page[Waiting]:
    rows = (
        select(
            WaitlistRow.id,
            UserRow.name,
            UserRow.phone,
            WaitlistRow.services,
            WaitlistRow.windows,
            WaitlistRow.channel,
            WaitlistRow.state,
            WaitlistRow.offered_until,
            WaitlistRow.created_at,
        )
        .join(UserRow, UserRow.id == WaitlistRow.user_id)
        .where(WaitlistRow.workshop_id == workshop, WaitlistRow.state.in_(("waiting", "offered")))
    )
    return read_page(session, rows, WaitlistRow.id, lambda row: Waiting(*row), after=after, limit=limit)
