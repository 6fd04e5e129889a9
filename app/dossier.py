"""The page behind the link to one's own data. Messengers preview links, so only its button hands anything out."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from sqlalchemy.orm import Session

from app.http.transactions import Transacting
from app.pages import page
from booking_core.personal import export, requests
from bot import dossier

router = APIRouter(prefix=dossier.PATH, include_in_schema=False)


@router.get("/{secret}")
def ask(request: Request) -> HTMLResponse:
    return page(request, "dossier.html", good=True)


@router.post("/{secret}", response_model=None)
def hand_out(request: Request, secret: str, transact: Transacting) -> Response:
    """All of it, as a file; the same page for a secret that nobody was given and for one that is too old."""

    def read(session: Session, now: datetime) -> dict[str, Any] | None:
        user = requests.whose_export(session, secret, now=now)
        return None if user is None else export.document(session, user, now=now)

    document = transact(read)
    if document is None:
        return page(request, "dossier.html", good=False, status=404)
    return JSONResponse(document, headers={"Content-Disposition": 'attachment; filename="meine-daten.json"'})
