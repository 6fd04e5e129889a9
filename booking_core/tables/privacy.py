"""What customers asked of us concerning their data, and what was erased: the law gives a month."""

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ForeignKey, Identity, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from booking_core.tables.base import Base, one_of
from booking_core.values import UserId


class PrivacyRequestRow(Base):
    """`users` are all numbers this customer ever had; with them an erasure is done again after a restore.

    `remains` is what of an erasure is still to be done: addresses that were just being written to, and messages that
    providers keep. `secret_hash` opens an export.
    """

    __tablename__ = "privacy_requests"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    user_id: Mapped[UserId] = mapped_column(ForeignKey("users.id"), index=True)
    kind: Mapped[str]
    actor: Mapped[str]
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    kept_until: Mapped[int | None]
    users: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default=text("'{}'"))
    remains: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    secret_hash: Mapped[str | None] = mapped_column(unique=True)

    __table_args__ = (
        Index("privacy_requests_open_idx", "due_at", postgresql_where=text("answered_at IS NULL")),
        Index("privacy_requests_unfinished_idx", "id", postgresql_where=text("remains IS NOT NULL")),
        one_of("kind", ("export", "erasure", "restriction", "correction")),
    )
