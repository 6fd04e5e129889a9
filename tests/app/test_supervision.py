"""Keeping a process alive, tried on small shell commands."""

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event

import pytest

from app.embedded import supervision
from app.embedded.locks import lock_file, wait_shared
from app.embedded.supervision import supervise
from tests.app.eventually import eventually

# The keeper itself has one thread only; here the users are another one.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "PATIENCE_S", 0.3)
    monkeypatch.setattr(supervision, "STOPPING_S", 0.3)


def pids(folder: Path) -> list[int]:
    """Of all starts so far."""
    with suppress(FileNotFoundError):
        return [int(line) for line in (folder / "pids").read_text().splitlines()]
    return []


def command(folder: Path, words: str) -> list[str]:
    return ["/bin/sh", "-c", f"echo $$ >> '{folder}/pids'; {words}"]


@contextmanager
def using(lock: Path) -> Iterator[None]:
    with lock_file(lock) as user:
        wait_shared(user)
        yield


def run_while(folder: Path, words: str, use: Callable[[], None]) -> None:
    """Supervise a command until the use, which goes on in another thread meanwhile, comes to its end."""
    begun = Event()

    def user() -> None:
        with using(folder / "users"):
            begun.set()
            use()

    with lock_file(folder / "users") as keeper, ThreadPoolExecutor(1) as pool:
        ended = pool.submit(user)
        begun.wait()
        supervise(command(folder, words), signal.SIGTERM, keeper)
        ended.result()


def test_it_ends_when_nobody_uses_it_any_more(tmp_path: Path) -> None:
    run_while(tmp_path, "exec sleep 60", lambda: eventually(lambda: len(pids(tmp_path)) == 1))
    assert len(pids(tmp_path)) == 1


def test_one_that_will_not_stop_is_killed(tmp_path: Path) -> None:
    stubborn = f"trap '' TERM; echo $$ >> '{tmp_path}/pids'; while :; do sleep 0.05; done"
    run_while(tmp_path, stubborn, lambda: eventually(lambda: len(pids(tmp_path)) == 2))
    assert len(set(pids(tmp_path))) == 1


def test_one_that_keeps_failing_is_given_up_though_it_is_wanted(tmp_path: Path) -> None:
    with using(tmp_path / "users"), lock_file(tmp_path / "users") as keeper:
        supervise(command(tmp_path, "exit 1"), signal.SIGTERM, keeper)
    assert len(pids(tmp_path)) > 1


def test_one_that_was_killed_is_started_again(tmp_path: Path) -> None:
    def kill_the_first() -> None:
        eventually(lambda: len(pids(tmp_path)) == 1)
        os.kill(pids(tmp_path)[0], signal.SIGKILL)
        eventually(lambda: len(pids(tmp_path)) == 2)

    run_while(tmp_path, "exec sleep 60", kill_the_first)
    assert len(pids(tmp_path)) == 2


def test_one_that_has_served_is_started_until_it_serves_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What ends it lies around it, as a full disk does, and may take longer than we have patience for a new one."""
    monkeypatch.setattr(supervision, "SERVED_S", 0.2)
    monkeypatch.setattr(supervision, "PAUSE_S", 0.05)
    at_first = f"[ $(wc -l < '{tmp_path}/pids') -gt 1 ] || sleep 0.5; exit 1"
    run_while(tmp_path, at_first, lambda: eventually(lambda: len(pids(tmp_path)) > 4))
