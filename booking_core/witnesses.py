"""Who is told what happens here, to count it. They hear of it at once, also of what is rolled back afterwards."""

from collections.abc import Callable

Witness = Callable[[str], object]

REFUSAL: list[Witness] = []
"""Hear the code of every no of the calendar."""

MISS: list[Witness] = []
"""Hear the name of every state of the dialog that could make nothing of what was said."""


def tell(witnesses: list[Witness], what: str) -> None:
    for witness in witnesses:
        witness(what)
