"""What a hand does on one of the demo's phones."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PATIENCE

OFFER = re.compile(r"\w\w, \d\d\.\d\d\.?,? \d\d:\d\d")


@dataclass(frozen=True)
class Phone:
    page: Page
    channel: str

    @property
    def screen(self) -> Locator:
        return self.page.locator(f"#screen-{self.channel}")

    @property
    def heard(self) -> Locator:
        return self.screen.locator(".bubble.theirs")

    def write(self, words: str) -> Locator:
        """Write, and wait for the answer."""
        before = self.heard.count()
        field = self.page.locator(f"#text-{self.channel}")
        field.fill(words)
        field.press("Enter")
        return self._answer(before)

    def tap(self, label: str | re.Pattern[str]) -> Locator:
        before = self.heard.count()
        self.screen.get_by_role("button", name=label).first.click()
        return self._answer(before)

    def choose(self, number: int, label: str | re.Pattern[str]) -> Locator:
        """Tap where there is something to tap, else answer with the number."""
        return self.write(str(number)) if self.channel == "sms" else self.tap(label)

    def book(self) -> Locator:
        """From the first word to the last; the bot's last one."""
        self.write("Ölwechsel am Donnerstag vormittag in 50667")
        self.choose(1, OFFER)
        self.write("Petra Müller, K-AB 1234, petra@example.de")
        return self.choose(1, "Ja, buchen")

    def _answer(self, before: int) -> Locator:
        answer = self.heard.nth(before)
        expect(answer).to_be_visible(timeout=PATIENCE)
        return answer
