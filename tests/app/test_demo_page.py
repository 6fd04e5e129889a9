"""The demo's page over HTTP: what its phones, its clock and its buttons do."""

import re
import socket
import threading
from collections.abc import Iterator, Mapping
from html import unescape

import httpx
import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

from app import courier
from app.http.site import Site
from app.migrating import newest_migration
from app.phones import bustle
from app.phones.clock import Leap
from app.phones.hosting import UNHURRIED
from app.phones.pages import demo_pages
from app.phones.showroom import Showroom
from app.phones.stand_ins import StandIns, stand_ins
from app.settings import Settings
from app.web import create_app
from bot.messages import Address, OutboundMessage
from channels import open_channels
from channels.channel import Channel
from tests.app.eventually import eventually
from tests.app.serving import open_port, serving
from tests.transcript import matches, play

PHONES = ("telegram", "sms", "whatsapp")


@pytest.fixture
def port() -> Iterator[tuple[socket.socket, str]]:
    with open_port() as port:
        yield port


@pytest.fixture
def channels(port: tuple[socket.socket, str], providers: StandIns) -> Iterator[Mapping[str, Channel]]:
    with open_channels(providers.accounts(Settings(), port[1])) as channels:
        yield channels


@pytest.fixture
def providers(port: tuple[socket.socket, str]) -> Iterator[StandIns]:
    with stand_ins(port[1]) as providers:
        yield providers


@pytest.fixture
def showroom(database: Engine, providers: StandIns, channels: Mapping[str, Channel]) -> Showroom:
    """That of a quiet demo: nobody but us writes."""
    showroom = Showroom(database, providers, channels, lively=False)
    showroom.open()
    return showroom


@pytest.fixture
def demo(showroom: Showroom, port: tuple[socket.socket, str]) -> Iterator[httpx.Client]:
    listening, url = port
    app = create_app(showroom.engine, showroom.channels, Site(rates=UNHURRIED))
    app.include_router(demo_pages(showroom, app.state.watch))
    with serving(app, listening), httpx.Client(base_url=url, timeout=30) as client:
        yield client


def screen(demo: httpx.Client, phone: str) -> str:
    return unescape(demo.get(f"/demo/phones/{phone}").text)


def say(demo: httpx.Client, phone: str, words: str) -> str:
    """The screen as it is once the bot has answered."""
    return _answered(demo, phone, "messages", {"text": words})


def tap(demo: httpx.Client, phone: str, label: str) -> str:
    found = re.search(rf"hx-vals='([^']+)'[^>]*>[^<]*{label}", screen(demo, phone))
    assert found is not None
    bubble, place = re.findall(r'"(?:bubble|place)": "?([\w-]+)"?', found[1])
    return _answered(demo, phone, "taps", {"bubble": bubble, "place": place})


def _answered(demo: httpx.Client, phone: str, what: str, form: dict[str, str]) -> str:
    before = screen(demo, phone).count("bubble theirs")
    assert demo.post(f"/demo/phones/{phone}/{what}", data=form).status_code == 204
    eventually(lambda: screen(demo, phone).count("bubble theirs") > before)
    return screen(demo, phone)


def offered(shown: str) -> str:
    """The first time on offer."""
    return str(re.findall(r"\w\w, \d\d\.\d\d\., \d\d:\d\d", shown)[0])


@pytest.mark.parametrize("phone", PHONES)
def test_a_phone_books_through_the_real_webhook(demo: httpx.Client, phone: str) -> None:
    shown = say(demo, phone, "Ölwechsel in 50667, so bald wie möglich")
    shown = say(demo, phone, "1") if phone == "sms" else tap(demo, phone, offered(shown))
    assert "für Sie reserviert" in shown or "reserviert" in shown
    shown = say(demo, phone, "Petra Müller, K-AB 1234, petra@example.de")
    assert "Gebucht" in say(demo, phone, "ja")
    eventually(lambda: "termin.ics" in demo.get("/demo/mails").text)
    assert demo.get("/demo/mails/0/termin.ics").text.startswith("BEGIN:VCALENDAR")
    assert demo.get("/demo/mails/7/termin.ics").status_code == 404
    focus = demo.get("/demo/calendar/focus").json()
    day = focus["day"]
    where = f"/demo/calendar/{focus['workshop']}"
    events = demo.get(f"{where}/events", params={"start": f"{day}T00:00:00", "end": f"{day}T23:59:00"}).json()
    [booked] = [one["extendedProps"] | one for one in events if one.get("display") != "background"]
    assert (booked["status"], booked["plate"]) == ("confirmed", "K-AB 1234")
    columns = {column["id"] for column in demo.get(f"{where}/resources").json()}
    assert set(booked["resourceIds"]) <= columns


def test_an_empty_phone_suggests_what_to_write(demo: httpx.Client) -> None:
    assert screen(demo, "telegram").count("hint") == 3
    assert demo.get("/demo/phones/fax").status_code == 422


