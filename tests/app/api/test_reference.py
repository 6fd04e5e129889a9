"""docs/API.md says what the API is now."""

import re
from hashlib import sha256

from app.api.pages import ASSETS
from app.api.reference import TARGET, reference
from app.http.problems import kinds
from app.http.rates import Rates

WRITTEN = TARGET.read_text("utf-8")


def test_it_is_current() -> None:
    """`python -m app.api.reference` writes it anew."""
    assert reference() == WRITTEN


def test_each_kind_of_problem_has_a_section() -> None:
    assert all(f"\n### {code}\n" in WRITTEN for code in kinds())


def test_its_links_lead_somewhere() -> None:
    headings = {heading.lower() for heading in re.findall(r"^#+ (.+)$", WRITTEN, re.MULTILINE)}
    assert {link for link in re.findall(r"\]\(#([^)]+)\)", WRITTEN) if link not in headings} == set()


def test_it_names_the_limits_that_hold() -> None:
    rates = Rates()
    assert f"{rates.default.calls} requests a minute" in WRITTEN
    assert rates.default.seconds == 60
    assert f"of those {rates.booking.calls} holds and bookings in ten minutes" in WRITTEN
    assert (rates.booking.seconds, rates.proof.seconds, rates.proof.calls) == (600, 900, 10)


def test_what_we_serve_of_others_is_what_its_note_says() -> None:
    folder = ASSETS / "swagger-ui"
    noted = dict(re.findall(r"- `(.+)`: `([0-9a-f]{64})`", (folder / "README.md").read_text("utf-8")))
    found = {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.iterdir() if path.name != "README.md"}
    assert found == noted
