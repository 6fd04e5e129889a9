"""docs/API.md says what the API is now."""

import json
import re
import threading
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from app.api.hooks import Letter
from app.api.pages import ASSETS
from app.api.reference import DOCS, PAGES
from app.http.problems import kinds
from app.http.rates import Rates
from bot.messages import Address, Choice, OutboundMessage
from channels.relay import Relay

WRITTEN = {name: (DOCS / name).read_text("utf-8") for name in PAGES}


@pytest.mark.parametrize("name", PAGES)
def test_it_is_current(name: str) -> None:
    """`python -m app.api.reference` writes it anew."""
    assert PAGES[name]() == WRITTEN[name]


def test_each_kind_of_problem_has_a_section() -> None:
    assert all(f"\n### {code}\n" in WRITTEN["API.md"] for code in kinds())


@pytest.mark.parametrize("name", PAGES)
def test_its_links_lead_somewhere(name: str) -> None:
    headings = {page: set(re.findall(r"^#+ (.+)$", told.lower(), re.MULTILINE)) for page, told in WRITTEN.items()}
    links = re.findall(r"\]\(([^#)]*)#([^)]+)\)", WRITTEN[name])
    assert [(page, heading) for page, heading in links if heading not in headings[page or name]] == []


def test_it_names_the_limits_that_hold() -> None:
    rates = Rates()
    assert f"{rates.default.calls} requests a minute" in WRITTEN["API.md"]
    assert rates.default.seconds == 60
    assert f"of those {rates.booking.calls} holds and bookings in ten minutes" in WRITTEN["API.md"]
    assert (rates.booking.seconds, rates.proof.seconds, rates.proof.calls) == (600, 900, 10)


def test_a_relay_is_sent_what_is_described() -> None:
    choices = (Choice("slot-1", "08:00"),)
    message = OutboundMessage(Address("relay", "visitor-1"), "Welche Zeit?", choices=choices, reference="7")
    taken: list[bytes] = []

    class Taker(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Taker) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        relay = Relay(f"http://127.0.0.1:{server.server_port}/", (b"k" * 32,))
        relay.send(message)
        relay.close()
    sent = json.loads(taken[0])
    assert Letter.model_validate(sent, strict=True).model_dump() == sent


def test_what_we_serve_of_others_is_what_its_note_says() -> None:
    folder = ASSETS / "swagger-ui"
    noted = dict(re.findall(r"- `(.+)`: `([0-9a-f]{64})`", (folder / "README.md").read_text("utf-8")))
    found = {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.iterdir() if path.name != "README.md"}
    assert found == noted