def test_a_hold_dies_when_the_clock_is_set_to_its_end(demo: httpx.Client) -> None:
    tap(demo, "telegram", offered(say(demo, "telegram", "Ölwechsel in 50667, so bald wie möglich")))
    assert "disabled" not in demo.get("/demo/clock").text.partition('value="hold"')[2][:12]
    before = demo.get("/demo/clock").text
    assert demo.post("/demo/clock", data={"leap": "hold"}).status_code == 204
    after = demo.get("/demo/clock").text
    assert re.findall(r'datetime="([^"]+)"', before) < re.findall(r'datetime="([^"]+)"', after)
    assert "disabled" in after.partition('value="hold"')[2][:12]


@pytest.mark.parametrize("phone", ["telegram", "whatsapp"])
def test_a_reminder_comes_when_the_clock_is_set_to_it(demo: httpx.Client, phone: str) -> None:
    """On WhatsApp too, though after such a silence only a template gets there."""
    shown = say(demo, phone, "Ölwechsel in 50667 in zwei Wochen am Mittwoch")
    tap(demo, phone, offered(shown))
    say(demo, phone, "Petra Müller, K-AB 1234, petra@example.de")
    say(demo, phone, "ja")
    before = screen(demo, phone).count("bubble theirs")
    demo.post("/demo/clock", data={"leap": "reminder"})
    eventually(lambda: screen(demo, phone).count("bubble theirs") > before)
    assert "Erinnerung" in screen(demo, phone)
    assert "6301" not in screen(demo, phone), "nothing was tried that WhatsApp would not take"
    assert "abgesagt" in say(demo, phone, "Muss leider absagen")


def test_the_reminders_of_others_do_not_count(demo: httpx.Client) -> None:
    """The demo is full of people with appointments; only those who hold one of the phones are waited for."""
    tap(demo, "telegram", offered(say(demo, "telegram", "Ölwechsel in 50667 in zwei Wochen am Mittwoch")))
    say(demo, "telegram", "Petra Müller, K-AB 1234")
    say(demo, "telegram", "ja")
    assert 'value="reminder" >' in demo.get("/demo/clock").text
    demo.post("/demo/phones/telegram/renew")
    assert 'value="reminder" disabled>' in demo.get("/demo/clock").text


@pytest.mark.parametrize("leap", ["hour", "day"])
def test_the_clock_can_be_set_ahead(demo: httpx.Client, leap: str) -> None:
    def shown() -> str:
        return str(re.findall(r'datetime="([^"]+)"', demo.get("/demo/clock").text)[0])

    before = shown()
    demo.post("/demo/clock", data={"leap": leap})
    assert shown() > before


def test_it_says_why(demo: httpx.Client) -> None:
    assert "<blockquote>" not in demo.get("/demo/why").text
    say(demo, "sms", "Reifenwechsel am Sonntag in 50667")
    why = unescape(demo.get("/demo/why", headers={"Accept-Language": "en"}).text)
    assert "Tyre change" in why
    assert "<q>Sonntag</q> → When" in why
    assert "ChoosingSlot" in why
    assert "closed" in why


@pytest.mark.parametrize("phone", PHONES)
def test_a_saved_conversation_is_one_of_the_tests(demo: httpx.Client, database: Engine, phone: str) -> None:
    """On an empty calendar everything is said again, the reminder too."""
    shown = say(demo, phone, "Ölwechsel in 50667 in zwei Wochen am Mittwoch")
    say(demo, phone, "1") if phone == "sms" else tap(demo, phone, offered(shown))
    say(demo, phone, "Petra Müller, K-AB 1234, petra@example.de")
    say(demo, phone, "ja")
    before = screen(demo, phone).count("bubble theirs")
    demo.post("/demo/clock", data={"leap": "reminder"})
    eventually(lambda: screen(demo, phone).count("bubble theirs") > before)
    say(demo, phone, "Ja, ich komme")
    saved = demo.get(f"/demo/phones/{phone}/conversation.txt").text
    demo.post("/demo/reset")
    with Session(database) as session:
        played = [(entry.words, heard) for entry, heard in play(session, saved) if heard is not None]
    assert len(played) == 6
    assert [(wanted, heard) for wanted, heard in played if not matches(wanted, heard)] == []


def test_a_conversation_is_saved_as_the_tests_write_theirs(demo: httpx.Client) -> None:
    shown = say(demo, "whatsapp", "Ölwechsel in 50667, so bald wie möglich")
    tap(demo, "whatsapp", offered(shown))
    saved = demo.get("/demo/phones/whatsapp/conversation.txt")
    lines = saved.text.splitlines()
    assert saved.headers["Content-Disposition"] == "attachment; filename=whatsapp.txt"
    assert lines[1].strip() == ""
    assert lines[2].startswith("Uhr: ")
    assert lines[3] == "Kanal: whatsapp"
    assert "Jana: Ölwechsel in 50667, so bald wie möglich" in lines
    assert f"Tippt Jana: {offered(shown)}" in lines
    assert any(line.startswith("Bot: ") for line in lines)


def test_a_new_number_is_somebody_unknown(demo: httpx.Client) -> None:
    say(demo, "sms", "Hallo")
    assert demo.post("/demo/phones/sms/renew").status_code == 204
    assert "bubble" not in screen(demo, "sms")


