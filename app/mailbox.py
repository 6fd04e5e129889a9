"""The page behind the link of a first mail. Mail scanners open links too, so only its button proves anything."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.http.transactions import Transacting
from app.pages import page
from bot import confirmations

router = APIRouter(prefix=confirmations.PATH, include_in_schema=False)


@router.get("/{secret}")
def ask(request: Request) -> HTMLResponse:
    return page(request, "mailbox.html", proved=None)


@router.post("/{secret}")
def prove(request: Request, secret: str, transact: Transacting) -> HTMLResponse:
    proved = transact(lambda session, now: confirmations.prove(session, secret, now=now))
    return page(request, "mailbox.html", proved=proved, status=200 if proved else 404)
