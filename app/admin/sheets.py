"""Appointments as a table that no spreadsheet takes for formulas."""

import csv
import io
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from booking_core.counter.agenda import Entry

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
