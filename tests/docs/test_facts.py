"""What the pages say there is, there is: commands, settings, endpoints, tables, files and names in the code."""

import re
import subprocess
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from sqlalchemy import Engine, create_engine
from typer.main import get_command

from app.cli import COMMANDS, command_line
from app.http.site import Site
from app.settings import Settings
from app.web import create_app
from booking_core.tables import Base
from channels import open_channels
from tests.channels.accounts import our_channels
from tests.docs.pages import PAGES, ROOT, code, name_of, prose

every_page = pytest.mark.parametrize("page", [page for page in PAGES if page.name != "CHANGELOG.md"], ids=name_of)

ELSEWHERE = {"WERKSTATT_CRASH", "CREDENTIALS_DIRECTORY", "TWILIO_TEMPLATES", "WERKSTATT_VERSION"}
"""Variables that are read by others than our settings."""

OF_OTHERS = {
    *("ignore_startup_parameters", "max_prepared_statements"),  # PgBouncer's.
    *("psql", "concurrently", "LOCKED", "SKIP"),  # PostgreSQL's.
    *("countdown", "eta"),  # Celery's, which we do without.
    *("newbot", "pylock", "payments"),  # Telegram's, pip's, and what is still to come.
}

EXAMPLES = ROOT / "docs/how-to"
"""Its pages speak of what they add."""


@every_page
def test_commands_are_commands_and_have_these_options(page: Path) -> None:
    for told in code(page):
        for words in re.findall(r"(?:^|[ /(])werkstatt ((?:-{0,2}[\w/.:=…@-]+ ?)+)", told):
            if not re.match(r"[a-z]|--", words):
                continue
            assert _is_command(words.split()), f"werkstatt {words}"


def _is_command(words: list[str]) -> bool:
    if words[0].startswith("--"):
        return words[0] in {"--help", "--version"}
    if words[0] not in COMMANDS:
        return False
    command: Any = get_command(command_line([words[0]]))
    for word in words:
        if word in getattr(command, "commands", {}):
            command = command.commands[word]
    if len(getattr(command, "commands", {})) == 1:
        [command] = command.commands.values()
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    return {word.partition("=")[0] for word in words if word.startswith("--")} <= known | {"--help"}


@every_page
def test_make_can_make_it(page: Path) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    asked = [target for told in code(page) for target in re.findall(r"^make ([a-z-]+)", told.strip())]
    assert set(asked) <= set(targets)


@every_page
def test_modules_that_are_run_are_there(page: Path) -> None:
    for told in code(page):
        for module in re.findall(r"python -m ((?:app|bot|benchmarks|migrations)[\w.]*)", told):
            assert _module(module), module


def _module(name: str) -> Path | None:
    path = ROOT / name.replace(".", "/")
    return next((one for one in (path.with_suffix(".py"), path / "__main__.py") if one.exists()), None)


@every_page
def test_settings_are_settings(page: Path) -> None:
    known = {name.upper() for name in Settings.model_fields} | ELSEWHERE
    families = {name.partition("_")[0] for name in known if "_" in name} - {"PUBLIC"}
    said = {word for told in code(page) for word in re.findall(r"\b[A-Z]{3,}(?:_[A-Z]+)+\b", told)}
    ours = {word for word in said if word.partition("_")[0] in families}
    if EXAMPLES not in page.parents:
        assert ours <= known


@every_page
def test_files_are_there(page: Path) -> None:
    tops = {path.name for path in ROOT.iterdir()} - {".venv", "build", "secrets"}
    for told in code(page):
        for path in re.findall(r"(?:^|[ (])((?:[\w.-]+/)+[\w.-]*)(?=$|[ ,;:)`])", told):
            if path.split("/")[0] in tops and EXAMPLES not in page.parents:
                assert (ROOT / path).exists(), path


@every_page
def test_names_in_the_code_are_there(page: Path) -> None:
    for told in code(page):
        if match := re.fullmatch(r"(app|channels|bot|booking_core)((?:\.\w+)+)(\(.*\))?", told):
            assert _found(match[1] + match[2]), told


def _found(dotted: str) -> bool:
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        try:
            thing: Any = import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            if not hasattr(thing, part):
                return False
            thing = getattr(thing, part)
        return True
    return False


@every_page
def test_columns_are_columns(page: Path) -> None:
    tables = {table.name: set(table.columns.keys()) for table in Base.metadata.tables.values()}
    for told in code(page):
        if (match := re.fullmatch(r"([a-z_]+)\.([a-z_]+)", told)) and match[1] in tables and match[2] != "py":
            assert match[2] in tables[match[1]], told


@pytest.fixture(scope="module")
def app() -> Iterator[FastAPI]:
    """With every channel there can be, and a database that nobody calls."""
    engine: Engine = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/nowhere")
    with our_channels() as channels:
        yield create_app(engine, channels, Site())


def test_all_channels_are_open_here(app: FastAPI) -> None:
    with open_channels(Settings()) as none:
        assert none == {}


@every_page
def test_endpoints_answer(page: Path, app: FastAPI) -> None:
    known = {
        (method, re.sub(r"\{[^}]+\}", "{}", route.path or ""))
        for route in iter_route_contexts(app.routes)
        for method in route.methods or ()
    }
    for told in code(page):
        if match := re.fullmatch(r"((?:GET|POST|PUT|PATCH|DELETE)(?:\|[A-Z]+)*) (/[\w/{}.-]*)(\?\S*)?", told):
            for method in match[1].split("|"):
                path = re.sub(r"\{[^}]+\}", "{}", match[2])
                assert (method, path) in known or (page.name in {"Channels.md"} and path == "/_/write"), told
        elif re.fullmatch(r"/(api|webhooks|healthz|readyz|metrics|docs|openapi)[\w/{}.-]*", told):
            path = re.sub(r"\{[^}]+\}", "{}", told)
            assert any(one == path or one.startswith(f"{path.rstrip('/')}/") for _, one in known), told


def words_of_the_code() -> set[str]:
    """Every name in every file that is not a page: variables, tables, columns, metrics, codes of problems."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    read = (ROOT / name for name in names.split("\0") if name and not name.endswith((".md", ".jpg", ".lock")))
    return {
        word
        for path in read
        if path.is_file()
        for word in (path.stem, *re.findall(r"\w+", path.read_text(encoding="utf-8")))
    }


WORDS = words_of_the_code()


@every_page
def test_every_name_is_one_of_the_code(page: Path) -> None:
    told = re.findall(r"`([^`\n]+)`", prose(page))
    said = {word for words in told for word in re.findall(r"\b[A-Za-z_][A-Za-z0-9_]{2,}\b", words)}
    if EXAMPLES not in page.parents:
        assert {word for word in said - WORDS - OF_OTHERS if not _of_a_table(word)} == set()


def _of_a_table(word: str) -> bool:
    """Whether it names a rule of a table; the data model, which has them all, is compared with the tables."""
    return any(word.startswith(f"{table}_") for table in Base.metadata.tables)


def test_the_glossary_names_what_there_is() -> None:
    rows = re.findall(r"^\|[^|]+\|[^|]+\| ([^|]+) \|", (ROOT / "docs/Glossary.md").read_text(), re.MULTILINE)
    names = [name for row in rows for name in re.findall(r"`([\w.]+)`", row)]
    assert len(names) > 40
    assert [name for name in names if not _found(name)] == []
