"""As in the image: somebody who is not root, a source that nobody can change, and only two places to write to."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest

from app.settings import CHECKOUT
from tests.app.eventually import eventually
from tests.app.ports import free_port
from tests.app.test_serve import answers

RUN = "from app.cli import main; main()"
SHIPPED = ("app", "channels", "bot", "booking_core", "migrations")


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder with a copy of the source that only root could change, and two that belong to nobody."""
    nobody = pwd.getpwnam("nobody")
    with TemporaryDirectory() as folder:
        place = Path(folder)
        place.chmod(0o755)
        for package in SHIPPED:
            shutil.copytree(
                CHECKOUT / package, place / "source" / package, ignore=shutil.ignore_patterns("__pycache__")
            )
        for path in (place / "source", *(place / "source").rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        for name in ("home", "tmp"):
            (place / name).mkdir()
            os.chown(place / name, nobody.pw_uid, nobody.pw_gid)
        yield place


# Reads everything, as the interpreter may lie where only root may look, and writes nothing that is not theirs.
READING = "-all,+dac_read_search"
AS_NOBODY = [
    "setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups",
    f"--inh-caps={READING}", f"--ambient-caps={READING}", f"--bounding-set={READING}",
]  # fmt: skip


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("setpriv"), reason="only root can be somebody else")
def test_nobody_serves_from_a_source_that_cannot_be_changed(place: Path) -> None:
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(place / "source"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": "/nonexistent",
        "TMPDIR": str(place / "tmp"),
        "WERKSTATT_HOME": str(place / "home"),
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "LOG_LEVEL": "INFO",
    }
    before = sorted(place.glob("source/**/*"))
    with (place / "told").open("wb") as told:
        served = subprocess.Popen(
            [*AS_NOBODY, sys.executable, "-P", "-c", RUN, "serve", "--port", str(port)],
            cwd="/",
            env=environment,
            stdout=told,
            stderr=told,
        )
        try:
            eventually(lambda: answers(f"http://127.0.0.1:{port}/readyz"), seconds=90)
            shown = httpx.get(f"http://127.0.0.1:{port}/api/workshops", params={"plz": "50667"})
        finally:
            served.send_signal(signal.SIGTERM)
            served.wait(30)
    assert shown.status_code == 200
    assert b"Traceback" not in (place / "told").read_bytes()
    assert str(place / "source").encode() not in (place / "told").read_bytes(), "no crash was logged either"
    assert sorted(place.glob("source/**/*")) == before
    assert list(place.glob("home/*")), "what it keeps is where it shall be"
