"""Where requests are recognised and let in: by API key or by the cookie of a session, then by role and workshop."""

from typing import Annotated

from fastapi import Depends, Path, Request, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from app.access import api_keys, rules, sessions
from app.access.caller import Caller
from app.access.cookies import (
    FORM_TOKEN_FIELD,
    FORM_TOKEN_HEADER,
    READING,
    cookie_name,
    demand_form_token,
    demand_own_page,
)
from app.access.errors import Forbidden, Unrecognised
from app.access.sessions import SignedIn
from app.clock import real_now
from app.http.site import Site
from app.http.transactions import Transactions
from booking_core import directory
from booking_core.errors import UnknownWorkshop
from booking_core.values import WorkshopId

Id = Annotated[int, Path(ge=1, lt=2**63)]

_KEY = HTTPBearer(auto_error=False, scheme_name="apiKey", description="An API key, as `werkstatt key create` prints it")
_COOKIE = APIKeyCookie(
    name=cookie_name(secure=True),
    auto_error=False,
    scheme_name="session",
    description=f"A session begun by signing in; whatever changes something also needs {FORM_TOKEN_HEADER}",
)


async def sent_form_token(request: Request) -> str | None:
    """What proves that our own page sent this: a header, or a field of its form."""
    if FORM_TOKEN_HEADER in request.headers:
        return request.headers[FORM_TOKEN_HEADER]
    if request.headers.get("content-type", "").startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        sent = (await request.form()).get(FORM_TOKEN_FIELD)
        return sent if isinstance(sent, str) else None
    return None


def is_secure(request: Request) -> bool:
    """Whether the visitor's browser speaks https with us, also through a proxy that says so."""
    site: Site = request.app.state.site
    return request.url.scheme == "https" or site.encrypted


def session_token(request: Request) -> str | None:
    return request.cookies.get(cookie_name(secure=is_secure(request)))


def visitor(request: Request, form_token: Annotated[str | None, Depends(sent_form_token)]) -> SignedIn | None:
    """Whoever is signed in. Raises Forged for a change that our own page did not ask for."""
    token = session_token(request)
    if token is None:
        return None
    found = _transact(request)(lambda session, _: sessions.signed_in(session, token, now=real_now(session)))
    if found is not None and request.method not in READING:
        demand_own_page(request.headers)
        demand_form_token(form_token, found.form_token)
    return found


def recognised(
    request: Request,
    key: Annotated[HTTPAuthorizationCredentials | None, Security(_KEY)],
    _cookie: Annotated[str | None, Security(_COOKIE)],
    form_token: Annotated[str | None, Depends(sent_form_token)],
) -> Caller:
    """Whose API key or session this is. Raises Unrecognised or Forged."""
    if key is None:
        somebody = visitor(request, form_token)
        caller = somebody.caller if somebody else None
    else:
        secret = key.credentials
        caller = _transact(request)(lambda session, _: api_keys.caller_with(session, secret, now=real_now(session)))
    if caller is None:
        raise Unrecognised
    return caller


def admitted(request: Request, caller: Annotated[Caller, Depends(recognised)]) -> Caller:
    """The caller, if their role may do what this route is named after. Raises Forbidden."""
    if not rules.may(caller, request.scope["route"].name):
        raise Forbidden
    return caller


def workshop_of(transact: Transactions, caller: Caller, wanted: int) -> WorkshopId:
    """The workshop with this number, if it is the caller's; another's is as unknown as one that is not there."""
    workshop = WorkshopId(wanted)
    if not caller.works_at(workshop):
        raise UnknownWorkshop(workshop=workshop)
    return transact(lambda session, _: directory.workshop(session, workshop)).id


def _transact(request: Request) -> Transactions:
    transactions: Transactions = request.app.state.transactions
    return transactions
