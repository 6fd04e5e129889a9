"""Settings come from the environment and arrive in one shape."""

from pathlib import Path

import pytest

from app import settings as page
from app.settings import Settings, default_home


@pytest.mark.parametrize(
    "given",
    ["postgres://me@host/name", "postgresql://me@host/name", "postgresql+psycopg://me@host/name"],
)
def test_every_spelling_of_a_database_gets_our_driver(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", given)
    assert Settings().database_url == "postgresql+psycopg://me@host/name"


def test_an_empty_value_counts_as_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    assert Settings().database_url is None


def test_a_checkout_keeps_its_own_data() -> None:
    assert default_home() == page.CHECKOUT / ".werkstatt"


def test_an_installed_bot_keeps_data_where_applications_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "CHECKOUT", tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert default_home() == tmp_path / "data" / "werkstatt"
    monkeypatch.delenv("XDG_DATA_HOME")
    assert default_home() == Path.home() / ".local" / "share" / "werkstatt"
