"""Whatever is sent, the staff's API answers as its document says."""

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


def operations() -> list[Any]:
    app = FastAPI()
    app.include_router(router)
    found = schemathesis.openapi.from_dict(app.openapi()).get_all_operations()
    return [pytest.param(one, id=one.label) for one in (result.ok() for result in found)]  # type: ignore[union-attr]


@pytest.mark.parametrize("operation", operations())
def test_nothing_sent_surprises_it(house: House, operation: Any) -> None:
    """As an owner, who gets furthest; what the others may not do the matrix tells."""
    headers = {"Authorization": f"Bearer {house.keys[Role.OWNER]}"}

    @settings(
        max_examples=3,
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
