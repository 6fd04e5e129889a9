"""The points at which a process can be made to die, and that nothing happens at them otherwise."""

import os
import re
import signal
import subprocess
import sys
from collections import Counter

import pytest

from app.crash_points import VARIABLE, CrashPoint
from app.settings import CHECKOUT

LIFE = """
from app.crash_points import CrashPoint
for _ in range(5):
    for point in CrashPoint:
        point.passed()
    print("round", flush=True)
"""


def life(**environment: str) -> subprocess.CompletedProcess[str]:
    """Of a process that passes every point five times."""
    inherited = {name: value for name, value in os.environ.items() if name != VARIABLE}
    return subprocess.run(
        [sys.executable, "-c", LIFE], env=inherited | environment, cwd=CHECKOUT, capture_output=True, text=True
    )


@pytest.mark.parametrize("environment", [{}, {VARIABLE: ""}], ids=["without", "empty"])
def test_without_the_variable_nothing_happens(environment: dict[str, str]) -> None:
    lived = life(**environment)
    assert (lived.returncode, lived.stdout.count("round")) == (0, 5)


def test_with_it_the_process_is_dead_at_once_when_it_gets_there_so_often() -> None:
    died = life(**{VARIABLE: f"{CrashPoint.LETTER_SENT}:3"})
    assert (died.returncode, died.stdout.count("round")) == (-signal.SIGKILL, 2)


def test_a_point_that_does_not_exist_is_no_point() -> None:
    assert "ValueError" in life(**{VARIABLE: "lunch"}).stderr


def test_every_point_stands_in_the_code_once() -> None:
    code = "\n".join(path.read_text() for path in (CHECKOUT / "app").glob("**/*.py"))
    assert Counter(re.findall(r"CrashPoint\.(\w+)\.passed\(\)", code)) == Counter(CrashPoint.__members__.keys())


def test_only_tests_set_the_variable() -> None:
    named = [path for path in CHECKOUT.glob("*") if path.is_file() and VARIABLE in path.read_text(errors="ignore")]
    assert named == []
