"""`python -m benchmarks.customers [--conversations 2000] [--seed N] [--channels telegram,sms,whatsapp]`."""

import argparse
import sys
import time

from benchmarks.customers.calendar import busy_workshops
from benchmarks.customers.report import report
from benchmarks.customers.talking import talk

SHOWN = 20


def main() -> None:
    """Lead the conversations of consecutive seeds, print the figures and the first failures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.customers", description=__doc__)
    parser.add_argument("--conversations", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0, help="the first one; each conversation takes the next")
    parser.add_argument("--channels", default="telegram,sms,whatsapp")
    parser.add_argument("--show", type=int, default=SHOWN, help="how many failures to print")
    parser.add_argument("--verbose", action="store_true", help="print all conversations")
    told = parser.parse_args()
    began = time.perf_counter()
    with busy_workshops() as engine:
        seeds = range(told.seed, told.seed + told.conversations)
        talks = [talk(engine, seed, told.channels.split(",")) for seed in seeds]
    taken = time.perf_counter() - began
    failures = [one for one in talks if told.verbose or not one.outcome.good or one.asked > 2]
    for one in failures[: told.conversations if told.verbose else told.show]:
        print(one.transcript, end="\n\n")
    print(report(talks, taken))
    sys.exit(any(one.outcome in ("crash", "wrong booking") for one in talks))


if __name__ == "__main__":
    main()
