"""One chat cannot keep us from hearing the others."""

from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI

from app.http.limiter import Limiter
from app.http.rates import Rate, Rates
from app.http.site import Site
from app.providers.telegram import Telegram
from app.webhooks import webhooks
from bot.messages import InboundMessage
from channels.channel import News
from tests.app.serving import client_of
from tests.channels.accounts import our_channels

HEARD: list[News] = []


@pytest.fixture
def caller() -> Iterator[httpx.Client]:
    HEARD.clear()
    app = FastAPI()
    site = Site(rates=Rates(chat=Rate("chat", 3, 60)))
    with our_channels() as channels:
        app.include_router(webhooks(channels, HEARD.extend, site=site, limiter=Limiter()))
        with client_of(app) as client:
            yield client


def test_who_floods_us_is_thanked_and_not_heard(caller: httpx.Client) -> None:
    provider = Telegram()
    for chat, often in (("77", 5), ("78", 2)):
        for number in range(often):
            update = provider.text_update(chat, f"hallo {number}")
            assert caller.post("/webhooks/telegram", json=update, headers=provider.headers).status_code == 200
    heard = [(one.sender.id, one.text) for one in HEARD if isinstance(one, InboundMessage)]
    assert heard == [("77", "hallo 0"), ("77", "hallo 1"), ("77", "hallo 2"), ("78", "hallo 0"), ("78", "hallo 1")]
