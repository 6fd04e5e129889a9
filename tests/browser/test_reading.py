"""Everybody can read the pages: by eye in any size and light, by keyboard, and by screen reader."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import PATIENCE, Demo, Visitor
from tests.browser.talking import Phone
from tests.browser.test_staff import a_visit

Visit = Callable[..., Visitor]

PAGES = ("", "/booking", "/inbox", "/waiting", "/figures", "/closures", "/settings", "/audit", "/customers/1")
GRAVE = {"serious", "critical"}
THEIRS = (".ec",)
"""EventCalendar makes its grid of tables without headers; the list below it says the same."""


def findings(page: Page) -> list[tuple[str, Any]]:
    told = Axe().run(page, context={"exclude": [[selector] for selector in THEIRS]}).response["violations"]
    return [(one["id"], one["nodes"][0]["html"]) for one in told if one["impact"] in GRAVE]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_demo(visit: Visit, size: str, dark: bool) -> None:
    visitor = visit(size, dark=dark)
    page = visitor.open("/demo")
    Phone(page, "telegram").write("Ölwechsel am Donnerstag vormittag in 50667")
    page.wait_for_selector(".why dl", timeout=PATIENCE)
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    visitor.picture(f"demo-{size}{'-dark' if dark else ''}")


@pytest.mark.parametrize(("size", "dark"), [("desktop", False), ("desktop", True), ("phone", False)])
def test_the_pages_of_staff(visit: Visit, demo: Demo, size: str, dark: bool) -> None:
    for hour, name in ((11, "Otto Kurz"), (13, "Ida Lang"), (15, "Ben Krüger")):
        a_visit(demo, "wheel-alignment" if hour == 13 else "oil-change", hour, name)
    visitor = visit(size, dark=dark)
    visitor.enter()
    found = {}
    for path in PAGES:
        page = visitor.open(f"/staff/1{path}")
        page.wait_for_load_state("load")
        if path == "":
            page.wait_for_selector(".ec-event", timeout=PATIENCE)
            page.get_by_role("button", name="Ölwechsel").first.click()
            page.wait_for_selector("#panel .big", timeout=PATIENCE)
        found[path] = findings(page)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
        visitor.picture(f"staff{path.replace('/', '-') or '-day'}-{size}{'-dark' if dark else ''}")
    assert [path for path in PAGES if found[path]] == [], found


def test_the_door(visit: Visit) -> None:
    page = visit().open("/staff/sign-in")
    assert findings(page) == []
    page.keyboard.type("anna@example.de")
    assert page.input_value("#email") == "anna@example.de"


def test_the_keyboard_alone_is_enough(visit: Visit, demo: Demo) -> None:
    a_visit(demo, "diagnosis", 12, "Otto Kurz")
    page = visit().enter()
    page.locator("table").get_by_role("button", name="Fehlerdiagnose").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel .big", timeout=PATIENCE)
    page.get_by_role("button", name="Auto ist da").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel .is-in_progress", timeout=PATIENCE)
