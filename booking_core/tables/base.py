"""How a table is written here: names of constraints, types, enums kept as text."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    DateTime,
    Double,
    Integer,
    MetaData,
    Table,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase

from booking_core.values import AppointmentId, ResourceId, ServiceId, SlotId, UserId, VehicleId, WorkshopId


class Base(DeclarativeBase):
    """Names every constraint by one rule, so that migrations and errors can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "%(table_name)s_%(column_0_N_name)s_idx",
            "uq": "%(table_name)s_%(column_0_N_name)s_key",
            "ck": "%(table_name)s_%(constraint_name)s",
            "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
            "pk": "%(table_name)s_pkey",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        int: Integer,
        str: Text,
        float: Double,
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
        list[str]: ARRAY(Text),
        UserId: BigInteger,
        WorkshopId: BigInteger,
        ServiceId: BigInteger,
        ResourceId: BigInteger,
        VehicleId: BigInteger,
        SlotId: BigInteger,
        AppointmentId: BigInteger,
    }


def table_of(row: type[Base]) -> Table:
    """The table of a row class, for statements that are put together once at import.

    A statement put together anew each time costs SQLAlchemy more than it costs PostgreSQL to execute it.
    """
    table = row.__table__
    assert isinstance(table, Table)  # noqa: S101 - Declarative classes could also map joins; ours do not.
    return table


def one_of(column: str, values: type[StrEnum] | tuple[str, ...]) -> CheckConstraint:
    """An enum kept as text, so that adding a value is an ordinary, reversible migration."""
    words = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({words})", name=f"{column}_known")


def a_word(column: str) -> CheckConstraint:
    """The name of a channel. Which there are the code knows, so that a new one needs no migration of seven tables."""
    return CheckConstraint(f"{column} ~ '^[a-z]+$'", name=f"{column}_is_a_word")


ROLES = ("owner", "adviser", "mechanic")
NOW = func.now()
EMPTY_LIST = text("'[]'::jsonb")
EMPTY_OBJECT = text("'{}'::jsonb")
