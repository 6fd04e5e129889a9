"""What each column of each table holds, and whose a row is: the record that docs/Privacy.md is made of.

Whoever adds a column says here what it is, or a test fails.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Text, and_, cast, func, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import ColumnElement as Condition

from booking_core.personal.kinds import (
    AUDIT,
    CAR,
    CONSENT,
    CONTACT,
    DEMAND,
    HEARD,
    HOUSE,
    NOTE,
    REFERENCE,
    REQUEST,
    SAID,
    SECRET,
    STAFF,
    TRACE,
    VISIT,
    Kind,
)
from booking_core.tables import (
    AppointmentNoteRow,
    AppointmentRow,
    AppointmentServiceRow,
    AppointmentSlotRow,
    AuditRow,
    ChannelIdentityRow,
    ClaimRow,
    ConsentRow,
    ConversationRow,
    DeliveryReportRow,
    IdempotencyKeyRow,
    InboxRow,
    LinkRow,
    OutboxRow,
    PrivacyRequestRow,
    RefusedWishRow,
    ReminderRow,
    UserRow,
    VehicleRow,
    WaitlistRow,
)
from booking_core.values import UserId

Whose = Callable[[UserId], Condition[bool]]


@dataclass(frozen=True)
class Holding:
    """A table: its columns by kind, and which of its rows are a customer's; none are where `whose` is None."""

    columns: Mapping[str, Kind]
    whose: Whose | None = None


def _columns(words: Mapping[Kind, str]) -> Mapping[str, Kind]:
    return {column: kind for kind, columns in words.items() for column in columns.split()}


def _about(column: InstrumentedAttribute[Any]) -> Whose:
    """Rows about one of the customer's appointments."""
    return lambda user: column.in_(select(AppointmentRow.id).where(AppointmentRow.user_id == user))


def _from_or_to(*columns: InstrumentedAttribute[str]) -> Whose:
    """Rows with one of the customer's addresses."""
    return lambda user: tuple_(*columns).in_(
        select(ChannelIdentityRow.channel, ChannelIdentityRow.external_id).where(ChannelIdentityRow.user_id == user)
    )


def _their_conversation(user: UserId) -> Condition[bool]:
    return ConversationRow.identity_id.in_(select(ChannelIdentityRow.id).where(ChannelIdentityRow.user_id == user))


def their_letters(user: UserId) -> Condition[bool]:
    """What was written to one of their addresses or about one of their appointments."""
    mailbox = select(UserRow.email).where(UserRow.id == user, UserRow.email_proved_at.is_not(None))
    return or_(
        _from_or_to(OutboxRow.channel, OutboxRow.recipient)(user),
        _about(OutboxRow.appointment_id)(user),
        and_(OutboxRow.channel == "email", OutboxRow.recipient.in_(mailbox)),
    )


def _of_their_letters(user: UserId) -> Condition[bool]:
    letters = select(OutboxRow.channel, OutboxRow.provider_id).where(their_letters(user))
    return tuple_(DeliveryReportRow.channel, DeliveryReportRow.provider_id).in_(letters)


def _answers_to(user: UserId) -> Condition[bool]:
    """Answers are found by the codes of appointments in them."""
    code = func.strpos(cast(IdempotencyKeyRow.answer, Text), AppointmentRow.public_code) > 0
    return select(AppointmentRow.id).where(AppointmentRow.user_id == user, code).exists()


def _audited(user: UserId) -> Condition[bool]:
    return or_(
        and_(AuditRow.entity_type == "customer", AuditRow.entity_id == cast(user, BigInteger)),
        and_(AuditRow.entity_type == "appointment", _about(AuditRow.entity_id)(user)),
    )


