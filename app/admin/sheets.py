"""Appointments as files: a table that no spreadsheet takes for formulas, and a calendar."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from booking_core.counter.agenda import Entry
from booking_core.status import AppointmentStatus

COLUMNS = (
    "code",
    "status",
    "start",
    "end",
    "services",
    "price",
    "customer",
    "phone",
    "email",
    "plate",
    "car",
    "channel",
)

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What spreadsheets take for the beginning of a formula, in full width too."""


def as_csv(entries: Iterable[Entry], zone: ZoneInfo) -> str:
    """As RFC 4180 has it; the price is cents, times are the workshop's."""
    sheet = io.StringIO()
    rows = csv.writer(sheet, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    rows.writerows(map(_harmless, _row(entry, zone)) for entry in entries)
    return sheet.getvalue()


def _row(entry: Entry, zone: ZoneInfo) -> Iterable[object]:
    one = entry.appointment
    yield from (one.code, one.status, one.start.astimezone(zone).isoformat(), one.end.astimezone(zone).isoformat())
    yield from (", ".join(entry.services), entry.price)
    yield from (entry.customer, entry.phone, entry.email, entry.plate, entry.car, one.channel)


def _harmless(cell: object) -> object:
    """Nobody's name runs as a formula when it is opened; the apostrophe is what spreadsheets hide."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA) else cell


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
