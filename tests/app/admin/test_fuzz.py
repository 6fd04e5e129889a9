"""Whatever is sent, the staff's API answers as its document says."""

import os
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.access.caller import Role
from app.admin.router import router
from tests.app.admin.house import House

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "2"))
"""Per operation and role; `make fuzz` wants 100."""


def operations() -> list[Any]:
    app = FastAPI()
    app.include_router(router)
    found = schemathesis.openapi.from_dict(app.openapi()).get_all_operations()
    return [pytest.param(one, id=one.label) for one in (result.ok() for result in found)]  # type: ignore[union-attr]


@pytest.mark.parametrize("role", [None, *Role], ids=lambda role: role or "nobody")
@pytest.mark.parametrize("operation", operations())
def test_nothing_sent_surprises_it(house: House, operation: Any, role: Role | None) -> None:
    """Whoever sends it; what each role may do the matrix tells."""
    headers = {"Authorization": f"Bearer {house.keys[role]}"} if role else {}

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        case.call_and_validate(base_url=str(house.client.base_url), headers=headers, checks=CHECKS)

    ask()
