"""What workshops call the work they sell, in words of their own, for these are understood like the catalogues'."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from booking_core import services
from bot.understanding.lexicon import languages, lexicon

Jargon = Mapping[str, Sequence[str]]
"""Names by the code of the service."""

FRESH = timedelta(minutes=1)
"""So long a service that was just added may not be understood yet."""

_read: WeakKeyDictionary[Engine, tuple[datetime, Jargon]] = WeakKeyDictionary()


def jargon(session: Session, *, now: datetime) -> Jargon:
    """As it was a minute ago at the longest, for it seldom changes and every turn asks."""
    engine = session.get_bind().engine
    then, names = _read.get(engine, (datetime.min.replace(tzinfo=now.tzinfo), {}))
    if abs(now - then) < FRESH:
        return names
    known = {code for language in languages() for code in lexicon(language).services}
    names = services.own_names(session, besides=known)
    _read[engine] = now, names
    return names
