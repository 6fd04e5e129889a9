"""The command line as a shell sees it."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.cli import main
from app.embedded import temporary_home
from app.migrating import newest_migration

NOBODY_LISTENS = "postgres://nobody:secret@127.0.0.1:1/none"


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with temporary_home() as home:
        yield home


@dataclass(frozen=True)
class Told:
    returncode: int
    stdout: str
    stderr: str


class Shell:
    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def __call__(self, *arguments: str, **settings: str) -> Told:
        self._monkeypatch.setattr(sys, "argv", ["werkstatt", *arguments])
        for name in ("DATABASE_URL", "REDIS_URL", "WERKSTATT_HOME"):
            self._monkeypatch.setenv(name, settings.get(name, ""))
        with pytest.raises(SystemExit) as ended:
            main()
        said = self._capsys.readouterr()
        return Told(int(ended.value.code or 0), said.out, said.err)


@pytest.fixture
def werkstatt(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(monkeypatch, capsys)


def test_help_names_every_command(werkstatt: Shell) -> None:
    told = werkstatt("--help")
    assert told.returncode == 0
    assert {"migrate", "doctor"} <= set(told.stdout.split())


def test_the_version_is_told(werkstatt: Shell) -> None:
    assert werkstatt("--version").stdout.startswith("werkstatt 0.")


def test_an_unknown_command_is_a_usage_error(werkstatt: Shell) -> None:
    told = werkstatt("repair")
    assert told.returncode == 2
    assert told.stdout == ""
    assert "repair" in told.stderr


def test_doctor_finds_the_migrations_missing_until_they_have_run(werkstatt: Shell, home: Path) -> None:
    ill = werkstatt("doctor", WERKSTATT_HOME=str(home))
    assert ill.returncode == 1
    assert "Run: werkstatt migrate" in ill.stdout

    migrated = werkstatt("migrate", WERKSTATT_HOME=str(home))
    assert migrated.returncode == 0
    assert newest_migration() in migrated.stderr
    assert migrated.stdout == ""

    well = werkstatt("doctor", WERKSTATT_HOME=str(home))
    assert well.returncode == 0
    assert "MISSING" not in well.stdout


def test_doctor_says_what_does_not_answer(werkstatt: Shell) -> None:
    told = werkstatt("doctor", DATABASE_URL=NOBODY_LISTENS, REDIS_URL="redis://127.0.0.1:1/0")
    assert told.returncode == 1
    assert told.stdout.count("MISSING") == 2
    assert "unset it for an embedded PostgreSQL" in told.stdout
    assert "unset it for an embedded Valkey" in told.stdout
    assert "secret" not in told.stdout


def test_a_database_that_does_not_answer_is_one_line_and_no_traceback(werkstatt: Shell) -> None:
    told = werkstatt("migrate", DATABASE_URL=NOBODY_LISTENS)
    assert told.returncode == 1
    assert told.stderr.count("\n") == 1
    assert "DATABASE_URL" in told.stderr
