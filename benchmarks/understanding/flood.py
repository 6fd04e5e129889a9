"""`python -m benchmarks.understanding.flood [messages]`: what we promise of every message, asked of 100,000 of them.

Half are words of the corpus in any order, a quarter is its messages with slips, a quarter any Unicode; the moments
reach from year 1 to year 9999. The same number of messages is always the same messages.
"""

import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from random import Random

from bot.understanding.meaning import Expecting
from tests.bot.understanding.corpus import NOW, cases
from tests.bot.understanding.promises import LANGUAGES, MOMENTS, broken

_MESSAGES = 100_000
_SEED = 7
_LONGEST = 160
_SURROGATES = range(0xD800, 0xE000)
_EVERYDAY = 19


def _letter(chance: Random) -> str:
    number = chance.choice((chance.randrange(0x80), chance.randrange(0x3000), chance.randrange(sys.maxunicode + 1)))
    return "?" if number in _SURROGATES else chr(number)


def _noise(chance: Random) -> str:
    return "".join(_letter(chance) for _ in range(chance.randrange(_LONGEST)))


def _writers() -> tuple[Callable[[Random], str], ...]:
    texts = [case.text for case in cases()]
    words = sorted({word for text in texts for word in text.split()})

    def jumbled(chance: Random) -> str:
        return " ".join(chance.choices(words, k=chance.randrange(20)))

    def slipped(chance: Random) -> str:
        letters = list(chance.choice(texts))
        for _ in range(chance.randrange(1, 4)):
            letters[chance.randrange(len(letters))] = chance.choice((_letter(chance), "", " "))
        return "".join(letters)

    return jumbled, jumbled, slipped, _noise


def _moment(chance: Random) -> datetime:
    return NOW if chance.randrange(_EVERYDAY + 1) < _EVERYDAY else chance.choice(MOMENTS)


def main() -> int:
    """Print how many messages broke which promise; 1 if any did."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else _MESSAGES
    chance, writers, failed = Random(_SEED), _writers(), Counter[str]()
    languages, questions = list(LANGUAGES), list(Expecting)
    began = time.perf_counter()
    for _ in range(count):
        text, now = chance.choice(writers)(chance), _moment(chance)
        asked = {"language": chance.choice(languages), "expecting": chance.choice(questions), "now": now}
        try:
            failed.update(broken(text, **asked))  # type: ignore[arg-type]
        except Exception as error:
            failed[f"raised {type(error).__name__}"] += 1
            print(f"{text!r} {asked}: {error!r}", file=sys.stderr)
    took = time.perf_counter() - began
    kept = "every promise was kept" if not failed else ", ".join(f"{what} ×{times}" for what, times in failed.items())
    print(f"{count:,} messages in {took:.0f} s: {kept}.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
