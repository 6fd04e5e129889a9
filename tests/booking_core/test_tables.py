"""What the database refuses by itself, and that the migrations make just what the models say."""

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from booking_core.tables import Base
from migrations.diagram import BEGIN, END, PAGE, rendered, write
from tests.booking_core.builders import a_garage


def test_models_and_migrations_agree(database: Engine) -> None:
    with database.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_the_constraints_agree_to_the_letter(database: Engine, server: str) -> None:
    """Alembic does not compare CHECKs, so we compare their names table by table."""
    seen = inspect(database)
    for table in Base.metadata.tables.values():
        declared = {str(c.name) for c in table.constraints if c.__visit_name__.endswith("check_constraint")}
        assert {str(check["name"]) for check in seen.get_check_constraints(table.name)} == declared, table.name


def test_every_migration_can_be_taken_back_and_made_again(database: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[2] / "migrations"))
    config.set_main_option("sqlalchemy.url", database.url.render_as_string(hide_password=False).replace("%", "%%"))
    command.downgrade(config, "base")
    assert inspect(database).get_table_names() == ["alembic_version"]
    command.upgrade(config, "head")
    assert set(inspect(database).get_table_names()) == {*Base.metadata.tables, "alembic_version"}


def test_the_page_shows_the_tables_as_they_are(tmp_path: Path) -> None:
    _, _, rest = PAGE.read_text().partition(BEGIN)
    assert rest.partition(END)[0].strip() == rendered().strip(), "renew it: python -m migrations.diagram"
    copy = tmp_path / "page.md"
    copy.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    write(copy)
    assert copy.read_text() == f"before\n{BEGIN}\n{rendered()}\n{END}\nafter\n"


A_CELL = (
    "INSERT INTO slots (workshop_id, resource_id, start_time, end_time, capacity, booked_count) "
    "VALUES (:workshop, :lift, {start}, {end}, 1, {count})"
)
TEN = "timestamptz '2026-11-24 10:00+01'"


@pytest.mark.parametrize(
    ("start", "end", "count", "guard"),
    [
        (TEN, f"{TEN} + interval '15 min'", 2, "slots_never_overbooked"),
        (TEN, f"{TEN} + interval '15 min'", -1, "slots_never_overbooked"),
        (TEN, f"{TEN} + interval '30 min'", 0, "slots_lasts_a_quarter_hour"),
        (f"{TEN} + interval '1 min'", f"{TEN} + interval '16 min'", 0, "slots_starts_on_the_grid"),
    ],
)
def test_a_cell_that_cannot_be_is_refused(session: Session, start: str, end: str, count: int, guard: str) -> None:
    garage = a_garage(session)
    with pytest.raises(IntegrityError, match=guard):
        session.execute(
            text(A_CELL.format(start=start, end=end, count=count)),
            {"workshop": garage.workshop, "lift": garage.lifts[0]},
        )


@pytest.mark.parametrize(
    ("statement", "guard"),
    [
        ("UPDATE workshops SET plz = '5066'", "workshops_plz_has_five_digits"),
        ("UPDATE workshops SET opening_hours = '[]'", "workshops_opening_hours_is_object"),
        ("UPDATE workshops SET min_notice = -1", "workshops_limits_are_positive"),
        ("UPDATE services SET duration_minutes = 0", "services_takes_time"),
        ("UPDATE services SET price = -1", "services_price_is_positive"),
        ("UPDATE services SET kinds = '{}'", "services_needs_a_resource"),
        ("INSERT INTO users (phone) VALUES ('0221 1234')", "users_phone_is_e164"),
        (
            "INSERT INTO channel_identities (user_id, channel, external_id) VALUES (1, 'Fax 2', '1')",
            "channel_is_a_word",
        ),
    ],
)
def test_nonsense_is_refused_by_name(session: Session, statement: str, guard: str) -> None:
    a_garage(session)
    with pytest.raises(IntegrityError, match=guard):
        session.execute(text(statement))
