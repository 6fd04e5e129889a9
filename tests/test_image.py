"""As in the image: the wheel, its libraries and no others, all of them read-only, and an account without a home."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.app.eventually import eventually
from tests.app.ports import free_port
from tests.app.test_serve import answers
from tests.booking_core.builders import a_garage
from tests.faults.proxy import Wire
from tests.faults.workshop import a_redis
from tests.wheel import ROOT, a_wheel

UID = int(re.findall(r"^USER (\d+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)[0])
PYTHON = str(Path(sys.base_exec_prefix) / "bin" / f"python3.{sys.version_info.minor}")
"""Ours, without what is installed beside it."""

READING = "-all,+dac_read_search"
AS_ITS_ACCOUNT = [
    "setpriv", f"--reuid={UID}", f"--regid={UID}", "--clear-groups", "--no-new-privs",
    f"--inh-caps={READING}", f"--ambient-caps={READING}", f"--bounding-set={READING}",
]  # fmt: skip
"""It reads everything, as the interpreter may lie where only root may look, and writes nothing that is not its own."""

ENTRY = "from app.cli import main; main()"

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("setpriv"), reason="only root can be somebody else"),
]


@dataclass(frozen=True)
class Image:
    """What a container has: programs that cannot be changed, and a folder for what does not matter."""

    place: Path

    @contextmanager
    def running(self, *words: str, **settings: str) -> Iterator[subprocess.Popen[str]]:
        """`python …` as the image's account, until we are done with it."""
        libraries = f"{self.place / 'installed'}:{self.place / 'libraries'}"
        with (self.place / "said").open("wb") as said:
            process = subprocess.Popen(
                [*AS_ITS_ACCOUNT, PYTHON, "-S", "-P", "-B", *words],
                env={"PYTHONPATH": libraries, "TMPDIR": str(self.place / "tmp"), "PYTHONUTF8": "1", **settings},
                cwd="/",
                stdout=said,
                stderr=said,
                text=True,
            )
            try:
                yield process
            finally:
                process.terminate()
                process.wait(60)

    def until(self, process: subprocess.Popen[str], condition: Callable[[], bool]) -> None:
        eventually(lambda: process.poll() is not None or condition(), seconds=120)
        assert process.poll() is None, self.said

    @property
    def said(self) -> str:
        """By whatever runs or ran last."""
        return (self.place / "said").read_text()

    def say(self, words: str) -> str:
        with self.running("-c", words) as process:
            assert process.wait(120) == 0, self.said
        return self.said


@pytest.fixture(scope="module")
def image() -> Iterator[Image]:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        with zipfile.ZipFile(a_wheel(place / "built")) as packed:
            packed.extractall(place / "installed")
        (place / "libraries").mkdir()
        for name in re.findall(r"^([\w-]+)\S*==", (ROOT / "requirements.run.lock").read_text(), re.MULTILINE):
            _link(name, place / "libraries")
        for path in (place, *(place / "installed").rglob("*"), place / "installed", place / "libraries"):
            path.chmod(0o555 if path.is_dir() else 0o444)
        (place / "tmp").mkdir()
        os.chown(place / "tmp", UID, UID)
        yield Image(place)


def _link(library: str, place: Path) -> None:
    """The library, if this machine is one that needs it."""
    try:
        installed = distribution(library)
    except PackageNotFoundError:
        return
    for name in {file.parts[0] for file in installed.files or ()} - {"..", "__pycache__"}:
        if not (place / name).exists():
            (place / name).symlink_to(str(installed.locate_file(name)))


def test_its_account_has_no_name_and_no_home_and_can_change_nothing(image: Image) -> None:
    try_it = f"""if True:
        import os, pwd, pathlib
        try: print(pwd.getpwuid(os.getuid()))
        except KeyError: print('nobody')
        for place in {str(image.place)!r}, {str(image.place / "installed")!r}, '/':
            try: (pathlib.Path(place) / 'mine').touch(); print('written')
            except OSError: print('refused')
    """
    assert image.say(try_it).split() == ["nobody", "refused", "refused", "refused"]


def test_it_knows_its_commands_and_its_words(image: Image) -> None:
    assert "PUBLIC_URL=" in image.say(f"import sys; sys.argv = ['werkstatt', 'settings']; {ENTRY}")
    understand = (
        "from bot.understanding import understand; from datetime import datetime, UTC; "
        "print(understand('Ölwechsel', now=datetime.now(UTC), language=None).services)"
    )
    assert "oil-change" in image.say(understand)


def test_it_serves_and_works(image: Image, database: Engine) -> None:
    """Its database is reached over a wire, as the servers of a container are."""
    with Session(database) as session, session.begin():
        a_garage(session)
    port = free_port()
    socket = f"{database.url.query['host']}/.s.PGSQL.5432"
    with Wire(socket).open() as wire, a_redis() as redis:
        url = f"postgresql://{database.url.username}@127.0.0.1:{wire.port}/{database.url.database}"
        servers = {"DATABASE_URL": url, "REDIS_URL": redis.url}
        with image.running("-c", ENTRY, "worker", **servers) as worker:
            image.until(worker, lambda: "At work" in image.said)
        assert worker.returncode == 0
        assert "Traceback" not in image.said
        with image.running("-c", ENTRY, "serve", "--port", str(port), **servers) as server:
            image.until(server, lambda: answers(f"http://127.0.0.1:{port}/readyz"))
            shown = httpx.get(f"http://127.0.0.1:{port}/api/workshops", params={"plz": "50667"})
        assert shown.status_code == 200
        assert "Traceback" not in image.said
