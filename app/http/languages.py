"""Which of our languages a caller reads."""

from collections.abc import Iterator

LANGUAGES = ("en", "de")
"""The first is for those who do not say: they are programs, and their authors read English."""


def preferred(accept_language: str) -> str:
    """Of our languages the one that a header Accept-Language likes best."""
    liked = {name: weight for name, weight in _weights(accept_language) if weight > 0}
    return max(LANGUAGES, key=lambda language: liked.get(language, liked.get("*", 0.0)))


def _weights(header: str) -> Iterator[tuple[str, float]]:
    for entry in reversed(header.split(",")):
        name, _, parameter = entry.partition(";")
        try:
            weight = float(parameter.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        yield name.strip().partition("-")[0].lower(), weight
