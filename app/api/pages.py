"""Pages for people who write callers: the description to try out, and one about each kind of problem. All offline."""

from html import escape
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse

from app.http.languages import preferred
from app.http.problems import Problem, kinds

ASSETS = Path(__file__).parent / "static"
TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {"Content-Security-Policy": POLICY}
FILES = ("docs.js", "docs.css", "swagger-ui/swagger-ui-bundle.js", "swagger-ui/swagger-ui.css")

router = APIRouter(include_in_schema=False)
docs_router = APIRouter(include_in_schema=False)


@docs_router.get("/docs")
def docs() -> FileResponse:
    """Swagger UI over /openapi.json."""
    return FileResponse(ASSETS / "docs.html", headers=HEADERS)


@docs_router.get("/docs/{name:path}")
def asset(name: str) -> FileResponse:
    """One of a handful of files, so that nobody can name another."""
    if name not in FILES:
        raise Problem("not_found")
    path = ASSETS / name
    cached = {"Cache-Control": "public, max-age=3600"}
    return FileResponse(path, media_type=TYPES[path.suffix], headers=HEADERS | cached)


@router.get("/problems/{name}")
def problem(request: Request, name: str) -> HTMLResponse:
    """What a kind of problem means."""
    kind = kinds().get(name.replace("-", "_"))
    if kind is None:
        raise Problem("not_found")
    language = preferred(request.headers.get("accept-language", ""))
    title = escape(kind.title[language])
    body = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title></head><body>'
        f"<h1>{title}</h1><p>{escape(kind.detail[language])}</p>"
        f'<h2 lang="en">{kind.status} <code>{kind.code}</code></h2><p lang="en">{escape(kind.about)}</p></body></html>'
    )
    return HTMLResponse(body, headers={"Content-Language": language, "Vary": "Accept-Language"})
