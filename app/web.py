"""The web application."""

import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError

from app.database import session_factory
from app.migrating import current_migration, newest_migration
from app.office import Office
from app.webhooks import webhooks
from channels.channel import Channel

log = logging.getLogger(__name__)


def create_app(engine: Engine, channels: Mapping[str, Channel]) -> FastAPI:
    """The application on this database, with webhooks for these channels; its threads run while it is served."""
    office = Office(session_factory(engine), channels)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with office:
            yield

    app = FastAPI(title="werkstatt-bot", lifespan=lifespan)
    app.include_router(webhooks(channels, office.receive))
    for away in (OperationalError, InterfaceError, TimeoutError):
        app.add_exception_handler(away, _unavailable)

    @app.get("/healthz", include_in_schema=False)
    def alive() -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    @app.get("/readyz", include_in_schema=False)
    def ready() -> JSONResponse:
        """The database answers too, and knows all tables we do."""
        migrated = current_migration(engine) == newest_migration()
        return JSONResponse({"status": "ok" if migrated else "not migrated"}, 200 if migrated else 503)

    return app


def _unavailable(request: Request, error: Exception) -> JSONResponse:
    """The providers come again later; nothing of what they brought was stored."""
    log.error("the database is away: %s", type(error).__name__)
    return JSONResponse({"status": "unavailable"}, 503, {"Retry-After": "5"})
