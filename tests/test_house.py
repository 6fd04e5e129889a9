"""Rules about the repository itself."""

import re
import subprocess
from pathlib import Path

import pytest

from app.settings import CHECKOUT

# In two parts each, or this file would break its own rule.
INDEX_HOSTS = ["pypi" + ".org", "python" + "hosted", "npm" + "js.", "/sim" + "ple/"]

LOCKS = ["requirements.lock", "requirements-browser.lock", "requirements-audit.lock"]


def tracked_files() -> list[Path]:
    try:
        names = subprocess.run(
            ["git", "ls-files", "-z"], cwd=CHECKOUT, check=True, capture_output=True, text=True
        ).stdout
    except (FileNotFoundError, subprocess.CalledProcessError):
        pytest.skip("not a clone: nobody knows which files belong to it")
    return [CHECKOUT / name for name in names.split("\0") if name and (CHECKOUT / name).is_file()]


def texts() -> dict[str, str]:
    found = {}
    for path in tracked_files():
        content = path.read_bytes()
        if b"\0" not in content:
            found[str(path.relative_to(CHECKOUT))] = content.decode()
    return found


def test_no_file_names_an_index_of_packages() -> None:
    assert [name for name, text in texts().items() if any(host in text for host in INDEX_HOSTS)] == []


def test_no_file_names_a_path_of_the_machine_it_was_written_on() -> None:
    paths = [str(path) for path in (CHECKOUT, Path.home()) if len(path.parts) > 2]
    assert [name for name, text in texts().items() if any(path in text for path in paths)] == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_has_its_hashes_and_the_lock_has_no_address(name: str) -> None:
    lock = (CHECKOUT / name).read_text()
    pins = re.split(r"\n(?=[a-z0-9])", lock)
    assert len(pins) > 50
    assert [pin.split()[0] for pin in pins if "==" not in pin or "--hash=sha256:" not in pin] == []
    assert "://" not in lock


def test_the_main_dependencies_are_locked_as_they_are_pinned() -> None:
    """With their extras, for each of which pip asks a hash of its own."""
    locks = "\n".join((CHECKOUT / name).read_text() for name in LOCKS)
    lock = set(re.findall(r"^([a-z0-9\[\]-]+==[^ ;\\]+)", locks, re.MULTILINE))
    project = (CHECKOUT / "pyproject.toml").read_text()
    pinned = set(re.findall(r'"([a-z0-9\[\]-]+==[^";]+)"', project))
    assert len(pinned) > 20
    assert pinned <= lock


def test_make_explains_every_target() -> None:
    makefile = (CHECKOUT / "Makefile").read_text()
    promised = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert promised is not None
    explained = re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE)
    assert sorted(explained) == sorted(promised[1].split())


def places() -> list[str]:
    """The folders that docs/Architecture.md knows."""
    page = (CHECKOUT / "docs" / "Architecture.md").read_text()
    return re.findall(r"^\| `([^`]+)` \|", page.partition("## Where everything is")[2], re.MULTILINE)


def is_in(place: str, folder: str) -> bool:
    return f"{folder}/".startswith(place.removesuffix("**")) if place.endswith("/**") else folder == place


def test_every_file_lies_where_somebody_would_look_for_it() -> None:
    known = places()
    assert len(known) > 20
    folders = {str(path.relative_to(CHECKOUT).parent) for path in tracked_files()}
    assert {folder for folder in folders if not any(is_in(place, folder) for place in known)} == set()
    assert {place for place in known if not any(is_in(place, folder) for folder in folders)} == set()


@pytest.mark.parametrize("floor", ["app", "channels", "bot", "booking_core"])
def test_a_module_is_a_noun_that_says_what_it_is_for(floor: str) -> None:
    vague = re.compile(r"(^|_)(base|common|core|helpers?|lib|main|managers?|misc|shared|stuff|tools?|utils?)$")
    allowed = {"booking_core/tables/base.py"}
    for path in tracked_files():
        name = str(path.relative_to(CHECKOUT))
        if name.startswith(f"{floor}/") and path.suffix == ".py":
            assert not vague.search(path.stem) or name in allowed, name
            assert path.read_text().startswith('"""'), f"{name} does not say what it is for"
