"""The tables, with every rule the database can keep by itself."""

from booking_core.tables.base import Base, table_of
from booking_core.tables.bookings import (
    AppointmentNoteRow,
    AppointmentRow,
    AppointmentServiceRow,
    AppointmentSlotRow,
    IdempotencyKeyRow,
    SlotRow,
)
from booking_core.tables.clock import ClockShiftRow, DutyRow
from booking_core.tables.demand import RefusedWishRow, UtilisationRow, WaitlistRow
from booking_core.tables.messages import (
    ConversationRow,
    DeliveryReportRow,
    InboxRow,
    OutboxRow,
    ReminderRow,
)
from booking_core.tables.people import ChannelIdentityRow, ClaimRow, ConsentRow, LinkRow, UserRow, VehicleRow
from booking_core.tables.privacy import PrivacyRequestRow
from booking_core.tables.staff import (
    ApiKeyRow,
    AuditRow,
    CalendarFeedRow,
    SignInTryRow,
    StaffSessionRow,
    StaffUserRow,
)
from booking_core.tables.workshops import ClosureRow, ResourceRow, ServiceRow, WorkshopRow

__all__ = [
    "ApiKeyRow",
    "AppointmentNoteRow",
    "AppointmentRow",
    "AppointmentServiceRow",
    "AppointmentSlotRow",
    "AuditRow",
    "Base",
    "CalendarFeedRow",
    "ChannelIdentityRow",
    "ClaimRow",
    "ClockShiftRow",
    "ClosureRow",
    "ConsentRow",
    "ConversationRow",
    "DeliveryReportRow",
    "DutyRow",
    "IdempotencyKeyRow",
    "InboxRow",
    "LinkRow",
    "OutboxRow",
    "PrivacyRequestRow",
    "RefusedWishRow",
    "ReminderRow",
    "ResourceRow",
    "ServiceRow",
    "SignInTryRow",
    "SlotRow",
    "StaffSessionRow",
    "StaffUserRow",
    "UserRow",
    "UtilisationRow",
    "VehicleRow",
    "WaitlistRow",
    "WorkshopRow",
    "table_of",
]
