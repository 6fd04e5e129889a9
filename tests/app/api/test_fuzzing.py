"""Schemathesis reads the description and tries what nobody thought of: all checks, all phases."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.settings import CHECKOUT
from tests.app.api.tour import demo_town

HERE = Path(__file__).parent
RUN = "from schemathesis.cli import schemathesis; schemathesis()"
EXAMPLES = os.environ.get("FUZZ_EXAMPLES", "2")
"""Per operation in the fuzzing phase; the examples and the edge cases are the same each time. Once in a while: 100."""


@pytest.fixture(scope="module")
def town(server: str) -> Iterator[httpx.Client]:
    with demo_town(server) as client:
        yield client


def fuzz(town: httpx.Client, where: Path, *options: str, **environment: str) -> None:
    url = str(town.base_url).rstrip("/")
    command = [sys.executable, "-c", RUN, "--config-file", str(HERE / "fuzzing.toml"), "run", f"{url}/openapi.json"]
    settings = ["-n", EXAMPLES, "--generation-deterministic", "--no-color", "--exclude-path-regex", "^/api/admin"]
    hooks = {"SCHEMATHESIS_HOOKS": "tests.app.api.fuzzing_hooks", "PYTHONPATH": str(CHECKOUT)}
    run = subprocess.run(
        [*command, *settings, *options],
        cwd=where,
        env=os.environ | hooks | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_strangers_find_nothing(town: httpx.Client, tmp_path: Path) -> None:
    fuzz(town, tmp_path, "--checks", "all")


def test_guests_find_nothing_either(town: httpx.Client, tmp_path: Path) -> None:
    """A wrong proof is a 404 like a missing appointment, which `ignored_auth` takes for no refusal."""
    phases = "examples,fuzzing,stateful"
    fuzz(town, tmp_path, "--checks", "all", "--exclude-checks", "ignored_auth", "--phases", phases, AS_GUEST="yes")