RECORD: Mapping[str, Holding] = {
    "users": Holding(
        _columns(
            {
                REFERENCE: "id preferred_workshop_id",
                CONTACT: "email phone name language",
                TRACE: "email_proved_at created_at restricted_at",
                SECRET: "email_proof",
            }
        ),
        lambda user: UserRow.id == user,
    ),
    "channel_identities": Holding(
        _columns({REFERENCE: "id user_id", CONTACT: "channel external_id", TRACE: "verified_at created_at"}),
        lambda user: ChannelIdentityRow.user_id == user,
    ),
    "vehicles": Holding(
        _columns({REFERENCE: "id user_id", CAR: "make model year license_plate", TRACE: "created_at"}),
        lambda user: VehicleRow.user_id == user,
    ),
    "consents": Holding(
        _columns({REFERENCE: "id user_id", CONSENT: "channel purpose granted wording recorded_at"}),
        lambda user: ConsentRow.user_id == user,
    ),
    "links": Holding(
        _columns({REFERENCE: "id user_id claimant_id", SECRET: "secret_hash", TRACE: "expires_at used_at"}),
        lambda user: or_(LinkRow.user_id == user, LinkRow.claimant_id == user),
    ),
    "claims": Holding(_columns({REFERENCE: "id user_id", TRACE: "tried_at"}), lambda user: ClaimRow.user_id == user),
    "privacy_requests": Holding(
        _columns(
            {
                REFERENCE: "id user_id users",
                REQUEST: "kind actor asked_at due_at answered_at kept_until remains",
                SECRET: "secret_hash",
            }
        ),
        lambda user: PrivacyRequestRow.user_id == user,
    ),
    "appointments": Holding(
        _columns(
            {
                REFERENCE: "id user_id workshop_id service_id slot_id vehicle_id",
                VISIT: "public_code status start_time end_time reserved_until channel promised_at",
                NOTE: "cancel_reason",
                SECRET: "proof_hash",
                TRACE: "ical_sequence version created_at updated_at",
            }
        ),
        lambda user: AppointmentRow.user_id == user,
    ),
    "appointment_services": Holding(
        _columns({REFERENCE: "appointment_id service_id", VISIT: "position price"}),
        _about(AppointmentServiceRow.appointment_id),
    ),
    "appointment_slots": Holding(
        _columns({REFERENCE: "appointment_id slot_id"}), _about(AppointmentSlotRow.appointment_id)
    ),
    "appointment_notes": Holding(
        _columns({REFERENCE: "id appointment_id", STAFF: "actor", NOTE: "text", TRACE: "created_at"}),
        _about(AppointmentNoteRow.appointment_id),
    ),
    "reminders": Holding(
        _columns({REFERENCE: "id appointment_id appointment_version", TRACE: "kind due_at state posted_at"}),
        _about(ReminderRow.appointment_id),
    ),
    "waitlist": Holding(
        _columns(
            {
                REFERENCE: "id user_id workshop_id offered_appointment_id",
                DEMAND: "services windows channel state offered_until created_at",
            }
        ),
        lambda user: WaitlistRow.user_id == user,
    ),
    "refused_wishes": Holding(
        _columns({REFERENCE: "id user_id workshop_id", DEMAND: "services windows reason refused_at"}),
        lambda user: RefusedWishRow.user_id == user,
    ),
    "conversations": Holding(
        _columns({REFERENCE: "id identity_id", HEARD: "state", CONTACT: "language", TRACE: "updated_at"}),
        _their_conversation,
    ),
    "inbox": Holding(
        _columns(
            {
                REFERENCE: "id provider_id",
                CONTACT: "channel sender",
                HEARD: "body",
                TRACE: "received_at processed_at failures error correlation",
            }
        ),
        _from_or_to(InboxRow.channel, InboxRow.sender),
    ),
    "outbox": Holding(
        _columns(
            {
                REFERENCE: "id appointment_id appointment_sequence provider_id",
                CONTACT: "channel recipient",
                SAID: "body kind",
                TRACE: "dedupe_key state attempts next_at lease_until error created_at sent_at check_at doubts "
                "delivery correlation",
                SECRET: "lease_token",
            }
        ),
        their_letters,
    ),
    "delivery_reports": Holding(
        _columns({REFERENCE: "channel provider_id", TRACE: "status error received_at"}), _of_their_letters
    ),
    "idempotency_keys": Holding(
        _columns({REFERENCE: "key", VISIT: "answer", SECRET: "request_hash", TRACE: "created_at"}), _answers_to
    ),
    "audit_log": Holding(
        _columns(
            {
                REFERENCE: "id entity_type entity_id sequence",
                AUDIT: "action actor timestamp before after prev_hash hash",
            }
        ),
        _audited,
    ),
    "staff_users": Holding(
        _columns({STAFF: "id workshop_id email name role password_hash totp_secret totp_step disabled_at created_at"})
    ),
    "staff_sessions": Holding(_columns({STAFF: "id staff_id token_hash created_at last_seen_at expires_at ended_at"})),
    "sign_in_tries": Holding(_columns({STAFF: "id email address tried_at"})),
    "calendar_feeds": Holding(_columns({STAFF: "id workshop_id label token_hash created_at revoked_at"})),
    "api_keys": Holding(
        _columns({STAFF: "id workshop_id label prefix key_hash role expires_at revoked_at last_used_on created_at"})
    ),
    "workshops": Holding(
        _columns(
            {
                HOUSE: "id name address plz city phone lat lng opening_hours timezone state catholic_holidays "
                "min_notice horizon_days cancel_cutoff max_open_appointments max_holds_per_hour remind_day_before "
                "remind_hours_before remind_ready remind_no_show remind_mondays_on quiet_from quiet_until created_at"
            }
        )
    ),
    "services": Holding(
        _columns(
            {
                HOUSE: "id workshop_id code name name_en description duration_minutes buffer_before buffer_after price "
                "kinds windows season"
            }
        )
    ),
    "resources": Holding(_columns({HOUSE: "id workshop_id kind name capacity windows"})),
    "closures": Holding(_columns({HOUSE: "id workshop_id resource_id start_time end_time reason"})),
    "slots": Holding(_columns({HOUSE: "id workshop_id resource_id start_time end_time capacity booked_count"})),
    "utilisation": Holding(_columns({HOUSE: "resource_id day workshop_id open_minutes booked_minutes measured_at"})),
    "clock_shift": Holding(_columns({HOUSE: "id shift"})),
    "duties": Holding(_columns({HOUSE: "name ran_at"})),
}
