"""Somebody who does what a page says: writes its files, changes lines, types its commands."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(
    r"^(?:<!-- not run: (?P<excuse>[^>]+) -->\n)?```(?P<opening>.*)\n(?P<inside>(?:.*\n)*?)```$", re.MULTILINE
)
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
HANDED_DOWN = {"PATH", "HOME", "LANG", "TMPDIR", "TZ"}


@dataclass(frozen=True)
class Block:
    """Something in a fence. Without a language it is typed, unless the page has an `excuse` for not doing so."""

    language: str
    inside: str
    excuse: str | None = None
    title: str | None = None
    replaces: str | None = None


def blocks(page: Path) -> list[Block]:
    found = []
    for match in _FENCE.finditer(page.read_text(encoding="utf-8")):
        language, _, rest = match["opening"].partition(" ")
        found.append(Block(language, match["inside"], match["excuse"], **dict(_ATTRIBUTE.findall(rest))))
    return found


def copy_of_the_repository(to: Path) -> Path:
    """All that belongs to it, with the environment that is installed already."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, to / name)
    (to / ".venv").symlink_to(ROOT / ".venv")
    return to


def follow(page: Path, copy: Path, settings: dict[str, str]) -> None:
    for block in blocks(page):
        if block.title:
            _write(block, copy / block.title)
        elif not block.language and not block.excuse:
            typed(block.inside, copy, settings)


def typed(commands: str, where: Path, settings: dict[str, str]) -> str:
    """What the commands print; the first that fails ends it."""
    environment = {name: value for name, value in os.environ.items() if name in HANDED_DOWN} | settings
    environment["PATH"] = f"{where / '.venv/bin'}:{environment['PATH']}"
    environment["PYTHONPATH"] = str(where)
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands], cwd=where, env=environment, capture_output=True, text=True
    )
    assert ran.returncode == 0, f"{commands}\n{ran.stdout[-3000:]}\n{ran.stderr[-3000:]}"
    return ran.stdout


def _write(block: Block, path: Path) -> None:
    """A new file, a changed place in one that there is, a table of it, or what is added at its end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    if block.replaces:
        head, _, tail = before.partition(f"\n{block.replaces}\n")
        assert tail, f"{path.name} has no {block.replaces}"
        after = f"{head}\n{block.inside}\n[" + tail.partition("\n[")[2]
    elif block.language == "diff":
        after = _changed(before, block.inside.splitlines(keepends=True), path)
    else:
        after = before + block.inside
    path.write_text(after, encoding="utf-8")


def _changed(before: str, lines: list[str], path: Path) -> str:
    """The text with the one place changed that reads as the lines without a plus do."""
    old = "".join(line[1:] for line in lines if line[0] in " -")
    new = "".join(line[1:] for line in lines if line[0] in " +")
    assert f"\n{before}".count(f"\n{old}") >= 1, f"{path.name} does not read\n{old}"
    return f"\n{before}".replace(f"\n{old}", f"\n{new}", 1)[1:]
