"""For whoever watches over this process: does it live, what does it miss, what has it counted?"""

import hmac
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from ipaddress import ip_address
from wsgiref.simple_server import WSGIServer

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest, start_http_server
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app import duties
from app.database import in_transaction, session_factory
from app.http.limiter import Limiter
from app.http.problems import SOON, ProblemResponse
from app.http.site import Site
from app.migrating import current_migration, newest_migration
from app.telemetry.gauges import Gauges
from app.telemetry.metrics import Counted
from channels.channel import Channel


def watching(engine: Engine, channels: Mapping[str, Channel], site: Site, limiter: Limiter) -> APIRouter:
    """The routes that only tell."""
    router = APIRouter(include_in_schema=False)
    counts = registry(session_factory(engine))

    @router.get("/healthz")
    def alive() -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    @router.get("/readyz")
    def ready(request: Request) -> JSONResponse:
        """Which parts are there; 503 only without the database, since all else can be done without for a while."""
        database = _database(engine)
        parts = {
            "database": database,
            "redis": _redis(limiter),
            "worker": _worker(engine) if database == "ok" else "unknown",
        }
        providers = {name: "ok" if channel.breaker.closed else "away" for name, channel in channels.items()}
        if database != "ok":
            return ProblemResponse(request, "unavailable", headers=SOON, **parts, channels=providers)
        well = {*parts.values(), *providers.values()} <= {"ok", "none", "at work"}
        return JSONResponse({"status": "ok" if well else "degraded", **parts, "channels": providers})

    @router.get("/metrics")
    def counted(request: Request) -> Response:
        if not _may_look(request, site):
            raise HTTPException(404)
        return Response(generate_latest(counts), media_type=CONTENT_TYPE_LATEST)

    return router


def registry(sessions: Callable[[], Session]) -> CollectorRegistry:
    """All there is to tell: what the processes count and what the database knows."""
    all_of_it = CollectorRegistry()
    all_of_it.register(Counted())
    all_of_it.register(Gauges(sessions))
    return all_of_it


@contextmanager
def metrics_served(port: int | None, sessions: Callable[[], Session]) -> Iterator[None]:
    """The counts on a port of their own, if there is one."""
    if port is None:
        yield
        return
    server, thread = start_http_server(port, registry=registry(sessions))
    try:
        yield
    finally:
        _close(server, thread)


def _close(server: WSGIServer, thread: threading.Thread) -> None:
    server.shutdown()
    server.server_close()
    thread.join()


def _database(engine: Engine) -> str:
    try:
        return "ok" if current_migration(engine) == newest_migration() else "not migrated"
    except SQLAlchemyError:
        return "away"


def _redis(limiter: Limiter) -> str:
    reached = limiter.reaches_redis()
    return "none" if reached is None else "ok" if reached else "away"


def _worker(engine: Engine) -> str:
    return "at work" if in_transaction(session_factory(engine), duties.is_alive) else "absent"


def _may_look(request: Request, site: Site) -> bool:
    """Who shows the token; without one who calls from this machine, where nobody else can call."""
    if site.metrics_token:
        shown = request.headers.get("authorization", "").encode()
        return hmac.compare_digest(shown, f"Bearer {site.metrics_token}".encode())
    return site.is_local and request.client is not None and ip_address(request.client.host).is_loopback
