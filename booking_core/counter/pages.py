"""Long lists, a page at a time, newest first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import Session

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """`after` is where the next page begins; None when there is none."""

    items: Sequence[T]
    after: int | None


def read_page(
    session: Session,
    rows: Select[*tuple[Any, ...]],
    key: Any,
    made: Callable[[Any], T],
    *,
    after: int | None,
    limit: int,
) -> Page[T]:
    """At most `limit` rows whose `key` (a column of ids, called `id` in the row) is below `after`."""
    if after is not None:
        rows = rows.where(key < after)
    found = session.execute(rows.order_by(key.desc()).limit(limit + 1)).all()
    more = len(found) > limit
    return Page([made(row) for row in found[:limit]], found[limit - 1].id if more else None)
