"""The clock of a demonstration."""

from datetime import timedelta

from sqlalchemy import CheckConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from booking_core.tables.base import Base


class ClockShiftRow(Base):
    """How far ahead of the database's clock this system believes itself to be; in production there is no row."""

    __tablename__ = "clock_shift"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, server_default=text("1"))
    shift: Mapped[timedelta]

    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)
