"""Whose an appointment is, where no channel vouches for who is asking: a public code and a proof."""

import re
import secrets
from collections.abc import Iterator
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking_core import register
from booking_core.errors import UnknownAppointment
from booking_core.register import Appointment
from booking_core.tables import AppointmentRow, UserRow, VehicleRow

_LOOKALIKES = str.maketrans("OIL", "011")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def new_token() -> str:
    """For whoever makes an appointment."""
    return secrets.token_urlsafe(24)


def prove(session: Session, code: str, proof: str) -> Appointment:
    """The appointment of this code, for whoever shows its token or knows its last name, phone or number plate.

    A wrong proof and a code that is nobody's raise the same UnknownAppointment. The caller limits how often to try.
    """
    row = session.execute(
        select(AppointmentRow.id, AppointmentRow.proof_hash, UserRow.name, UserRow.phone, VehicleRow.license_plate)
        .join(UserRow, UserRow.id == AppointmentRow.user_id)
        .outerjoin(VehicleRow, VehicleRow.id == AppointmentRow.vehicle_id)
        .where(AppointmentRow.public_code == as_written(code))
    ).one_or_none()
    # Hashes, so that how long a comparison takes tells nothing of what would have been right.
    if row is None or _shown(proof).isdisjoint(_known(row.proof_hash, row.name, row.phone, row.license_plate)):
        raise UnknownAppointment
    return register.fetch(session, AppointmentRow.id == row.id)[0]


def as_written(code: str) -> str:
    """A code as we write it, however somebody typed it."""
    letters = "".join(re.findall(r"[0-9A-Z]", code.upper())).translate(_LOOKALIKES)
    return "-".join(letters[i : i + 4] for i in range(0, len(letters), 4))


def _shown(proof: str) -> set[str]:
    return {fingerprint(proof), *_facts(proof, proof, proof)}


def _known(token: str | None, name: str | None, phone: str | None, plate: str | None) -> set[str | None]:
    return {token, *_facts(name or "", phone or "", plate or "")} - {None}


def _facts(name: str, phone: str, plate: str) -> Iterator[str]:
    """What is known or shown of each kind, however it is written; nothing for what is empty."""
    for kind, fact in (("name", _plain(name.split()[-1:])), ("phone", _number(phone)), ("plate", _plain([plate]))):
        if fact:
            yield fingerprint(f"{kind} {fact}")


def _plain(words: list[str]) -> str:
    return re.sub(r"[\W_]", "", " ".join(words).casefold().translate(_UMLAUTS))


def _number(phone: str) -> str:
    """A phone number as its digits after the plus; one without a country is German."""
    digits = re.sub(r"\D", "", phone)
    if phone.strip().startswith("+"):
        return digits
    return digits[2:] if digits.startswith("00") else "49" + digits[1:] if digits.startswith("0") else ""


def fingerprint(token: str) -> str:
    """All that is kept of a token."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
