"""The way in and out."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from app.access import cookies, sessions
from app.access.cookies import give_cookie, take_cookie
from app.access.entrance import is_secure, session_token, visitor
from app.access.errors import CodeWanted, TooManyTries, Unrecognised, WrongCredentials
from app.access.sessions import SignedIn
from app.access.signing_in import Attempt, sign_in
from app.clock import real_now
from app.http.problems import kinds
from app.http.transactions import Transacting
from app.http.turnstile import caller as network_of
from app.pages import COOKIE, LANGUAGES, language_of, page
from app.staff.desk import SIGN_IN, StaffRoute
from booking_core import directory

router = APIRouter(prefix="/staff", route_class=StaffRoute)

REFUSALS = (WrongCredentials, CodeWanted, TooManyTries)


@router.get("")
def begin(transact: Transacting, signed: Annotated[SignedIn | None, Depends(visitor)]) -> Response:
    """To the first workshop that is theirs."""
    if signed is None:
        raise Unrecognised
    places = transact(lambda session, now: directory.all_workshops(session))
    return RedirectResponse(f"/staff/{next(place.id for place in places if signed.caller.works_at(place.id))}", 303)


@router.get("/sign-in")
def show_form(request: Request) -> Response:
    return page(request, "sign_in.html", refusal=None, email="")


@router.post("/sign-in")
def enter(
    request: Request,
    transact: Transacting,
    email: Annotated[str, Form(max_length=200)],
    password: Annotated[str, Form(max_length=200)],
    code: Annotated[str, Form(max_length=6)] = "",
) -> Response:
    cookies.demand_own_page(request.headers)
    address = network_of(request.scope, request.app.state.site.trusted_proxies)
    try:
        token = sign_in(transact, Attempt(email, password, code, address))
    except REFUSALS as refusal:
        kind = kinds()[refusal.code]
        told = kind.detail[language_of(request)]
        return page(request, "sign_in.html", status=kind.status, refusal=told, email=email)
    answer = RedirectResponse("/staff", 303)
    give_cookie(answer, token, secure=is_secure(request))
    return answer


@router.post("/sign-out")
def leave(request: Request, transact: Transacting, signed: Annotated[SignedIn | None, Depends(visitor)]) -> Response:
    transact(lambda session, _: sessions.end(session, session_token(request) or "", now=real_now(session)))
    answer = RedirectResponse(SIGN_IN, 303)
    take_cookie(answer, secure=is_secure(request))
    return answer


@router.post("/language")
def speak(request: Request, language: Annotated[str, Form()], back: Annotated[str, Form()] = "/staff") -> Response:
    cookies.demand_own_page(request.headers)
    answer = RedirectResponse(back if back.startswith("/staff") else "/staff", 303)
    if language in LANGUAGES:
        answer.set_cookie(COOKIE, language, httponly=True, samesite="lax")
    return answer
