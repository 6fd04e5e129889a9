"""Whoever knows an appointment's code and can prove that it is theirs."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Path, Request
from fastapi.security import APIKeyHeader
from sqlalchemy.orm import Session

from app.http.limiter import Limiter
from app.http.problems import Problem
from app.http.rates import Rate
from booking_core import ownership
from booking_core.errors import UnknownAppointment
from booking_core.register import Appointment

HEADER = "Appointment-Proof"
SCHEME = APIKeyHeader(
    name=HEADER,
    scheme_name="AppointmentProof",
    description="The `proof` that came with the appointment; or its customer's last name, phone or number plate.",
    auto_error=False,
)


@dataclass(frozen=True)
class Claim:
    """Somebody's word that an appointment is theirs."""

    code: str
    proof: str
    limiter: Limiter
    rate: Rate

    def settle(self, session: Session) -> Appointment:
        """The appointment, if it is theirs. Raises UnknownAppointment, whether it is another's or nobody's."""
        try:
            return ownership.prove(session, self.code, self.proof)
        except UnknownAppointment:
            self.limiter.hit(self.rate, ownership.as_written(self.code))
            raise


def claim(request: Request, code: str, proof: str | None) -> Claim:
    """Raises a Problem where proof is missing, or was wrong too often; neither depends on what there is."""
    if not proof:
        raise Problem("unauthenticated", headers={"WWW-Authenticate": HEADER})
    limiter, rate = request.app.state.limiter, request.app.state.site.rates.proof
    standing = limiter.look(rate, ownership.as_written(code))
    if not standing.allowed:
        raise Problem("too_many_requests", headers=standing.headers)
    return Claim(code, _text(proof), limiter, rate)


def _text(header: str) -> str:
    """Headers are bytes; whoever writes an umlaut means UTF-8, and HTTP libraries read Latin-1."""
    try:
        return header.encode("latin-1").decode()
    except UnicodeError:
        return header


def _claimed(
    request: Request,
    code: Annotated[str, Path(max_length=32, description="The public code, as in 7KQ4-M2XN-P9RT")],
    proof: Annotated[str | None, Depends(SCHEME)],
) -> Claim:
    return claim(request, code, proof)


Claimed = Annotated[Claim, Depends(_claimed)]
Shown = Annotated[str | None, Depends(SCHEME)]
