"""What is shipped: the wheel holds all that the source does, and the files beside it tell the truth."""

import os
import re
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from pathlib import Path

import pytest

from app.commands.settings import current_lines, example_lines

ROOT = Path(__file__).parents[1]
PACKAGES = ("app", "channels", "bot", "booking_core", "migrations")


def test_the_example_of_settings_knows_them_all() -> None:
    assert (ROOT / ".env.example").read_text(encoding="utf-8").splitlines() == list(example_lines()), (
        "run: werkstatt settings --example > .env.example"
    )


def test_a_secret_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEN", "12345:abc")
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:hidden@host/name")
    monkeypatch.setenv("PUBLIC_URL", "https://termin.example.de")
    shown = list(current_lines())
    assert "TELEGRAM_TOKEN=(set)" in shown
    assert "DATABASE_URL=(set)" in shown
    assert "PUBLIC_URL=https://termin.example.de" in shown
    assert "SMTP_URL=" in shown


def test_a_secret_may_lie_in_a_file_and_an_empty_one_is_none(tmp_path: Path) -> None:
    (tmp_path / "telegram_token").write_text("12345:abc\n", encoding="utf-8")
    (tmp_path / "smtp_url").write_text("", encoding="utf-8")
    show = "from app.settings import Settings as S; s = S(); print(s.telegram_token, s.smtp_url)"
    environment = {"CREDENTIALS_DIRECTORY": str(tmp_path), "PYTHONPATH": str(ROOT)}
    shown = subprocess.run([sys.executable, "-c", show], env=environment, capture_output=True, text=True, check=True)
    assert shown.stdout == "12345:abc None\n"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from what belongs to the repository and nothing else."""
    source, built = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("built")
    for name in tracked():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes((ROOT / name).read_bytes())
    build = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, str(built)], cwd=source, capture_output=True, check=True)
    [found] = built.glob("*.whl")
    return found


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.long
def test_the_wheel_holds_every_file_and_runs_from_anywhere(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        shipped = set(packed.namelist())
        packed.extractall(tmp_path / "installed")
    ours = {name for name in tracked() if name.startswith(tuple(f"{package}/" for package in PACKAGES))}
    assert ours <= shipped
    understand = "import sys; from app.cli import command_line; command_line(['understand'])(['understand'])"
    heard = subprocess.run(
        [sys.executable, "-P", "-c", understand],
        input="Ölwechsel\n",
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "installed"), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "oil-change" in heard.stdout


def python_for(uid: int) -> str:
    """One of our version that this account may run; ours may lie in somebody's home."""
    for python in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}"):
        try:
            subprocess.run([python, "-c", ""], user=uid, group=uid, extra_groups=[], cwd="/", check=True, env={})
        except (OSError, subprocess.CalledProcessError):
            continue
        return python
    pytest.skip("no Python that everybody may run")


@pytest.mark.long
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_the_account_of_the_image_needs_nothing_but_a_place_for_temporary_files(wheel: Path) -> None:
    """As in the image: the wheel, its libraries, user 10001, and nothing that can be written to but /tmp."""
    uid = int(re.findall(r"^USER (\d+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)[0])
    python = python_for(uid)
    with tempfile.TemporaryDirectory() as folder:
        installed, scratch = Path(folder) / "installed", Path(folder) / "tmp"
        with zipfile.ZipFile(wheel) as packed:
            packed.extractall(installed)
        for path in (Path(folder), *installed.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        scratch.mkdir()
        os.chown(scratch, uid, uid)
        environment = {
            "PYTHONPATH": f"{installed}:{sysconfig.get_path('purelib')}",
            "TMPDIR": str(scratch),
            "HOME": "/nonexistent",
            "PYTHONUTF8": "1",
        }

        def run(words: str) -> str:
            ran = subprocess.run(
                [python, "-P", "-B", "-c", words],
                user=uid,
                group=uid,
                extra_groups=[],
                cwd="/",
                env=environment,
                capture_output=True,
                text=True,
            )
            assert ran.returncode == 0, ran.stderr
            return ran.stdout

        entry = "import sys; from app.cli import main; sys.argv = ['werkstatt', {}]; main()"
        assert "worker" in run(entry.format("'--help'"))
        assert "PUBLIC_URL=" in run(entry.format("'settings'"))
        assert run("import app, app.courier, app.migrating, bot.turn; print(app.__file__)") == (
            f"{installed}/app/__init__.py\n"
        )
        assert "oil-change" in run(
            "from bot.understanding import understand; from datetime import datetime, UTC; "
            "print(understand('Ölwechsel', now=datetime.now(UTC), language=None).services)"
        )
