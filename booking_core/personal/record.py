"""What each column of each table holds, and whose a row is: the record that docs/Privacy.md is made of.

Whoever adds a column says here what it is, or a test fails.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import or_

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
from booking_core.personal.whose import (
    Whose,
    about,
    answers_to,
    audited,
    from_or_to,
    of_their_letters,
    their_conversation,
    their_letters,
)
from booking_core.tables import (
    AppointmentNoteRow,
    AppointmentRow,
    AppointmentServiceRow,
    AppointmentSlotRow,
    ChannelIdentityRow,
    ClaimRow,
    ConsentRow,
    InboxRow,
    LinkRow,
    PrivacyRequestRow,
    RefusedWishRow,
    ReminderRow,
    UserRow,
    VehicleRow,
    WaitlistRow,
)


@dataclass(frozen=True)
class Holding:
    """A table: its columns by kind, and which of its rows are a customer's; none are where `whose` is None."""

    columns: Mapping[str, Kind]
    whose: Whose | None = None


def _columns(words: Mapping[Kind, str]) -> Mapping[str, Kind]:
    return {column: kind for kind, columns in words.items() for column in columns.split()}


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
        about(AppointmentServiceRow.appointment_id),
    ),
    "appointment_slots": Holding(
        _columns({REFERENCE: "appointment_id slot_id"}), about(AppointmentSlotRow.appointment_id)
    ),
    "appointment_notes": Holding(
        _columns({REFERENCE: "id appointment_id", STAFF: "actor", NOTE: "text", TRACE: "created_at"}),
        about(AppointmentNoteRow.appointment_id),
    ),
    "reminders": Holding(
        _columns({REFERENCE: "id appointment_id appointment_version", TRACE: "kind due_at state posted_at"}),
        about(ReminderRow.appointment_id),
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
        their_conversation,
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
        from_or_to(InboxRow.channel, InboxRow.sender),
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
        _columns({REFERENCE: "channel provider_id", TRACE: "status error received_at"}), of_their_letters
    ),
    "idempotency_keys": Holding(
        _columns({REFERENCE: "key", VISIT: "answer", SECRET: "request_hash", TRACE: "created_at"}), answers_to
    ),
    "audit_log": Holding(
        _columns(
            {
                REFERENCE: "id entity_type entity_id sequence",
                AUDIT: "action actor timestamp before after prev_hash hash",
            }
        ),
        audited,
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
                "min_notice horizon_days cancel_cutoff max_open_appointments max_holds_per_hour familiar "
                "remind_day_before remind_hours_before remind_ready remind_no_show remind_mondays_on "
                "quiet_from quiet_until created_at"
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
