"""Why a message was understood as it was: which words made which part."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.understanding.listening import Listening, listen
from bot.understanding.meaning import Expecting

_TOLD = frozenset({"service", "symptom", "intent", "skip", "negation", "unwanted", "name", "aside"})


@dataclass(frozen=True, slots=True)
class Because:
    """Some words of the message, as typed, and the part that they made: "service oil-change", "plz"."""

    part: str
    words: str


def explain(
    text: str,
    *,
    now: datetime,
    language: str | None,
    expecting: Expecting = Expecting.NOTHING,
    words: Mapping[str, Sequence[str]] | None = None,
) -> tuple[Because, ...]:
    """The reasons for what `understand` makes of the same message, in the order of its words, each once.

    Also those that lost: a service not wanted, a yes that was only talk.
    """
    listened = listen(text, now=now, language=language, expecting=expecting, words=words or {})
    reasons = sorted([*_phrases(listened), *_details(listened)], key=lambda reason: reason[0])
    return tuple(dict.fromkeys(because for _, because in reasons))


def _phrases(listened: Listening) -> Iterator[tuple[int, Because]]:
    line = listened.hearing.words
    for hit in listened.hearing.hits:
        kind, key = hit.sense.kind, hit.sense.key
        if kind not in _TOLD and key not in _TOLD:
            continue
        said = " ".join(line[place].typed for place in hit.places)
        yield line[hit.first].start, Because(kind if kind == key else f"{kind} {key}", said)


def _details(listened: Listening) -> Iterator[tuple[int, Because]]:
    for name, spans in listened.spans.items():
        for start, end in spans:
            yield start, Because(name, listened.text[start:end].strip())
