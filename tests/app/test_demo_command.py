"""`werkstatt demo` as a process of its own: it starts, says where it is, fills with life, and leaves nothing behind."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import psycopg
from sqlalchemy import make_url

from app.phones.database import NAME
from tests.app.eventually import eventually
from tests.app.ports import free_port
from tests.app.test_serve import WERKSTATT


def plain(url: str, database: str | None = None) -> str:
    """The URL as psycopg itself wants it."""
    parts = make_url(url).set(drivername="postgresql")
    return (parts.set(database=database) if database else parts).render_as_string(hide_password=False)


@contextmanager
def running_demo(server: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process, and all it said until it was ready."""
    command = [*WERKSTATT, "demo", "--port", str(free_port())]
    demo = subprocess.Popen(command, env=os.environ | {"DATABASE_URL": server}, stderr=subprocess.PIPE, text=True)
    assert demo.stderr is not None
    try:
        told = ""
        while "Ctrl-C" not in told and (line := demo.stderr.readline()):
            told += line
        yield demo, told
    finally:
        demo.kill()
        demo.wait()
        demo.stderr.close()
        with psycopg.connect(plain(server), autocommit=True) as connection:
            connection.execute(f'drop database if exists "{NAME}" with (force)')


def test_the_demo_comes_alone_and_goes_with_ctrl_c(server: str) -> None:
    with running_demo(server) as (demo, told):
        assert re.search(r"\[ *\d+\.\d s\] PostgreSQL", told)
        url = re.findall(r"http\S+/demo", told)[0]
        assert httpx.get(url, timeout=30).status_code == 200

        def customers() -> int:
            with psycopg.connect(plain(server, NAME)) as connection:
                counted = connection.execute("select count(*) from appointments where status = 'confirmed'").fetchone()
                return int(counted[0]) if counted else 0

        eventually(lambda: customers() > 0, seconds=60)
        second = subprocess.run(
            [*WERKSTATT, "demo"],
            env=os.environ | {"DATABASE_URL": server},
            capture_output=True,
            check=False,
            timeout=60,
        )
        assert (second.returncode, b"running" in second.stderr) == (1, True)
        demo.send_signal(signal.SIGINT)
        assert demo.wait(timeout=30) in {0, 130}
