"""What all pages have in common: languages, their catalogue, and what others wrote of them."""

import hashlib

import pytest
from fastapi import Request
from jinja2.ext import babel_extract

from app.pages import LANGUAGES, STATIC, TEMPLATES, catalogue, environment_for, language_of


def words_of_templates() -> set[str]:
    found: set[str] = set()
    for path in (path for folder in TEMPLATES for path in folder.rglob("*.html")):
        with path.open("rb") as file:
            options = {"trim_blocks": "true", "lstrip_blocks": "true"}
            for _, _, told, _ in babel_extract(file, ("_", "gettext", "ngettext"), (), options):
                found.add(told if isinstance(told, str) else str((told or (None,))[0]))
    return found


def test_every_word_of_the_pages_is_there_in_german_and_none_too_many() -> None:
    known = {message.id for message in catalogue("de") if message.id and message.string}
    used = words_of_templates()
    assert len(used) > 50
    assert {words if isinstance(words, str) else words[0] for words in known} == used


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_template_can_be_read(language: str) -> None:
    environment = environment_for(language)
    for name in environment.list_templates(extensions=["html"]):
        environment.get_template(name)


def test_words_stay_words() -> None:
    """What people call themselves is shown, not run."""
    page = environment_for("de").from_string("{{ name }} <i title='{{ name }}'>")
    assert page.render(name="<b>'") == "&lt;b&gt;&#39; <i title='&lt;b&gt;&#39;'>"


@pytest.mark.parametrize(
    ("accepted", "cookie", "language"),
    [
        ("", "", "de"),
        ("fr, en-GB;q=0.8, de;q=0.7", "", "en"),
        ("de", "language=en", "en"),
        ("tlh", "language=tlh", "de"),
    ],
)
def test_the_reader_chooses_or_their_browser_does(accepted: str, cookie: str, language: str) -> None:
    headers = [(b"accept-language", accepted.encode()), (b"cookie", cookie.encode())]
    assert language_of(Request({"type": "http", "headers": headers})) == language


def test_what_others_wrote_is_as_they_published_it() -> None:
    """Each file has its hash in the list, and its licence beside it."""
    vendor = STATIC / "vendor"
    sums = [line.split() for line in (vendor / "SHA256SUMS").read_text().splitlines()]
    listed = {name: digest for digest, name in sums}
    present = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in vendor.iterdir()
        if path.suffix in {".js", ".css"}
    }
    assert listed == present
    assert {path.stem for path in vendor.glob("*.LICENSE")} == {"htmx", "event-calendar"}
