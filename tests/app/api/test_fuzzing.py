"""Whatever is sent, the public API answers as its description says: all checks, all phases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.api.tour import demo_town
from tests.app.fuzzing import fuzz

PUBLIC = ("--exclude-path-regex", "^/api/admin")


@pytest.fixture(scope="module")
def url(server: str) -> Iterator[str]:
    with demo_town(server) as tour:
        yield str(tour.client.base_url).rstrip("/")


def test_strangers_find_nothing(url: str, tmp_path: Path) -> None:
    fuzz(url, tmp_path, *PUBLIC)


def test_guests_find_nothing_either(url: str, tmp_path: Path) -> None:
    """A wrong proof is a 404 like a missing appointment, which `ignored_auth` takes for no refusal."""
    phases = "examples,fuzzing,stateful"
    fuzz(url, tmp_path, *PUBLIC, "--exclude-checks", "ignored_auth", "--phases", phases, AS_GUEST="yes")
