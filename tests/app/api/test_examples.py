"""What the description shows is what happens: each example is asked again, in the order in which they stand."""

import os
import re
from collections.abc import Iterator

import httpx
import pytest

from app.api.openapi import examples
from app.http.problems import kinds
from tests.app.api.tour import demo_town, rewrite, walk


@pytest.fixture(scope="module")
def town(server: str) -> Iterator[httpx.Client]:
    with demo_town(server) as client:
        yield client


def test_every_example_is_answered_as_it_says(town: httpx.Client) -> None:
    """REWRITE_EXAMPLES=1 writes down what is answered now."""
    steps = walk(town)
    if os.environ.get("REWRITE_EXAMPLES"):
        rewrite(steps)
        examples.cache_clear()
    assert steps == examples()


def test_every_operation_and_every_answer_has_an_example(town: httpx.Client) -> None:
    document = town.get("/openapi.json").json()
    public = {path: item for path, item in document["paths"].items() if not path.startswith("/api/admin")}
    assert len(public) == 6
    for operation in (operation for item in public.values() for operation in item.values()):
        for content in (operation.get("requestBody", {}).get("content", {}), *_contents(operation)):
            assert all(media["examples"] for media in content.values()), operation["operationId"]
        assert operation["tags"]
        assert operation["description"]


def _contents(operation: dict[str, dict[str, dict[str, dict[str, object]]]]) -> list[dict[str, dict[str, object]]]:
    return [answer.get("content", {}) for answer in operation["responses"].values()]  # type: ignore[misc]


def test_each_kind_of_problem_has_its_page(town: httpx.Client) -> None:
    for kind in kinds().values():
        page = town.get(kind.path, headers={"Accept-Language": "de"})
        assert page.status_code == 200
        assert f"<h1>{kind.title['de']}</h1>" in page.text
    assert town.get("/problems/nothing").status_code == 404


def test_the_page_to_try_it_out_needs_nobody_else(town: httpx.Client) -> None:
    page = town.get("/docs")
    wanted = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(wanted) == 5
    for one in wanted:
        assert one == "data:," or town.get(one).status_code == 200
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert "<script>" not in page.text
    assert "style=" not in page.text


def test_it_shows_no_other_files(town: httpx.Client) -> None:
    for name in ("swagger-ui/LICENSE", "../pages.py", "..%2fpages.py", "docs.html"):
        assert town.get(f"/docs/{name}").status_code == 404
