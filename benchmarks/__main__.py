"""`python -m benchmarks [NAME…]`: run the benchmarks, all or those named, and write `docs/Performance.md` from them."""

import os
import subprocess
import sys
from time import perf_counter

from benchmarks import page, requirements
from benchmarks.figures import FOLDER

BENCHMARKS: tuple[str, ...] = ("search", "booking", "growth", "turns", "reminders", "letters", "api", "start")
"""The modules, each of which is also a command of its own; in the order in which they run."""


def main() -> None:
    page.FIGURES.mkdir(parents=True, exist_ok=True)
    failed = [name for name in sys.argv[1:] or BENCHMARKS if not run(name)]
    page.write()
    requirements.write()
    if failed:
        sys.exit(f"failed: {', '.join(failed)}; their figures in {page.PAGE} are older ones, or missing")


def run(name: str) -> bool:
    """Each in a process of its own, so that none pays for what another has loaded."""
    begun = perf_counter()
    command = [sys.executable, "-m", f"benchmarks.{name}"]
    done = subprocess.run(command, env={**os.environ, FOLDER: str(page.FIGURES)}, check=False)
    print(f"[{name}: {perf_counter() - begun:.0f} s]", file=sys.stderr)
    return done.returncode == 0


if __name__ == "__main__":
    main()
