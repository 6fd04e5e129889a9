"""The desk of somebody who is signed in: their workshop, what they may do there, and pages made for them."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute
from pydantic import ValidationError

from app.access import rules
from app.access.entrance import visitor
from app.access.errors import Unrecognised
from app.access.sessions import SignedIn
from app.admin.counter import AtCounter, Counter
from app.http.problems import Problem, kinds
from app.pages import language_of, page
from booking_core import directory
from booking_core.directory import Place
from booking_core.errors import BookingError
from bot import correspondence
from bot.correspondence import Keeper

SIGN_IN = "/staff/sign-in"
PARTIAL = "HX-Request"
INVALID = (RequestValidationError, ValidationError)
"""What a form may be, as FastAPI and as the API's own types say it."""


@dataclass(frozen=True)
class Desk:
    """Where a page's requests are answered."""

    request: Request
    at: Counter
    signed: SignedIn
    place: Place
    places: Sequence[Place]
    now: datetime
    asking: int
    """How many conversations wait for a person."""

    @property
    def zone(self) -> ZoneInfo:
        return self.place.zone

    @property
    def home(self) -> str:
        """The address below which all pages of this workshop are."""
        return f"/staff/{self.at.workshop}"

    @property
    def language(self) -> str:
        return language_of(self.request)

    def may(self, operation: str) -> bool:
        return rules.may(self.at.caller, operation)

    def show(self, template: str, **facts: Any) -> Response:
        """A page, or a part of one."""
        return page(self.request, template, desk=self, **facts)

    def local(self, moment: datetime) -> str:
        """A moment of a form, which knows no zone, as the workshop means it; in RFC 3339 for the API."""
        return moment.replace(tzinfo=self.zone).isoformat()


def _desk(request: Request, at: AtCounter, signed: Annotated[SignedIn | None, Depends(visitor)]) -> Desk:
    if signed is None:
        raise Unrecognised

    def look(session: Any, now: datetime) -> Desk:
        places = [place for place in directory.all_workshops(session) if at.caller.works_at(place.id)]
        place = next(place for place in places if place.id == at.workshop)
        asking = correspondence.conversations(session, at.workshop, now=now, keeper=Keeper.NOBODY).items
        return Desk(request, at, signed, place, places, now.astimezone(place.zone), len(asking))

    return at(look)


AtDesk = Annotated[Desk, Depends(_desk)]


class StaffRoute(APIRoute):
    """A page's refusals are told to people: whoever is not signed in may do so, everything else is a notice.

    A notice is a success to the browser, whose console would otherwise call every taken time an error.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def tell(request: Request) -> Response:
            try:
                return await handle(request)
            except Unrecognised:
                return _sign_in(request)
            except (BookingError, Problem, *INVALID) as refusal:
                if PARTIAL not in request.headers:
                    raise
                return refused(request, refusal)

        return tell


def refused(request: Request, refusal: Exception) -> Response:
    """The notice of a refusal, wherever on the page it was asked for."""
    code, facts = (refusal.code, refusal.facts) if isinstance(refusal, BookingError | Problem) else ("invalid", {})
    kind, language, why = kinds()[code], language_of(request), facts.get("why_not")
    wrong = [one["loc"][-1] for one in refusal.errors()] if isinstance(refusal, INVALID) else []
    answer = page(
        request, "refusal.html", title=kind.title[language], detail=kind.detail[language], why=why, wrong=wrong
    )
    answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#notice", "innerHTML"
    return answer


def _sign_in(request: Request) -> Response:
    if PARTIAL in request.headers:
        return Response(status_code=204, headers={"HX-Redirect": SIGN_IN})
    return RedirectResponse(SIGN_IN, 303)
