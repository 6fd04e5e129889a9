"""What the pages on security and privacy name exists, and says of every threat by which test it is shown."""

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest

from app.settings import CHECKOUT
from migrations import privacy

SECURITY = (CHECKOUT / "docs" / "Security.md").read_text("utf-8")
PRIVACY = privacy.PAGE.read_text("utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


@cache
def functions_of(path: str) -> frozenset[str]:
    tree = ast.parse((CHECKOUT / path).read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def rows(page: str, heading: str) -> Iterator[str]:
    """The rows of the table below a heading."""
    below = page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in below.splitlines() if line.startswith("|")]
    yield from lines[2:]


@pytest.mark.parametrize("page", [SECURITY, PRIVACY], ids=["security", "privacy"])
def test_every_test_that_is_named_exists(page: str) -> None:
    named = NAMED.findall(page)
    assert len(named) >= 5
    assert [f"{path}::{name}" for path, name in named if name not in functions_of(path)] == []


@pytest.mark.parametrize(
    ("heading", "least"), [("Threats", 25), ("OWASP API Security Top 10 (2023)", 10), ("ASVS 5.0", 40)]
)
def test_every_row_names_a_test_or_says_why_there_is_none(heading: str, least: int) -> None:
    found = list(rows(SECURITY, heading))
    assert len(found) >= least
    assert [row for row in found if not NAMED.search(row) and "no test:" not in row] == []


def test_the_record_of_processing_is_what_the_columns_say() -> None:
    """`python -m migrations.privacy` writes it anew."""
    kept = PRIVACY.partition(privacy.BEGIN)[2].partition(privacy.END)[0]
    assert kept.strip() == privacy.rendered()
