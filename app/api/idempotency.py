"""Requests that may be sent again after a lost answer: what was done once is answered the same, and not done again."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Annotated

from fastapi import Depends, Header, Request, Response
from sqlalchemy.orm import Session

from app.http.problems import Problem
from booking_core import keys, locks

SOON = {"Retry-After": "1"}
SHORTEST, LONGEST = 16, 128


@dataclass(frozen=True)
class Answer:
    """An answer as it is remembered, its JSON to the letter."""

    status: int
    headers: Mapping[str, str]
    body: str

    def response(self, **more: str) -> Response:
        return Response(self.body, self.status, {**self.headers, **more}, media_type="application/json")


@dataclass(frozen=True)
class Errand:
    """A request with a key of its caller's."""

    key: str
    fingerprint: str

    def once(self, session: Session, work: Callable[[], Answer], *, now: datetime) -> Response:
        """Do the work and remember the answer, or give the answer that was given before.

        A refusal is not remembered: what was taken a minute ago may be free now. Raises KeyReused when the key came
        with another request, and a Problem while the first is being worked on.
        """
        if not locks.try_own_key(session, self.key):
            raise Problem("request_running", headers=SOON)
        known = keys.recall(session, self.key, self.fingerprint)
        if known is not None:
            return Answer(**known).response(**{"Idempotency-Replayed": "true"})
        answer = work()
        keys.remember(session, self.key, self.fingerprint, asdict(answer), now=now)
        return answer.response()


async def _errand(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(
            description="Of your own making, for this request alone; a UUID for instance",
            min_length=SHORTEST,
            max_length=LONGEST,
        ),
    ] = None,
) -> Errand:
    """Of the key only a hash is kept, under the operation it was used for."""
    if idempotency_key is None:
        raise Problem("key_required")
    operation = f"{request.method} {request.url.path}"
    body = await request.body()
    proof = request.headers.get("appointment-proof", "").encode()
    return Errand(
        f"{operation} {sha256(idempotency_key.encode()).hexdigest()}", sha256(body + b"\0" + proof).hexdigest()
    )


Once = Annotated[Errand, Depends(_errand)]
