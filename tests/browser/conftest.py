"""A browser without a window, and a quiet demo for it to look at: it is a Tuesday morning, and only we write."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.clock import database_now, set_clock
from app.demo import seed_demo
from app.http.site import Site
from app.phones.hosting import UNHURRIED
from app.phones.pages import demo_pages
from app.phones.showroom import Showroom
from app.phones.stand_ins import stand_ins
from app.settings import CHECKOUT, Settings
from app.web import create_app
from channels import open_channels
from tests.app.serving import open_port, serving

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
PICTURES = CHECKOUT / "docs" / "images"
BERLIN = ZoneInfo("Europe/Berlin")
TUESDAY = 1
PATIENCE = 30_000
"""Milliseconds we wait for what should take a fraction of a second; machines that test are busy."""


@dataclass
class Visitor:
    """A page, and everything that went wrong on it."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._see)

    def open(self, path: str) -> Page:
        self.page.goto(self.url + path)
        return self.page

    def enter(self, path: str = "") -> Page:
        """Open a page of the first workshop's staff, signed in as its owner."""
        self.open("/demo").click("form[action='/demo/staff'] button")
        self.page.wait_for_url("**/staff/*")
        return self.open(f"/staff/1{path}") if path else self.page

    def picture(self, name: str) -> None:
        """Keep a picture of what there is to see, if pictures are wanted."""
        if os.environ.get("PICTURES"):
            PICTURES.mkdir(exist_ok=True)
            self.page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def _see(self, request: Request) -> None:
        if not request.url.startswith((self.url, "data:")):
            self.complaints.append(f"asked elsewhere: {request.url}")


@dataclass(frozen=True)
class Demo:
    url: str
    engine: Engine
    showroom: Showroom


@pytest.fixture
def demo(database: Engine) -> Iterator[Demo]:
    with Session(database) as session, session.begin():
        seed_demo(session)
        set_clock(session, _tuesday(database_now(session).astimezone(BERLIN)))
    with ExitStack() as stack:
        listening, url = stack.enter_context(open_port())
        providers = stack.enter_context(stand_ins(url))
        channels = stack.enter_context(open_channels(providers.accounts(Settings(), url)))
        showroom = Showroom(database, providers, channels, lively=False)
        showroom.open()
        app = create_app(database, channels, Site(url, rates=UNHURRIED))
        app.include_router(demo_pages(showroom, app.state.watch))
        stack.enter_context(serving(app, listening))
        yield Demo(url, database, showroom)


def _tuesday(now: datetime) -> datetime:
    """A quarter to eight on the next one: the workshop has just opened."""
    day = now.date() + timedelta(days=1)
    while day.weekday() != TUESDAY:
        day += timedelta(days=1)
    return datetime.combine(day, time(7, 45), BERLIN)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=found and Path(found), headless=True, args=[*SWITCHES])


@pytest.fixture
def visit(browser: Browser, demo: Demo) -> Iterator[Callable[..., Visitor]]:
    """A visitor's page; nobody may have had anything to complain of when the test is over."""
    contexts: list[BrowserContext] = []
    visitors: list[Visitor] = []

    def visit(size: str = "desktop", *, dark: bool = False, language: str = "de-DE") -> Visitor:
        width, height = SIZES[size]

        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            locale=language,
            reduced_motion="reduce",
        )
        contexts.append(context)
        visitors.append(Visitor(context.new_page(), demo.url))
        return visitors[-1]

    yield visit
    complaints = [complaint for visitor in visitors for complaint in visitor.complaints]
    for context in contexts:
        context.close()
    assert complaints == []
