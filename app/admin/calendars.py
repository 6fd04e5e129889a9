"""Appointments as a calendar."""

from collections.abc import Iterable
from datetime import datetime

from icalendar import Calendar, Event

from booking_core.counter.agenda import Entry
from booking_core.status import AppointmentStatus


def as_calendar(entries: Iterable[Entry], name: str, *, now: datetime) -> bytes:
    """For a calendar program; without phone numbers and addresses, since calendars are shared easily."""
    calendar = Calendar()
    calendar.add("prodid", "-//werkstatt-bot//DE")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for entry in entries:
        calendar.add_component(_event(entry, now))
    content: bytes = calendar.to_ical()
    return content


def _event(entry: Entry, now: datetime) -> Event:
    one, event = entry.appointment, Event()
    who = ", ".join(filter(None, (entry.customer, entry.car, entry.plate)))
    event.add("uid", f"{one.code}@werkstatt-bot")
    event.add("sequence", one.ical_sequence)
    event.add("dtstamp", now)
    event.add("dtstart", one.start)
    event.add("dtend", one.end)
    event.add("summary", " – ".join(filter(None, (" + ".join(entry.services), who))))
    event.add("status", "TENTATIVE" if one.status is AppointmentStatus.RESERVED else "CONFIRMED")
    return event
