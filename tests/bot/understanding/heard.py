"""Short ways to ask what a message means."""

from bot.understanding import understand
from bot.understanding.meaning import Expecting, Understanding
from tests.bot.understanding.corpus import NOW


def heard(text: str, after: str = "nothing", language: str | None = None) -> Understanding:
    """What we make of `text` after the question with that code."""
    return understand(text, now=NOW, language=language, expecting=Expecting(after))


def intents(text: str, after: str = "nothing", language: str | None = None) -> list[str]:
    """The intents by their codes."""
    return [str(intent) for intent in heard(text, after, language).intents]


def services(text: str, language: str | None = None) -> list[str]:
    """The service codes."""
    return list(heard(text, language=language).services)
