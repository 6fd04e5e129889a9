"""Running the whole demo: servers, providers, the web application and the worker, all gone when it ends."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection

import uvicorn

from app.database import POOL_SIZE, engine_for
from app.http.rates import Rate, Rates
from app.http.site import Site
from app.migrating import migrate
from app.phones.database import demo_database
from app.phones.pages import demo_pages
from app.phones.showroom import Showroom
from app.phones.stand_ins import stand_ins
from app.servers import database_server, optional_redis
from app.settings import Settings
from app.shift import shift
from app.web import create_app
from app.workplace import Workplace
from channels import open_channels

TRIES = 20
"""Ports we try, from the wanted one on."""

FAREWELL = 1
"""Seconds that open pages get to notice that it is over."""

UNHURRIED = Rates(default=Rate("default", 6000, 60), staff=Rate("staff", 6000, 60), chat=Rate("chat", 600, 60))
"""One page of the demo asks as often as fifty visitors, and all of them come from this machine."""


@dataclass(frozen=True)
class Host:
    address: str
    port: int
    lively: bool


@contextmanager
def hosted(host: Host, *, tell: Callable[[str], None], progress: Callable[[str], None]) -> Iterator[Callable[[], None]]:
    """Everything started, and what serves it until somebody presses Ctrl-C. Raises DemoRuns."""
    with ExitStack() as stack:
        listening, url = stack.enter_context(_listening(host))
        progress("PostgreSQL …")
        server = stack.enter_context(database_server(Settings()))
        database = stack.enter_context(demo_database(server))
        engine = stack.enter_context(engine_for(database, pool_size=POOL_SIZE))
        progress("tables …")
        migrate(engine)
        progress("Telegram, Twilio and a mailbox that stand in …")
        providers = stack.enter_context(stand_ins(url))
        channels = stack.enter_context(open_channels(providers.accounts(Settings(), url)))
        progress("workshops and customers …")
        showroom = Showroom(engine, providers, channels, host.lively)
        showroom.open()
        stack.callback(showroom.close)
        progress("Valkey and a worker …")
        redis_url = stack.enter_context(optional_redis(Settings()))
        stack.enter_context(shift(Workplace(showroom.sessions, channels), redis_url))
        app = create_app(engine, channels, Site(url, rates=UNHURRIED))
        app.include_router(demo_pages(showroom, app.state.watch))
        config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=FAREWELL)

        def welcome() -> None:
            if _answers(host.address, listening.getsockname()[1]):
                progress("ready")
                tell(f"\n  Three phones and a calendar   {url}/demo\n\n  Ctrl-C ends it.\n")

        def serve() -> None:
            threading.Thread(target=welcome, name="welcome", daemon=True).start()
            uvicorn.Server(config).run([listening])

        yield serve


def _answers(address: str, port: int) -> bool:
    """Wait until the page is there: its first visitor shall not wait for what is loaded with it."""
    visit = HTTPConnection(address, port, timeout=60)
    try:
        visit.request("GET", "/demo")
        return visit.getresponse().status == HTTPStatus.OK
    except OSError:
        return False
    finally:
        visit.close()


@contextmanager
def _listening(host: Host) -> Iterator[tuple[socket.socket, str]]:
    """A socket that listens on the wanted port or the next free one, and its URL."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        for port in range(host.port, host.port + TRIES):
            try:
                listening.bind((host.address, port))
                break
            except OSError:
                if port == host.port + TRIES - 1:
                    raise
        listening.listen(256)
        yield listening, f"http://{host.address}:{listening.getsockname()[1]}"
