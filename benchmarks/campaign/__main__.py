"""The large sizes of the reliability tests, within a budget of time; prints the report that docs/Reliability.md keeps.

`python -m benchmarks.campaign --kills 1000 --minutes 60 --turns 1000000 --soak 90`
"""

import argparse
import os
import random
import subprocess
import sys
import time

from tests.faults import soak
from tests.faults.storm import rage, tell_now_and_then, told


def talk(turns: int, minutes: float) -> str:
    """Let customers who write anything take so many turns, or as many as there is time for, two thousand at a time."""
    portion, done, until = min(turns, 2_000), 0, time.monotonic() + 60 * minutes
    while done < turns and time.monotonic() < until:
        command = [sys.executable, "-m", "pytest", "-q", "tests/bot/test_any_talk.py"]
        ended = subprocess.run(command, env=os.environ | {"TURNS": str(portion)}, capture_output=True, text=True)
        if ended.returncode:
            return f"{done} turns, then:\n{ended.stdout[-3000:]}"
        done += portion
    return f"{done} turns of customers who say anything, and an answer to each"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1_000)
    parser.add_argument("--minutes", type=float, default=60, help="at most, for the deaths and again for the talks")
    parser.add_argument("--turns", type=int, default=1_000_000)
    parser.add_argument("--soak", type=float, default=90, help="minutes with each thing dead in turn")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)
    storm, wrong = rage(arguments.kills, arguments.seed, seconds=60 * arguments.minutes, watch=tell_now_and_then)
    print(told(storm, wrong), *wrong[:20], sep="\n", flush=True)
    soak.main(arguments.soak)
    print(talk(arguments.turns, arguments.minutes), flush=True)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
