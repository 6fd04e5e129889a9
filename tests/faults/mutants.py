"""Guards taken away one by one, on a copy of the tree: each must turn a test red.

`make mutants` tries all of them; `python -m tests.faults.mutants lease hold` those whose names hold one of the words.
"""

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from app.embedded import Postgres, Valkey, shared, temporary_home
from app.settings import CHECKOUT

AT_ONCE = 2
PATIENCE = 120
TREE = ("app", "benchmarks", "booking_core", "bot", "channels", "migrations", "tests", "docs", "decisions")


@dataclass(frozen=True)
class Mutant:
    """A guard by what it promises; `old` is replaced by `new` in `file`, and then one of `tests` must fail."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def matches(self, root: Path = CHECKOUT) -> int:
        return (root / self.file).read_text("utf-8").count(self.old)

    def apply(self, root: Path) -> None:
        place = root / self.file
        place.write_text(place.read_text("utf-8").replace(self.old, self.new), "utf-8")


def mutants() -> Iterator[Mutant]:
    for name, [told] in tomllib.loads((Path(__file__).parent / "mutants.toml").read_text("utf-8")).items():
        yield Mutant(name, told["file"], told["old"], told["new"], tuple(told["tests"]))


def is_noticed(mutant: Mutant, environment: dict[str, str]) -> bool:
    """Whether a test fails without the guard. Those that change the schema need a server of their own."""
    with TemporaryDirectory() as place:
        root = Path(place)
        for name in TREE:
            shutil.copytree(CHECKOUT / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "images"))
        for path in CHECKOUT.iterdir():
            if path.is_file():
                shutil.copy(path, root)
        root.chmod(0o755)  # PostgreSQL's own account reads it too.
        mutant.apply(root)
        inherited = os.environ | {"PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
        shared_servers = {} if mutant.file.startswith("migrations/") else environment
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *mutant.tests]
        try:
            ended = subprocess.run(
                command, cwd=root, env=inherited | shared_servers, capture_output=True, text=True, timeout=PATIENCE
            )
        except subprocess.TimeoutExpired:
            return True  # A test that never ends is one that fails.
    if ended.returncode not in {0, 1}:
        raise RuntimeError(f"{mutant.name}: {ended.stdout[-2000:]}{ended.stderr[-500:]}")
    return ended.returncode == 1


def main(words: list[str]) -> None:
    chosen = [mutant for mutant in mutants() if not words or any(word in mutant.name for word in words)]
    if lost := [mutant.name for mutant in chosen if mutant.matches() != 1]:
        sys.exit(f"no such code any more: {', '.join(lost)}")
    with ExitStack() as stack:
        home = stack.enter_context(temporary_home())
        environment = {
            "DATABASE_URL": stack.enter_context(shared(Postgres(durable=False), home)),
            "REDIS_URL": stack.enter_context(shared(Valkey(durable=False), home)),
        }

        def judge(mutant: Mutant) -> bool:
            noticed = is_noticed(mutant, environment)
            sys.stdout.write(f"{'noticed ' if noticed else 'SURVIVED'}  {mutant.name}\n")
            sys.stdout.flush()
            return noticed

        with ThreadPoolExecutor(AT_ONCE) as pool:
            noticed = list(pool.map(judge, chosen))
    sys.stdout.write(f"{sum(noticed)} of {len(chosen)} mutants were noticed\n")
    sys.exit(not all(noticed))


if __name__ == "__main__":
    main(sys.argv[1:])
