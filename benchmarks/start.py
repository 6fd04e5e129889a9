"""How long the command line takes to start: `python -m benchmarks.start`."""

import subprocess
import sys
from pathlib import Path
from time import perf_counter

from benchmarks.figures import Chapter, Figure, tell

ROUNDS = 15
COMMANDS = {"werkstatt --help": ["--help"], "werkstatt --version": ["--version"]}
WERKSTATT = Path(sys.executable).with_name("werkstatt")


def seconds(command: list[str]) -> float:
    begun = perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return perf_counter() - begun


def main() -> None:
    bare = [sys.executable, "-c", ""]
    commands = {name: [str(WERKSTATT), *arguments] for name, arguments in COMMANDS.items()} | {"bare Python": bare}
    took: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, command in commands.items():
            took[name].append(seconds(command) * 1000)
    limits = {"werkstatt --help": 250.0}
    figures = tuple(Figure(name, "ms", tuple(times), at_most=limits.get(name)) for name, times in took.items())
    text = "A new process each time, until it has ended; beside a Python that does nothing."
    tell(Chapter("9-start", "Starting the command line", text, figures))


if __name__ == "__main__":
    main()
