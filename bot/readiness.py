"""What a process loads on first use, loaded before the first customer waits for it."""

from datetime import UTC, datetime

from booking_core import feast_days, postcodes
from bot import phrases
from bot.understanding import understand
from bot.understanding.meaning import Expecting

_WORDS = {"de": "Hallo, Ölwechsel morgen um 10 in 50667", "en": "Hello, an oil change tomorrow at 10 in 50667"}


def get_ready() -> None:
    """Compile the catalogues of all languages, and read phrases, postcodes and holidays; it takes a second."""
    now = datetime.now(UTC)
    for language, words in _WORDS.items():
        understand(words, now=now, language=language, expecting=Expecting.NOTHING)
        phrases.load(language, now=now)
    postcodes.locate("50667")
    feast_days.feast_days("NW", False, now.year)
