"""What is shipped: the wheel holds all that the source does, and the files beside it tell the truth."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from app.commands.settings import current_lines, example_lines
from tests.wheel import ROOT, a_wheel, tracked

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


@pytest.mark.long
def test_the_wheel_holds_every_file_and_runs_from_anywhere(tmp_path: Path) -> None:
    with zipfile.ZipFile(a_wheel(tmp_path / "built")) as packed:
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
