"""Signing in and out, one's own password and second factor."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field, StringConstraints

from app.access import accounts, cookies, passwords, second_factor, sessions
from app.access.cookies import give_cookie, take_cookie
from app.access.entrance import admitted, is_secure, session_token, visitor
from app.access.errors import Unrecognised, WrongCredentials
from app.access.sessions import SignedIn
from app.access.signing_in import Attempt, sign_in
from app.admin.counter import Admitted
from app.admin.refusals import KNOWN, refusals
from app.admin.types import Sent
from app.api.requests import Email
from app.clock import real_now
from app.http.transactions import Transacting
from app.http.turnstile import caller as network_of

router = APIRouter(
    tags=["session"],
    responses=refusals(*KNOWN, "wrong_credentials", "code_wanted", "too_many_tries", "weak_password"),
)

Password = Annotated[str, StringConstraints(max_length=passwords.LONGEST)]
Digits = Annotated[str, StringConstraints(pattern="^[0-9]{6}$")]
Base32 = Annotated[str, StringConstraints(pattern="^[A-Z2-7]{32}$")]


class Credentials(Sent):
    """`code` only where the account wants one."""

    email: Email = Field(examples=["anna@example.de"])
    password: Password = Field(examples=["hebt-jede-Bühne"], json_schema_extra={"format": "password"})
    code: Digits | None = Field(None, examples=["492039"])


class Myself(BaseModel):
    """`workshop` null is all of them. `form_token` goes into X-Form-Token with every change; keys need none."""

    name: str
    role: str
    workshop: int | None
    actor: str
    form_token: str | None = None
    wants_code: bool | None = None


class NewPassword(Sent):
    old: Password
    new: Password = Field(examples=["senkt-jede-Bühne"])


class Secret(BaseModel):
    """To be shown as a QR code or typed in; not kept until a code proves that the authenticator has it."""

    secret: str
    link: str


class Proof(Sent):
    secret: Base32 = Field(examples=["JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"])
    code: Digits = Field(examples=["492039"])


class LastCode(Sent):
    code: Digits = Field(examples=["492039"])


def _signed_in(
    caller: Annotated[object, Depends(admitted)], found: Annotated[SignedIn | None, Depends(visitor)]
) -> SignedIn:
    """Programs with a key have neither password nor second factor."""
    if found is None:
        raise Unrecognised
    return found


Signed = Annotated[SignedIn, Depends(_signed_in)]


@router.post("/session")
def begin_session(request: Request, response: Response, credentials: Credentials, transact: Transacting) -> Myself:
    """Sign in; the session comes as a cookie."""
    cookies.demand_own_page(request.headers)
    address = network_of(request.scope, request.app.state.site.trusted_proxies)
    attempt = Attempt(credentials.email, credentials.password, credentials.code or "", address)
    token = sign_in(transact, attempt)
    give_cookie(response, token, secure=is_secure(request))
    found = transact(lambda session, _: sessions.signed_in(session, token, now=real_now(session)))
    if found is None:
        raise Unrecognised
    return _myself(found)


@router.get("/session")
def read_session(caller: Admitted, found: Annotated[SignedIn | None, Depends(visitor)]) -> Myself:
    """Who I am."""
    if found is not None and found.caller == caller:
        return _myself(found)
    return Myself(name=caller.name, role=caller.role, workshop=caller.workshop, actor=caller.actor)


@router.delete("/session", status_code=204)
def end_session(request: Request, response: Response, signed: Signed, transact: Transacting) -> None:
    """Sign out; the session ends on the server."""
    token = session_token(request) or ""
    transact(lambda session, _: sessions.end(session, token, now=real_now(session)))
    take_cookie(response, secure=is_secure(request))


@router.put("/session/password", status_code=204)
def change_password(signed: Signed, change: NewPassword, request: Request, transact: Transacting) -> None:
    """Take a new password, and sign out everywhere."""
    address = network_of(request.scope, request.app.state.site.trusted_proxies)
    accounts.check_password(transact, signed.staff, change.old, address)
    kept = passwords.accepted(change.new, signed.email)
    transact(
        lambda session, now: accounts.change_password(session, signed.staff, kept, actor=signed.caller.actor, now=now)
    )


@router.post("/session/second-factor")
def propose_second_factor(signed: Signed) -> Secret:
    """A secret for an authenticator."""
    secret = second_factor.new_secret()
    return Secret(secret=secret, link=second_factor.link(secret, signed.email))


@router.put("/session/second-factor", status_code=204)
def enable_second_factor(signed: Signed, proof: Proof, transact: Transacting) -> None:
    """Want codes from now on."""
    if signed.wants_code:
        raise WrongCredentials
    transact(
        lambda session, _: second_factor.enable(session, signed.staff, proof.secret, proof.code, now=real_now(session))
    )


@router.post("/session/second-factor/removal", status_code=204)
def disable_second_factor(signed: Signed, last: LastCode, transact: Transacting) -> None:
    """Want no codes any more."""
    transact(lambda session, _: second_factor.disable(session, signed.staff, last.code, now=real_now(session)))


def _myself(found: SignedIn) -> Myself:
    caller = found.caller
    return Myself(
        name=caller.name,
        role=caller.role,
        workshop=caller.workshop,
        actor=caller.actor,
        form_token=found.form_token,
        wants_code=found.wants_code,
    )
