"""Every block of commands is typed into a fresh copy of the repository, or the page says why not."""

from pathlib import Path

import pytest

from tests.docs.pages import PAGES, name_of
from tests.recipes.following import blocks, copy_of_the_repository, typed
from tests.recipes.test_recipes import RECIPES

TYPED = {page: [block for block in blocks(page) if not block.language] for page in PAGES if page not in RECIPES}
TO_TYPE = [page for page, those in TYPED.items() if any(not block.excuse for block in those)]


def test_there_is_something_to_type() -> None:
    assert "README.md" in map(name_of, TO_TYPE)


@pytest.mark.long
@pytest.mark.parametrize("page", TO_TYPE, ids=name_of)
def test_what_a_page_says_to_type_works(page: Path, tmp_path: Path) -> None:
    copy = copy_of_the_repository(tmp_path / "clone")
    for block in TYPED[page]:
        if not block.excuse:
            typed(block.inside, copy, {"WERKSTATT_HOME": str(tmp_path / "home")})


def test_an_excuse_names_what_is_missing() -> None:
    excuses = {block.excuse for those in TYPED.values() for block in those if block.excuse}
    assert all(excuse.startswith(("needs ", "it serves", "they serve", "it is what runs this")) for excuse in excuses)
