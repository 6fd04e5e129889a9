"""The web application: all that answers over HTTP, put together."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial

from fastapi import APIRouter, FastAPI
from fastapi.telemetry import TelemetryConfig
from sqlalchemy import Engine

from app.admin.router import router as admin
from app.api import pages
from app.api.hooks import hooks
from app.api.openapi import describe
from app.api.router import router as api
from app.bell import Bell
from app.database import session_factory
from app.dossier import router as dossier
from app.http.door import FrontDoor
from app.http.limiter import Limiter
from app.http.problems import handle_problems
from app.http.site import Site
from app.http.transactions import Transactions
from app.http.turnstile import Turnstile
from app.live import Watch
from app.mailbox import router as mailbox
from app.office import Office
from app.pages import static_files
from app.staff.router import router as staff
from app.telemetry.tracing import UNTRACED
from app.telemetry.watching import watching
from app.webhooks import webhooks
from channels.channel import Channel

ROUTERS: tuple[APIRouter, ...] = (api, pages.router, staff, admin, mailbox, dossier)
"""The public API, the staff's, and their pages; each brings its own prefix and tags."""

TELEMETRY = TelemetryConfig(
    auto_configure=False, logs=False, metrics=False, exclude=lambda scope: scope["path"] in UNTRACED
)
"""Or FastAPI would export by itself all it sees, queries and all."""


def create_app(engine: Engine, channels: Mapping[str, Channel], site: Site | None = None) -> FastAPI:
    """The application on this database, with webhooks for these channels; its threads run while it is served.

    Endpoints find `site`, `transactions` and `limiter` in `app.state`.
    """
    site = site or Site()
    sessions = session_factory(engine)
    office = Office(sessions, channels)
    bell = Bell(office.carry)
    bell.listen_to(sessions)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with office, bell:
            office.prepare()
            yield

    app = FastAPI(
        title="werkstatt-bot",
        lifespan=lifespan,
        openapi_url="/openapi.json" if site.api_docs else None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=TELEMETRY,
    )
    app.state.site = site
    app.openapi = partial(describe, app)  # type: ignore[method-assign] # As FastAPI says it should be done.
    app.state.transactions = Transactions(sessions)
    app.state.watch = Watch(engine)
    app.state.limiter = Limiter(site.redis_url)
    app.webhooks.include_router(hooks)
    handle_problems(app)
    app.add_middleware(Turnstile, site=site, limiter=app.state.limiter)
    app.add_middleware(FrontDoor, site=site)
    app.include_router(webhooks(channels, office.receive, site=site, limiter=app.state.limiter))
    app.include_router(watching(engine, channels, site, app.state.limiter))
    for router in (*ROUTERS, *([pages.docs_router] if site.api_docs else [])):
        app.include_router(router)
    app.mount("/static", static_files())
    return app
