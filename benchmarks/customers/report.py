"""The figures of many conversations."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from statistics import median

from benchmarks.customers.judging import Outcome
from benchmarks.customers.talking import Talk

REPEATED = 2
"""How often a question may be asked in a row."""


def report(talks: Sequence[Talk], seconds: float) -> str:
    """Tables for people; `seconds` is what all the talking took."""
    return "\n".join(
        [
            f"{len(talks)} conversations in {seconds:.0f} s",
            *_table("all", talks, lambda talk: "all"),
            *_table("goal", talks, lambda talk: talk.kind),
            *_table("channel", talks, lambda talk: talk.channel),
            *_table("language", talks, lambda talk: talk.language),
            "",
            *(f"{outcome:30} {count:5}" for outcome, count in Counter(talk.outcome for talk in talks).most_common()),
        ]
    )


def _table(title: str, talks: Sequence[Talk], key: Callable[[Talk], str]) -> Iterator[str]:
    yield ""
    head = f"{title:20} {'talks':>6} {'success':>8} {'wrong':>6} {'crash':>6} {'asked >2':>9}"
    yield f"{head}  messages min/median/max, per errand"
    for name in sorted({key(talk) for talk in talks}):
        group = [talk for talk in talks if key(talk) == name]
        good = sum(talk.outcome.good for talk in group)
        wrong = sum(talk.outcome is Outcome.WRONG for talk in group)
        crashes = sum(talk.outcome is Outcome.CRASH for talk in group)
        repeated = sum(talk.asked > REPEATED for talk in group)
        messages = [talk.messages for talk in group]
        errands = [talk.messages / talk.errands for talk in group]
        yield (
            f"{name:20} {len(group):6} {100 * good / len(group):7.1f}% {wrong:6} {crashes:6} {repeated:9}"
            f"  {min(messages)}/{median(messages):g}/{max(messages)}, {median(errands):g}"
        )
