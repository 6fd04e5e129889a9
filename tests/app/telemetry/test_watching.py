"""What whoever watches over us gets to see."""

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine, create_engine, select
from sqlalchemy.orm import Session

from app import duties
from app.database import session_factory
from app.http.site import Site
from app.telemetry import metrics
from app.telemetry.watching import metrics_served
from app.web import create_app
from booking_core.reservations import hold_slot
from booking_core.tables import InboxRow, OutboxRow
from tests.app.eventually import eventually
from tests.app.ports import free_port
from tests.app.post_office import TO_PETRA, Board, pass_time, post
from tests.app.serving import client_of
from tests.app.town import OnTelegram, a_town, answer_to
from tests.booking_core.builders import NOW as EARLIER
from tests.booking_core.builders import a_customer, a_garage

SHOWN = "a token that only Prometheus knows"


def sample(text: str, name: str, **labels: str) -> float | None:
    """The value of the one series with these labels among others."""
    for family in text_string_to_metric_families(text):
        for one in family.samples:
            if one.name == name and labels.items() <= one.labels.items():
                return one.value
    return None


def test_everything_can_be_followed_from_the_call_to_the_sending(
    database: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    with a_town(database) as town, caplog.at_level("INFO", "app"):
        answer_to(OnTelegram(town), "Moin, Ölwechsel in 50667 bitte")
        eventually(lambda: any(record.getMessage() == "a letter was handed over" for record in caplog.records))
    with Session(database) as session:
        [came] = session.scalars(select(InboxRow.correlation)).all()
        went = session.scalars(select(OutboxRow.correlation)).all()
    assert came is not None
    assert len(came) == 24
    assert set(went) == {came}


def test_a_process_counts_what_it_does(database: Engine) -> None:
    with a_town(database) as town:
        customer = OnTelegram(town)
        answer_to(customer, "Moin")
        answer_to(customer, "Schnurzelpurz")
        eventually(lambda: "werkstatt_send_seconds_count" in httpx.get(f"{town.url}/metrics").text)
        told = httpx.get(f"{town.url}/metrics").text
    assert sample(told, "werkstatt_send_seconds_count", channel="telegram", outcome="sent")
    assert "werkstatt_understanding_misses_total" in told
    assert sample(told, "werkstatt_http_request_seconds_count", path="/webhooks/telegram", status="200")
    assert sample(told, "werkstatt_turn_seconds_count", channel="telegram", outcome="answered")
    assert sample(told, "werkstatt_breaker_open", channel="telegram") == 0


def test_the_database_tells_what_waits_whoever_is_asked(database: Engine) -> None:
    with Session(database) as session, session.begin():
        garage = a_garage(session)
        hold_slot(session, garage.slot("2026-11-26 10:00"), a_customer(session), channel="sms", now=EARLIER)
    post(database, TO_PETRA)
    pass_time(database, minutes=10)
    sessions = session_factory(database)
    for duty in duties.DUTIES.values():
        if duty.name == "measure utilisation":
            assert duties.perform(duty, sessions, {})
    port = free_port()
    with metrics_served(port, sessions):
        told = httpx.get(f"http://127.0.0.1:{port}/metrics").text
    assert sample(told, "werkstatt_database_up") == 1
    assert sample(told, "werkstatt_outbox_letters", channel="telegram", state="pending") == 1
    age = sample(told, "werkstatt_outbox_oldest_seconds", channel="telegram")
    assert age is not None
    assert age >= 0
    assert sample(told, "werkstatt_appointment_changes_total", action="held") == 1
    assert sample(told, "werkstatt_open_minutes", days="7") is not None
    age = sample(told, "werkstatt_duty_age_seconds", duty="measure utilisation")
    assert age is not None
    assert 0 <= age < 60


def test_without_a_port_nothing_is_served(database: Engine) -> None:
    with metrics_served(None, session_factory(database)):
        pass


def test_a_database_that_is_away_can_be_seen_too() -> None:
    nowhere = create_engine("postgresql+psycopg://127.0.0.1:1/nothing")
    with client_of(create_app(nowhere, {})) as client:
        told = client.get("/metrics").text
    assert sample(told, "werkstatt_database_up") == 0
    assert sample(told, "werkstatt_inbox_waiting") is None


@pytest.mark.parametrize(
    ("site", "shown", "status"),
    [
        (Site(), None, 200),
        (Site("http://127.0.0.1:8000"), None, 200),
        (Site("https://termin.example.de"), None, 404),
        (Site("https://termin.example.de", metrics_token=SHOWN), None, 404),
        (Site("https://termin.example.de", metrics_token=SHOWN), f"Bearer {SHOWN}x", 404),
        (Site("https://termin.example.de", metrics_token=SHOWN), f"Bearer {SHOWN}", 200),
    ],
)
def test_figures_are_for_whoever_may_see_them(engine: Engine, site: Site, shown: str | None, status: int) -> None:
    with client_of(create_app(engine, {}, site)) as client:
        assert client.get("/metrics", headers={"Authorization": shown} if shown else {}).status_code == status


def test_paths_are_counted_by_template_and_unknown_ones_together(engine: Engine) -> None:
    with client_of(create_app(engine, {})) as client:
        client.get("/api/appointments/GEHEIM")
        client.get("/wp-admin/setup.php")
        client.get("/static/look.css")
        eventually(lambda: {"/api/appointments/{code}", "/static", "none"} <= paths(client))
        seen = paths(client)
    assert not [path for path in seen if "GEHEIM" in path or "wp-admin" in path]


def paths(client: httpx.Client) -> set[str]:
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {one.labels["path"] for family in families for one in family.samples if "path" in one.labels}


COUNTING = """
from app.telemetry import metrics
metrics.REFUSALS.labels("slot_taken").inc({})
metrics.BREAKERS.labels("sms").set({})
"""


def test_processes_that_share_a_directory_add_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shared = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    for times, is_open in ((2, 0), (3, 1)):
        subprocess.run([sys.executable, "-c", COUNTING.format(times, is_open)], env=shared, check=True)
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    values = {one.name: one.value for family in metrics.Counted().collect() for one in family.samples}
    assert values["werkstatt_refusals_total"] == 5
    assert values["werkstatt_breaker_open"] == 1


def test_readiness_names_what_is_missing_and_only_the_database_is_needed(database: Engine) -> None:
    broken = Board()
    for _ in range(5):
        broken.breaker.note(well=False)
    app = create_app(database, {"telegram": broken}, Site(redis_url="redis://127.0.0.1:1/0"))
    with client_of(app) as client:
        answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "degraded",
        "database": "ok",
        "redis": "away",
        "worker": "absent",
        "channels": {"telegram": "away"},
    }


def test_readiness_is_plain_where_all_is_well(database: Engine) -> None:
    duties.perform(duties.DUTIES["forget"], session_factory(database), {})
    with client_of(create_app(database, {})) as client:
        told = client.get("/readyz").json()
    assert told == {"status": "ok", "database": "ok", "redis": "none", "worker": "at work", "channels": {}}
