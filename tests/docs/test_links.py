"""Links lead somewhere, and every page can be found."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT, anchors, name_of, prose

LINK = re.compile(r"\]\(([^)\s]+)\)")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    dead = []
    for target in LINK.findall(prose(page)):
        if re.match(r"[a-z]+:", target):
            assert target.startswith("https://"), target
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        if not there.exists() or (anchor and there.suffix == ".md" and anchor not in anchors(there)):
            dead.append(target)
    assert dead == []


def test_every_page_can_be_found_from_the_first_one() -> None:
    found, to_read = set[Path](), [ROOT / "README.md"]
    while to_read:
        page = to_read.pop()
        if page not in found:
            found.add(page)
            links = {(page.parent / target.partition("#")[0]).resolve() for target in LINK.findall(prose(page))}
            to_read += [link / "README.md" if link.is_dir() else link for link in links if link.suffix in {".md", ""}]
            to_read = [one for one in to_read if one.is_file()]
    assert {name_of(page) for page in PAGES if page not in found and ".github" not in name_of(page)} == set()


def test_the_website_can_be_built_and_has_a_place_for_every_page(tmp_path: Path) -> None:
    pages = tmp_path / "build/pages"
    for page in PAGES:
        (pages / page.relative_to(ROOT)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(page, pages / page.relative_to(ROOT))
    shutil.rmtree(pages / ".github")
    shutil.copytree(ROOT / "docs/images", pages / "docs/images")
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    mkdocs = [str(ROOT / ".venv/bin/mkdocs"), "build", "--strict"]
    built = subprocess.run(mkdocs, cwd=tmp_path, env={"NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True)
    assert built.returncode == 0, "\n".join(line for line in built.stderr.splitlines() if "INFO" not in line)
    assert "sequenceDiagram" in (tmp_path / "build/site/docs/Architecture.html").read_text(encoding="utf-8")
