"""Whose a row is: for each table, the condition that its rows are a certain customer's."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import BigInteger, Text, and_, cast, func, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import ColumnElement as Condition

from booking_core.tables import (
    AppointmentRow,
    AuditRow,
    ChannelIdentityRow,
    ConversationRow,
    DeliveryReportRow,
    IdempotencyKeyRow,
    OutboxRow,
    UserRow,
)
from booking_core.values import UserId

Whose = Callable[[UserId], Condition[bool]]


def about(column: InstrumentedAttribute[Any]) -> Whose:
    """Rows about one of the customer's appointments."""
    return lambda user: column.in_(select(AppointmentRow.id).where(AppointmentRow.user_id == user))


def from_or_to(*columns: InstrumentedAttribute[str]) -> Whose:
    """Rows with one of the customer's addresses."""
    return lambda user: tuple_(*columns).in_(
        select(ChannelIdentityRow.channel, ChannelIdentityRow.external_id).where(ChannelIdentityRow.user_id == user)
    )


def their_conversation(user: UserId) -> Condition[bool]:
    return ConversationRow.identity_id.in_(select(ChannelIdentityRow.id).where(ChannelIdentityRow.user_id == user))


def their_letters(user: UserId) -> Condition[bool]:
    """What was written to one of their addresses or about one of their appointments."""
    mailbox = select(UserRow.email).where(UserRow.id == user, UserRow.email_proved_at.is_not(None))
    return or_(
        from_or_to(OutboxRow.channel, OutboxRow.recipient)(user),
        about(OutboxRow.appointment_id)(user),
        and_(OutboxRow.channel == "email", OutboxRow.recipient.in_(mailbox)),
    )


def of_their_letters(user: UserId) -> Condition[bool]:
    letters = select(OutboxRow.channel, OutboxRow.provider_id).where(their_letters(user))
    return tuple_(DeliveryReportRow.channel, DeliveryReportRow.provider_id).in_(letters)


def answers_to(user: UserId) -> Condition[bool]:
    """Answers are found by the codes of appointments in them."""
    code = func.strpos(cast(IdempotencyKeyRow.answer, Text), AppointmentRow.public_code) > 0
    return select(AppointmentRow.id).where(AppointmentRow.user_id == user, code).exists()


def audited(user: UserId) -> Condition[bool]:
    return or_(
        and_(AuditRow.entity_type == "customer", AuditRow.entity_id == cast(user, BigInteger)),
        and_(AuditRow.entity_type == "appointment", about(AuditRow.entity_id)(user)),
    )
