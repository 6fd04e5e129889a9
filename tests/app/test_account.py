"""Who runs a server and where its files lie, asked directly."""

import os
import pwd
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.embedded import Valkey, temporary_home
from app.embedded.account import client_accounts, place_for, server_account

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs servers for others")


@pytest.fixture
def home() -> Iterator[Path]:
    with temporary_home() as home:
        yield home


def test_the_place_is_in_the_home_and_closed_to_others(home: Path) -> None:
    place = place_for("valkey", home, server_account(home))
    assert place == home.resolve() / "valkey"
    assert place.stat().st_mode & 0o777 == 0o700
    assert place.stat().st_uid == server_account(home).pw_uid != 0
    assert place_for("valkey", home, server_account(home)) == place


def test_the_owner_of_the_home_and_root_may_connect(home: Path) -> None:
    assert client_accounts(home) == {"root", pwd.getpwuid(home.stat().st_uid).pw_name}


@AS_ROOT
def test_root_runs_the_server_as_the_owner_of_the_home_or_as_nobody(home: Path) -> None:
    os.chown(home, pwd.getpwnam("daemon").pw_uid, -1)
    assert server_account(home).pw_name == "daemon"
    os.chown(home, 0, 0)
    assert server_account(home).pw_name == "nobody"


@AS_ROOT
def test_the_place_of_a_closed_home_is_the_systems_and_linked(home: Path, tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o700)
    place = place_for("valkey", tmp_path / "closed", server_account(tmp_path))
    assert (tmp_path / "closed" / "valkey").readlink() == place
    assert place.stat().st_uid == pwd.getpwnam("nobody").pw_uid
    place.rmdir()


def test_valkey_keeps_its_port_and_its_password(home: Path) -> None:
    Valkey().prepare(Path("unused"), home, users=frozenset())
    url = Valkey().url(home)
    Valkey().prepare(Path("unused"), home, users=frozenset())
    assert Valkey().url(home) == url
    assert url.startswith("redis://:")
    assert len(url.partition("@")[0]) > 30
