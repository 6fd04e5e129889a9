"""Every way the calendar can say no."""

from typing import ClassVar

from booking_core.witnesses import REFUSAL, tell


class BookingError(Exception):
    """The calendar said no, for a reason a customer may hear."""

    code: ClassVar[str] = "refused"

    def __init__(self, **facts: object) -> None:
        """Keep the facts (ids, times, a reason) that a phrase or a problem document may name."""
        super().__init__(self.__doc__)
        self.facts = facts
        tell(REFUSAL, self.code)


class SlotTaken(BookingError):
    """Someone else reserved this time first."""

    code = "slot_taken"


class NotBookable(BookingError):
    """The workshop cannot do this visit at this time; `reason` says why."""

    code = "not_bookable"


class UnknownService(BookingError):
    """The workshop does not offer this service."""

    code = "unknown_service"


class UnknownWorkshop(BookingError):
    """There is no such workshop."""

    code = "unknown_workshop"


class UnknownAppointment(BookingError):
    """There is no such appointment for this customer."""

    code = "unknown_appointment"


class UnknownVehicle(BookingError):
    """There is no such car of this customer."""

    code = "unknown_vehicle"


class UnknownCustomer(BookingError):
    """There is no such customer of this workshop."""

    code = "unknown_customer"


class Unknown(BookingError):
    """There is no such thing in this workshop."""

    code = "unknown"


class NameTaken(BookingError):
    """Something else in this workshop has this name."""

    code = "name_taken"


class Outdated(BookingError):
    """Somebody else has changed this since it was read."""

    code = "stale"


class WrongStatus(BookingError):
    """The appointment is no longer in a state that allows this."""

    code = "wrong_status"


class TooLate(BookingError):
    """The workshop wants a call for changes this short before the appointment."""

    code = "too_late"


class TooManyAppointments(BookingError):
    """This customer already has as many open appointments as one person may have."""

    code = "too_many_appointments"


class TooManyHolds(BookingError):
    """This customer reserved as many times within an hour as one person may."""

    code = "too_many_holds"


class StillBooked(BookingError):
    """Open appointments need their customer; nothing can be erased before they are over or cancelled."""

    code = "still_booked"


class Stale(BookingError):
    """The appointment was changed since the version that the caller knows."""

    code = "stale"


class KeyReused(BookingError):
    """This idempotency key was used before for a different request."""

    code = "key_reused"
