"""Schemathesis reads our description and tries what nobody thought of."""

import os
import subprocess
import sys
from pathlib import Path

from app.settings import CHECKOUT

RUN = "from schemathesis.cli import schemathesis; schemathesis()"
CONFIG = Path(__file__).parent / "fuzzing.toml"
THOROUGH = "FUZZ_EXAMPLES" in os.environ
EXAMPLES = os.environ.get("FUZZ_EXAMPLES", "2")
"""Per operation in the fuzzing phase; the examples and the edge cases are the same each time. Once in a while: 100."""


def fuzz(url: str, where: Path, *options: str, **environment: str) -> None:
    """All checks unless some are excluded; fails with all that Schemathesis found."""
    command = [sys.executable, "-c", RUN, "--config-file", str(CONFIG), "run", f"{url}/openapi.json", "--checks", "all"]
    hooks = {"SCHEMATHESIS_HOOKS": "tests.app.fuzzing_hooks", "PYTHONPATH": str(CHECKOUT)}
    run = subprocess.run(
        [*command, "-n", EXAMPLES, "--generation-deterministic", "--no-color", *options],
        cwd=where,
        env=os.environ | hooks | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