def test_a_reset_leaves_nothing(demo: httpx.Client, database: Engine) -> None:
    say(demo, "telegram", "Ölwechsel in 50667, so bald wie möglich")
    demo.post("/demo/clock", data={"leap": "day"})
    assert demo.post("/demo/reset").status_code == 303
    with database.connect() as connection:
        tables = ("users", "conversations", "appointments", "slots", "inbox", "outbox", "clock_shift")
        counts = [connection.scalar(text(f"select count(*) from {table}")) for table in tables]  # noqa: S608
        noted = connection.scalars(text("select entity_type from audit_log")).all()
        workshops = connection.scalar(text("select count(*) from workshops"))
        migration = connection.scalar(text("select version_num from alembic_version"))
    assert (counts, workshops, migration) == ([0] * len(tables), 3, newest_migration())
    assert noted == ["staff"], "the new owner's account is all that has happened"
    assert "bubble" not in screen(demo, "telegram")
    assert "Ölwechsel" in say(demo, "telegram", "Ölwechsel in 50667, so bald wie möglich").partition("bubble theirs")[2]


def test_a_reset_empties_the_providers_before_the_tables(showroom: Showroom, demo: httpx.Client) -> None:
    """What they still held when the tables are empty would be fetched again as messages that we missed."""
    for phone in PHONES:
        say(demo, phone, "Hallo")
    held = list[int]()

    @event.listens_for(showroom.engine, "before_cursor_execute")
    def look(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("truncate"):
            held.append(len(showroom.providers.telegram.chats) + len(showroom.providers.twilio.messages))

    assert demo.post("/demo/reset").status_code == 303
    assert held == [0]


def test_who_wrote_before_the_demo_was_opened_can_be_answered(showroom: Showroom) -> None:
    bustle.talk(showroom.sessions, now=showroom.now(), stopped=lambda: False)
    showroom.open()
    for channel, sender in (("telegram", "710002"), ("whatsapp", "+4915555553004"), ("sms", "+4915555553003")):
        who, heard_at = Address(channel, sender), showroom.now()
        showroom.channels[channel].send(OutboundMessage(who, "Hier ist Anna.", kind="staff", heard_at=heard_at))
    assert showroom.providers.telegram.chats["710002"][-1].text == "Hier ist Anna."
    said = [(one.body, one.error) for one in showroom.providers.twilio.messages]
    assert said == [("Hier ist Anna.", None)] * 2


def test_nothing_is_said_of_what_was_over_before_the_demo_was_opened(showroom: Showroom) -> None:
    bustle.fill_with_life(showroom.sessions, now=showroom.now(), stopped=lambda: False)
    with showroom.engine.connect() as connection:
        overdue = "select count(*) from reminders where state = 'planned' and due_at < now()"
        assert connection.scalar(text(overdue)) == 0


def test_whoever_came_without_a_word_can_be_reminded(showroom: Showroom) -> None:
    """The workshop knows them, so the providers do: no letter of the demo is refused."""
    bustle.fill_with_life(showroom.sessions, now=showroom.now(), stopped=lambda: False)
    showroom.open()
    for _ in range(2):
        showroom.leap(Leap.DAY)
    courier.drain(showroom.sessions, showroom.channels)
    with showroom.engine.connect() as connection:
        states = set(connection.scalars(text("select state from outbox where kind = 'reminder'")))
    assert states == {"sent"}


def test_other_sites_can_press_nothing(demo: httpx.Client) -> None:
    foreign = demo.post("/demo/reset", headers={"Origin": "https://evil.example"})
    own = demo.post("/demo/clock", data={"leap": "hour"}, headers={"Origin": str(demo.base_url)})
    assert (foreign.status_code, own.status_code) == (403, 204)


def test_it_speaks_the_readers_language_and_lets_nothing_in(demo: httpx.Client) -> None:
    german, english = (demo.get("/demo", headers={"Accept-Language": wanted}) for wanted in ("de-DE", "en;q=0.9"))
    assert 'lang="de"' in german.text
    assert "Three phones" in english.text
    assert "Three phones" not in german.text
    assert "unsafe" not in german.headers["Content-Security-Policy"]
    assert not re.search(r"<script(?! src)|<style| style=| on\w+=|https?://", german.text)
    assert demo.post("/demo/language", data={"language": "en"}).headers["Set-Cookie"].startswith("language=en")
    assert "Set-Cookie" not in demo.post("/demo/language", data={"language": "tlh"}).headers


def test_a_change_is_told_at_once(demo: httpx.Client) -> None:
    with demo.stream("GET", "/demo/live") as live:
        marks = (line for line in live.iter_lines() if line.startswith("data:"))
        first = next(marks)
        demo.post("/demo/clock", data={"leap": "hour"})
        assert next(marks) != first


def test_no_customer_comes_once_it_is_closed(database: Engine) -> None:
    with stand_ins("http://127.0.0.1:1") as providers:
        showroom = Showroom(database, providers, {}, lively=True)
        showroom.open()
        showroom.close()
    assert "customers" not in {thread.name for thread in threading.enumerate()}
