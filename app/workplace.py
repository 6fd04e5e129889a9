"""What a worker works with: a database and the channels to carry letters to."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from sqlalchemy.orm import Session, sessionmaker

from app.database import POOL_SIZE, engine_for, session_factory
from app.migrating import migrate
from app.servers import database_server
from app.settings import Settings
from channels import open_channels
from channels.channel import Channel


@dataclass(frozen=True)
class Workplace:
    sessions: sessionmaker[Session]
    channels: Mapping[str, Channel]


_lock = threading.Lock()
_opened = ExitStack()
_here: list[Workplace] = []


@contextmanager
def open_workplace(settings: Settings, *, pool_size: int = POOL_SIZE) -> Iterator[Workplace]:
    """A workplace as the settings say. Raises ServerUnavailable or Misconfigured."""
    with (
        open_channels(settings) as channels,
        database_server(settings) as url,
        engine_for(url, pool_size=pool_size) as engine,
    ):
        if settings.database_url is None:
            migrate(engine)
        yield Workplace(session_factory(engine), channels)


def settle_in(workplace: Workplace) -> None:
    """Let the tasks of this process work here."""
    _here[:] = [workplace]


def workplace() -> Workplace:
    """This process's own: opened with its first task, since no connection may go through a fork."""
    with _lock:
        if not _here:
            settle_in(_opened.enter_context(open_workplace(Settings())))
    return _here[0]
