"""The recipes for contributors, followed to the letter on a copy of the repository."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.embedded import Postgres, shared, temporary_home
from tests.recipes.following import ROOT, copy_of_the_repository, follow

RECIPES = sorted((ROOT / "docs/how-to").glob("add-*.md"))


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """One of their own: their migrations are not those that other tests copy."""
    with temporary_home() as home, shared(Postgres(durable=False), home) as url:
        yield url


@pytest.mark.long
@pytest.mark.parametrize("recipe", RECIPES, ids=lambda path: path.stem)
def test_whoever_follows_the_recipe_gets_there(recipe: Path, server: str, tmp_path: Path) -> None:
    follow(recipe, copy_of_the_repository(tmp_path), {"DATABASE_URL": server, "PYTEST_ADDOPTS": "-p no:cacheprovider"})
