"""Whatever is sent, and whoever sends it, the staff's API answers as its document says."""

import json
from pathlib import Path

import pytest

from app.access.caller import Role
from tests.app.admin.house import House
from tests.app.fuzzing import THOROUGH, fuzz


@pytest.mark.parametrize("role", [None, *Role], ids=lambda role: role or "nobody")
def test_nothing_sent_surprises_it(house: House, tmp_path: Path, role: Role | None) -> None:
    options = ["--include-path-regex", "^/api/admin"]
    if (
        role is not Role.OWNER and not THOROUGH
    ):  # The edge cases cost most, and whoever may do everything meets them all.
        options += ["--phases", "examples,fuzzing,stateful"]
    if role:
        options += ["-H", f"Authorization: Bearer {house.keys[role]}"]
    ours = json.dumps(house.ours.names)
    house.client.get("/openapi.json")  # It is made once, and Schemathesis waits no longer than ten seconds for it.
    fuzz(str(house.client.base_url).rstrip("/"), tmp_path, *options, OURS=ours)
