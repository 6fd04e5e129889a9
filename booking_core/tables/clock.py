"""The clock of a demonstration, and what is done by the clock."""

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from booking_core.tables.base import Base


class ClockShiftRow(Base):
    """How far ahead of the database's clock this system believes itself to be; in production there is no row."""

    __tablename__ = "clock_shift"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, server_default=text("1"))
    shift: Mapped[timedelta]

    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)


class DutyRow(Base):
    """When something that is to be done every so often was last begun, by whichever process; also the sign of life."""

    __tablename__ = "duties"

    name: Mapped[str] = mapped_column(primary_key=True)
    ran_at: Mapped[datetime]
