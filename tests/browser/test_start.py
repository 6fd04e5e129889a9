"""Whoever does on the page for beginners what it says, in either language, gets to its end."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PATIENCE, Visitor
from tests.browser.talking import OFFER, Phone

START = (Path(__file__).parents[2] / "docs/start.md").read_text(encoding="utf-8")
TOLD = re.compile(
    r"^> (?P<words>.+)|(?P<offer>Tap one of the times)|\*\*(?P<label>.+?)\*\*(?: \(\*(?P<english>.+?)\*\))?",
    re.MULTILINE,
)


@pytest.mark.parametrize("language", ["de-DE", "en-GB"])
def test_the_page_for_beginners_can_be_followed_to_its_end(visit: Callable[..., Visitor], language: str) -> None:
    page = visit(language=language).open("/demo")
    phone = Phone(page, "telegram")
    reserved, confirmed = page.locator(".ec-event.is-reserved"), page.locator(".ec-event.is-confirmed")
    book, wait, work = re.findall(r"^## [234].*?(?=^## )", START, re.MULTILINE | re.DOTALL)

    def follow(told: str) -> None:
        for step in TOLD.finditer(told):
            label = (step["english"] if language == "en-GB" else None) or step["label"]
            if step["words"]:
                phone.write(step["words"])
            elif step["offer"]:
                phone.tap(OFFER)
                expect(reserved).to_have_count(1, timeout=PATIENCE)
            elif phone.screen.get_by_role("button", name=label).count():
                phone.tap(label)
            elif (button := page.get_by_role("button", name=label)).count():
                button.click()
            else:
                expect(page.get_by_role("heading", name=label)).to_be_visible()

    follow(book)
    expect(confirmed).to_contain_text("K-AB 123", timeout=PATIENCE)
    expect(page.locator(".tray")).to_contain_text("termin.ics", timeout=PATIENCE)
    before = phone.heard.count()
    press, answer = wait.split("Answer")
    follow(press)
    expect(phone.heard.nth(before)).to_contain_text("Erinnerung", timeout=PATIENCE)
    follow(answer)
    expect(confirmed).to_have_count(0, timeout=PATIENCE)
    follow(work)
    page.wait_for_url("**/staff/*")
