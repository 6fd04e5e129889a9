"""A message cut into words that compare equal however they were typed."""

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:['’`´][^\W_]+)*|[\u2600-\u27BF\U0001F000-\U0001FAFF]|[.!?;:,\n()–—]")
_SENTENCE_ENDS = frozenset(".!?;\n")
_CLAUSE_ENDS = _SENTENCE_ENDS | frozenset(",:()–—")
_APOSTROPHES = str.maketrans("", "", "'’`´")
_SPECIAL_LETTERS = str.maketrans({"ı": "i", "ø": "o", "æ": "a", "œ": "o", "ł": "l", "đ": "d"})
_INVISIBLE = dict.fromkeys(
    [0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFE0E, 0xFE0F, 0xFEFF, 0x20E3, *range(0x1F3FB, 0x1F400)]
)
LONGEST_WORD = 40


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a message: as typed, as compared, and where it stands; `asked` if its sentence ends in "?"."""

    typed: str
    folded: str
    start: int
    end: int
    clause: int
    sentence: int
    asked: bool = False


def clean(text: str) -> str:
    """The text with every letter in one piece: no ligatures, no invisible marks, no skin tones."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", text.translate(_INVISIBLE))


@lru_cache(maxsize=2_048)
def fold(word: str) -> str:
    """One spelling for all ways to type a word: Ölwechsel, OELWECHSEL and olwechsel are the same."""
    word = word.translate(_APOSTROPHES).casefold()
    if not word.isascii():
        decomposed = unicodedata.normalize("NFKD", word.translate(_SPECIAL_LETTERS))
        word = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return word.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def split(text: str) -> tuple[Word, ...]:
    """The words of a cleaned text; punctuation only separates clauses and sentences."""
    words: list[Word] = []
    clause = sentence = 0
    asked: set[int] = set()
    for match in _WORD.finditer(text):
        typed = match[0]
        if typed in _CLAUSE_ENDS:
            if typed in ".:" and _belongs_to_number(text, match.start()):
                continue
            clause += 1
            sentence += typed in _SENTENCE_ENDS
            if typed == "?":
                asked.add(sentence - 1)
        else:
            words.append(Word(typed, fold(typed[:LONGEST_WORD]), match.start(), match.end(), clause, sentence))
    return tuple(replace(word, asked=True) if word.sentence in asked else word for word in words)


def _belongs_to_number(text: str, dot: int) -> bool:
    """Whether the mark belongs to the number or the word around it ("24.11.", "1.5", "9:30", "z.B.")."""
    return (dot > 0 and text[dot - 1].isdigit() and dot + 1 < len(text)) or text[dot + 1 : dot + 2].isalnum()
