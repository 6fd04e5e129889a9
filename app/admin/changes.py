"""What becomes of an appointment: moved, cancelled, worked on or missed; and what staff note down about it."""

from datetime import datetime
from enum import StrEnum

from fastapi import APIRouter, Response
from pydantic import Field
from sqlalchemy.orm import Session

from app.admin.counter import AtCounter
from app.admin.refusals import AT_THE_COUNTER, BOOKINGS, CHANGES, refusals
from app.admin.shown import AppointmentShown, answered
from app.admin.types import Id, LongWords, Moment, Sent, Words
from app.admin.versions import IfVersion
from app.admin.writing import ONCE, Once
from booking_core.counter import bookings, notes
from booking_core.counter.notes import Note
from booking_core.register import Appointment
from booking_core.status import AppointmentStatus
from booking_core.values import AppointmentId
from bot import notices
from bot.messages import Happening

router = APIRouter(tags=["appointments"], responses=refusals(*AT_THE_COUNTER, *BOOKINGS, *CHANGES))


class Step(StrEnum):
    """The car is here, the work is done, nobody came."""

    CHECK_IN = "check-in"
    CHECK_OUT = "check-out"
    NO_SHOW = "no-show"

    @property
    def status(self) -> AppointmentStatus:
        return {
            Step.CHECK_IN: AppointmentStatus.IN_PROGRESS,
            Step.CHECK_OUT: AppointmentStatus.COMPLETED,
            Step.NO_SHOW: AppointmentStatus.NO_SHOW,
        }[self]


class Moving(Sent):
    start: Moment = Field(examples=["2026-11-24T14:00:00+01:00"])


class Cancelling(Sent):
    reason: Words | None = Field(None, examples=["Hebebühne defekt"])


class NewNote(Sent):
    text: LongWords = Field(examples=["Schlüssel liegt im Nachtkasten"])


@router.patch("/appointments/{appointment_id}")
def move_appointment(
    at: AtCounter, appointment_id: Id, moving: Moving, version: IfVersion, response: Response
) -> AppointmentShown:
    """Move it within the workshop; the customer is told in the chat and by e-mail."""
    identity = AppointmentId(appointment_id)

    def move(session: Session, now: datetime) -> Appointment:
        moved = bookings.move(session, at.workshop, identity, moving.start, version=version, actor=at.actor, now=now)
        if moved.version != version:
            notices.tell(session, moved, Happening.MOVED, now=now)
        return moved

    return answered(at, response, move)


@router.post("/appointments/{appointment_id}/cancellation")
def cancel_appointment(
    at: AtCounter, appointment_id: Id, cancelling: Cancelling, version: IfVersion, response: Response
) -> AppointmentShown:
    """Cancel it; its time is free at once, and the customer is told in the chat and by e-mail."""
    identity = AppointmentId(appointment_id)

    def cancel(session: Session, now: datetime) -> Appointment:
        gone = bookings.cancel(
            session, at.workshop, identity, reason=cancelling.reason, version=version, actor=at.actor, now=now
        )
        notices.tell(session, gone, Happening.CANCELLED, now=now)
        return gone

    return answered(at, response, cancel)


@router.get("/appointments/{appointment_id}/notes")
def read_notes(at: AtCounter, appointment_id: Id) -> list[Note]:
    """What staff told each other about it, oldest first."""
    return at(lambda session, now: notes.of(session, at.workshop, AppointmentId(appointment_id)))


@router.post("/appointments/{appointment_id}/notes", status_code=201, responses=refusals(*ONCE))
def add_note(at: AtCounter, appointment_id: Id, note: NewNote, repeatable: Once) -> Note:
    """Tell colleagues something; no customer ever sees it."""
    identity = AppointmentId(appointment_id)

    def write(session: Session, now: datetime) -> Note:
        return notes.add(session, at.workshop, identity, note.text, actor=at.actor, now=now)

    return repeatable.once(at, ("note", identity, note), Note, write)


@router.post("/appointments/{appointment_id}/{step}")
def step_appointment(
    at: AtCounter, appointment_id: Id, step: Step, version: IfVersion, response: Response
) -> AppointmentShown:
    """Check the car in, check it out, or say that nobody came."""
    identity = AppointmentId(appointment_id)
    return answered(
        at,
        response,
        lambda session, now: bookings.become(
            session, at.workshop, identity, step.status, version=version, actor=at.actor, now=now
        ),
    )
