"""`werkstatt telegram …` as a shell sees it."""

from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from app.commands.telegram import cli
from app.providers.telegram import SECRET, TOKEN, Telegram

PUBLIC_URL = "https://termin.example.de"


@pytest.fixture
def provider() -> Iterator[Telegram]:
    with Telegram().running() as running:
        yield running


def told(provider: Telegram, command: str, **settings: str) -> tuple[int, str]:
    """The exit code, and what was said."""
    account = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_WEBHOOK_SECRET": SECRET, "TELEGRAM_API_URL": provider.url}
    ended = CliRunner().invoke(cli, ["telegram", command], env=account | {"PUBLIC_URL": PUBLIC_URL} | settings)
    return ended.exit_code, ended.output


def test_setup_shows_the_menu(provider: Telegram) -> None:
    assert told(provider, "setup") == (0, "Telegram shows the menu now.\n")
    assert set(provider.menus) == {"", "de", "en"}


def test_connect_has_telegram_call_us(provider: Telegram) -> None:
    assert told(provider, "connect") == (0, "Telegram calls us now.\n")
    assert (provider.webhook, provider.secret) == (f"{PUBLIC_URL}/webhooks/telegram", SECRET)


@pytest.mark.parametrize(
    ("command", "settings", "reason"),
    [
        ("setup", {"TELEGRAM_TOKEN": ""}, "TELEGRAM_TOKEN is missing"),
        ("connect", {"TELEGRAM_TOKEN": ""}, "TELEGRAM_TOKEN is missing"),
        ("poll", {"TELEGRAM_TOKEN": ""}, "TELEGRAM_TOKEN is missing"),
        ("connect", {"PUBLIC_URL": ""}, "PUBLIC_URL is missing"),
        ("connect", {"TELEGRAM_WEBHOOK_SECRET": "short"}, "TELEGRAM_WEBHOOK_SECRET must be"),
        ("setup", {"TELEGRAM_TOKEN": "1:wrong"}, "Telegram says no"),
        ("connect", {"TELEGRAM_TOKEN": "1:wrong"}, "Telegram says no"),
    ],
)
def test_what_is_missing_is_said(provider: Telegram, command: str, settings: dict[str, str], reason: str) -> None:
    code, words = told(provider, command, **settings)
    assert code == 1
    assert reason in words
    assert "wrong" not in words
