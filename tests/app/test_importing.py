"""Operators take over what they have in tables and calendars, and set up who may steer."""

import re
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.access import api_keys, passwords
from app.clock import database_now
from booking_core.counter import bookings
from booking_core.tables import ClosureRow, ResourceRow, ServiceRow, StaffUserRow, WorkshopRow
from tests.app.test_cli import Shell, Told
from tests.booking_core.builders import BERLIN, NOW, a_customer, a_garage, berlin


class Operator:
    """At the command line of one database, with a folder for files."""

    def __init__(self, shell: Shell, engine: Engine, folder: Path) -> None:
        self._shell, self.engine, self._folder = shell, engine, folder

    def __call__(self, *arguments: str) -> Told:
        return self._shell(*arguments, DATABASE_URL=self.engine.url.render_as_string(hide_password=False))

    def file(self, text: str, name: str = "table.csv") -> str:
        path = self._folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def rows(self, table: type) -> list[object]:
        with Session(self.engine) as session:
            return list(session.scalars(select(table)))


@pytest.fixture
def operator(
    database: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Operator:
    return Operator(Shell(monkeypatch, capsys), database, tmp_path)


HOURS, LIFTS = "mon-fri 07:30-12:00 13:00-17:30; sat 08:00-12:00", "lift: Bühne 1; lift: Bühne 2"
WORKSHOPS = f"""name,address,plz,city,phone,state,opening_hours,resources
Werkstatt Nord,Hafenweg 1,20457,Hamburg,040 1234567,HH,{HOURS},{LIFTS}
"""


def test_a_table_of_workshops_opens_them_with_all_they_work_with(operator: Operator) -> None:
    table = operator.file(WORKSHOPS)
    dry = operator("import", "workshops", table, "--dry-run")
    assert (dry.returncode, dry.stdout) == (0, "")
    assert "would be" in dry.stderr
    assert operator.rows(WorkshopRow) == []
    taken = operator("import", "workshops", table)
    [workshop] = operator.rows(WorkshopRow)
    assert isinstance(workshop, WorkshopRow)
    assert (taken.returncode, taken.stdout) == (0, f"{workshop.id}\tWerkstatt Nord\n")
    assert workshop.opening_hours["fri"] == [["07:30", "12:00"], ["13:00", "17:30"]]
    assert (workshop.phone, 53 < workshop.lat < 54) == ("+49401234567", True)
    assert len(operator.rows(ResourceRow)) == 2
    again = operator("import", "workshops", table)
    assert again.returncode == 1
    assert "line 2: there is a workshop Werkstatt Nord in 20457 already" in again.stderr


def test_every_line_that_is_wrong_is_named_and_nothing_is_taken_over(operator: Operator) -> None:
    good = WORKSHOPS.splitlines()[1]
    table = operator.file(
        "\n".join(
            [
                *WORKSHOPS.splitlines(),
                good.replace("Nord", "Süd").replace("20457", "2045"),
                good.replace("Nord", "Ost").replace("mon-fri", "Mo-Fr"),
                good.replace("Nord", "West").replace("12:00 13", "12:00 11"),
                good.replace("Nord", "Mitte").replace("Bühne 2", "Bühne 1"),
                good + ",zu viel",
            ]
        )
    )
    told = operator("import", "workshops", table)
    assert told.returncode == 1
    said = told.stderr.splitlines()
    assert [re.match(r"line (\d)", line)[1] for line in said[:-1]] == ["3", "4", "5", "6", "7"]  # type: ignore[index]
    assert said[-1] == "Nothing was taken over."
    assert operator.rows(WorkshopRow) == []


def test_services_are_worded_for_everybody_or_for_one(operator: Operator) -> None:
    with Session(operator.engine) as session, session.begin():
        garage = a_garage(session)
    table = operator.file(
        "workshop;code;name;name_en;duration_minutes;price;kinds;season\n"
        ";battery;Batterie;Battery;30;1000;lift;10-01/04-15\n"
        f"{garage.workshop};battery;Batterie und mehr;Battery;45;1500;lift; alignment;\n".replace("lift; a", "lift")
    )
    told = operator("import", "services", table)
    assert told.returncode == 0, told.stderr
    found = [row for row in operator.rows(ServiceRow) if isinstance(row, ServiceRow) and row.code == "battery"]
    assert [(row.workshop_id, row.price) for row in found] == [(None, 1000), (garage.workshop, 1500)]
    assert operator("import", "services", table).returncode == 0
    assert len(operator.rows(ServiceRow)) == 3, "the same code is worded anew"
    nobody = operator.file("workshop,code,name,name_en,duration_minutes,price,kinds\n99,a,A,A,1,1,lift\n")
    assert "line 2: There is no such workshop." in operator("import", "services", nobody).stderr


def test_closures_come_from_tables_and_calendars(operator: Operator) -> None:
    with Session(operator.engine) as session, session.begin():
        garage = a_garage(session)
    table = operator.file(
        f"workshop,start,end,reason,resource\n{garage.workshop},2026-12-24,2027-01-01,Betriebsferien,\n"
        f"{garage.workshop},2026-12-01T08:00,2026-12-01T12:00,defekt,Bühne 1\n"
    )
    told = operator("import", "closures", table)
    assert told.returncode == 0, told.stderr
    calendar = operator.file(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Inventur\r\n"
        "DTSTART;VALUE=DATE:20270201\r\nDTEND;VALUE=DATE:20270203\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        "inventur.ics",
    )
    assert operator("import", "closures", calendar, "--workshop", str(garage.workshop)).returncode == 0
    found = [
        (row.reason, row.start_time.astimezone(BERLIN), row.end_time.astimezone(BERLIN), row.resource_id)
        for row in operator.rows(ClosureRow)
        if isinstance(row, ClosureRow)
    ]
    assert found == [
        ("Betriebsferien", berlin("2026-12-24 00:00"), berlin("2027-01-02 00:00"), None),
        ("defekt", berlin("2026-12-01 08:00"), berlin("2026-12-01 12:00"), garage.lifts[0]),
        ("Inventur", berlin("2027-02-01 00:00"), berlin("2027-02-03 00:00"), None),
    ]


def test_closures_that_hit_somebody_say_so(operator: Operator) -> None:
    with Session(operator.engine) as session, session.begin():
        garage, petra = a_garage(session), a_customer(session)
        start = berlin("2026-11-24 10:00")
        bookings.book(session, garage.workshop, petra, [garage.service], start, actor="staff:1", now=NOW)
    table = operator.file(f"workshop,start,end,reason\n{garage.workshop},2026-11-24,2026-11-24,Inventur\n")
    told = operator("import", "closures", table, "--dry-run")
    assert "1 appointments stand in these closures" in told.stderr
    assert operator.rows(ClosureRow) == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("2026-12-24,2026-12-20,Ferien,", "a closure ends after it starts"),
        ("2026-12-24,2026-12-27,Ferien,Bühne 9", "the workshop has no Bühne 9"),
        ("Heiligabend,2026-12-27,Ferien,", "start"),
    ],
)
def test_a_closure_that_cannot_be_is_explained(operator: Operator, line: str, words: str) -> None:
    with Session(operator.engine) as session, session.begin():
        garage = a_garage(session)
    told = operator(
        "import", "closures", operator.file(f"workshop,start,end,reason,resource\n{garage.workshop},{line}\n")
    )
    assert told.returncode == 1
    assert words in told.stderr


