"""Letters that did not reach the person they were for: what staff must know, and may have to say by other means."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from booking_core.tables import AppointmentRow, ChannelIdentityRow, DeliveryReportRow, OutboxRow, UserRow
from booking_core.values import UserId, WorkshopId
from bot import outbox
from bot.messages import Address
from bot.rerouting import AGAIN, FORMAL


@dataclass(frozen=True)
class Returned:
    """A letter that came back; `instead` is where the same words were sent next, `customer` who they were for.

    Of a letter in `doubt` nobody will ever know whether it arrived.
    """

    id: int
    recipient: Address
    customer: UserId | None
    name: str | None
    kind: str
    text: str
    reason: str
    written_at: datetime
    doubt: bool
    instead: Address | None


def returned(
    session: Session, *, since: datetime, workshop: WorkshopId | None = None, limit: int = 100
) -> Sequence[Returned]:
    """Letters written since then that came back, newest first; for one workshop only those to its own customers."""
    again = aliased(OutboxRow)
    failed = (
        select(DeliveryReportRow.error)
        .where(
            DeliveryReportRow.channel == OutboxRow.channel,
            DeliveryReportRow.provider_id == OutboxRow.provider_id,
            DeliveryReportRow.status == "failed",
        )
        .scalar_subquery()
    )
    lost = and_(OutboxRow.state == "unknown", OutboxRow.check_at.is_(None))
    found = (
        select(OutboxRow, UserRow.id, UserRow.name, failed, again.channel, again.recipient)
        .outerjoin(
            ChannelIdentityRow,
            and_(
                ChannelIdentityRow.channel == OutboxRow.channel, ChannelIdentityRow.external_id == OutboxRow.recipient
            ),
        )
        .outerjoin(UserRow, UserRow.id == ChannelIdentityRow.user_id)
        .outerjoin(
            again, again.dedupe_key.in_([OutboxRow.dedupe_key + sign for sign in (">" + again.channel, AGAIN, FORMAL)])
        )
        .where(OutboxRow.created_at >= since, or_(OutboxRow.state == "refused", OutboxRow.delivery == "failed", lost))
        .order_by(OutboxRow.id.desc())
        .limit(limit)
    )
    if workshop is not None:
        here = select(AppointmentRow.id).where(
            AppointmentRow.user_id == UserRow.id, AppointmentRow.workshop_id == workshop
        )
        found = found.where(here.exists())
    return [_returned(*row) for row in session.execute(found)]


def _returned(
    row: OutboxRow,
    customer: UserId | None,
    name: str | None,
    report: str | None,
    channel: str | None,
    there: str | None,
) -> Returned:
    return Returned(
        id=row.id,
        recipient=Address(row.channel, row.recipient),
        customer=customer,
        name=name,
        kind=row.kind,
        text=outbox.message_of(row).text,
        reason=report or row.error or "",
        written_at=row.created_at,
        doubt=row.state == "unknown",
        instead=Address(channel, there) if channel and there else None,
    )
