"""What the description shows is what happens: each example is asked again, in the order in which they stand."""

import json
import os
import re
from collections.abc import Iterator

import httpx
import pytest

from app.api.openapi import DATA, examples, operations
from app.http.problems import kinds
from tests.app.api.tour import demo_town, written
from tests.app.api.walks import WALKS


@pytest.fixture(scope="module")
def client(server: str) -> Iterator[httpx.Client]:
    with demo_town(server) as tour:
        yield tour.client


@pytest.mark.parametrize("name", WALKS)
def test_every_example_is_answered_as_it_says(server: str, name: str) -> None:
    """REWRITE_EXAMPLES=1 writes down what is answered now."""
    with demo_town(server) as tour:
        WALKS[name](tour)
    if os.environ.get("REWRITE_EXAMPLES"):
        (DATA / name).write_text(written(tour.steps), encoding="utf-8")
    assert tour.steps == json.loads((DATA / name).read_text("utf-8"))


def test_every_operation_and_every_answer_has_an_example(client: httpx.Client) -> None:
    shown = {one["operation"] for one in examples()}
    for operation in operations(client.get("/openapi.json").json()):
        for content in (operation.get("requestBody", {}).get("content", {}), *_contents(operation)):
            assert all(media["examples"] for media in content.values()), operation["operationId"]
        assert operation["operationId"] in shown
        assert operation["tags"]
        assert operation["description"]


def _contents(operation: dict[str, dict[str, dict[str, dict[str, object]]]]) -> list[dict[str, dict[str, object]]]:
    return [answer.get("content", {}) for answer in operation["responses"].values()]  # type: ignore[misc]


def test_each_kind_of_problem_has_its_page(client: httpx.Client) -> None:
    for kind in kinds().values():
        page = client.get(kind.path, headers={"Accept-Language": "de"})
        assert page.status_code == 200
        assert f"<h1>{kind.title['de']}</h1>" in page.text
    assert client.get("/problems/nothing").status_code == 404


def test_the_page_to_try_it_out_needs_nobody_else(client: httpx.Client) -> None:
    page = client.get("/docs")
    wanted = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(wanted) == 5
    for one in wanted:
        assert one == "data:," or client.get(one).status_code == 200
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert "<script>" not in page.text
    assert "style=" not in page.text


def test_it_shows_no_other_files(client: httpx.Client) -> None:
    for name in ("swagger-ui/LICENSE", "../pages.py", "..%2fpages.py", "docs.html"):
        assert client.get(f"/docs/{name}").status_code == 404