def test_doctor_says_what_the_house_still_wants(operator: Operator) -> None:
    told = operator("doctor").stdout
    assert "werkstatt import workshops" in told
    assert "werkstatt staff create" in told
    operator("import", "workshops", operator.file(WORKSHOPS))
    operator("staff", "create", "--email", "anna@example.de", "--name", "Anna")
    told = operator("doctor").stdout
    assert "Workshops: 1" in told
    assert "Staff: 1 may sign in" in told
    with operator.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE audit_log DISABLE TRIGGER audit_log_append_only")
        connection.exec_driver_sql("UPDATE audit_log SET actor = 'nobody'")
    assert "MISSING  Audit log: changed after it was written" in operator("doctor").stdout


def test_files_that_cannot_be_read_are_no_crash(operator: Operator, tmp_path: Path) -> None:
    (tmp_path / "latin.csv").write_bytes("name\nBühne".encode("latin-1"))
    (tmp_path / "no.ics").write_text("BEGIN:VEVENT")
    for arguments in (
        ("workshops", str(tmp_path / "latin.csv")),
        ("workshops", str(tmp_path / "missing.csv")),
        ("closures", str(tmp_path / "no.ics"), "--workshop", "1"),
        ("closures", str(tmp_path / "missing.ics"), "--workshop", "1"),
    ):
        told = operator("import", *arguments)
        assert (told.returncode, told.stdout) == (1, ""), arguments
        assert told.stderr
    assert operator("import", "closures", "table.csv", "--workshop", "1").returncode == 2


def test_a_key_is_printed_once_and_works_until_it_is_revoked(operator: Operator) -> None:
    told = operator("key", "create", "--role", "owner", "--expires", "2099-01-01")
    assert told.returncode == 0
    secret = told.stdout.strip()
    assert told.stdout == f"{secret}\n"

    def works() -> bool:
        with Session(operator.engine) as session:
            return api_keys.caller_with(session, secret, now=database_now(session)) is not None

    assert works()
    prefix = secret[: len("wbk_") + 8]
    assert operator("key", "revoke", prefix).returncode == 0
    assert not works()
    assert operator("key", "revoke", "wbk_00000000").returncode == 1
    assert operator("key", "create", "--role", "king").returncode == 2
    assert operator("key", "create", "--role", "owner", "--workshop", "99").returncode == 2


def test_an_account_gets_a_password_that_is_printed_once(operator: Operator) -> None:
    arguments = ("staff", "create", "--email", "Anna@example.de", "--name", "Anna", "--role", "owner")
    told = operator(*arguments)
    password = told.stdout.strip()
    [anna] = operator.rows(StaffUserRow)
    assert isinstance(anna, StaffUserRow)
    assert (anna.email, anna.role) == ("anna@example.de", "owner")
    assert passwords.fits(password, anna.password_hash)
    again = operator(*arguments)
    assert (again.returncode, again.stdout) == (1, "")
    assert "already" in again.stderr
    assert operator("staff", "create", "--email", "anna", "--name", "Anna").returncode == 2
