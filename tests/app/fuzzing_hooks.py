"""What Schemathesis does as our callers do: a key of its own for each request, and names of things that there are."""

import json
import os
import uuid
from itertools import cycle
from typing import Any

import schemathesis
from hypothesis import strategies
from schemathesis import Case, HookContext, Response

REMEMBERED: list[tuple[str, str]] = []
TURNS = cycle(range(4))
OURS: dict[str, Any] = json.loads(os.environ.get("OURS", "{}"))
"""What staff find in their workshop, by its name in a path."""

schemathesis.openapi.format("phone", strategies.sampled_from(["0151 12345678", "+49 221 98765", "0221/98765"]))


@schemathesis.hook
def before_call(context: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:
    """A key that is good stays good, but is used once; most calls are about what there really is."""
    key = case.headers.get("Idempotency-Key")
    if isinstance(key, str) and 16 <= len(key) <= 128:
        case.headers["Idempotency-Key"] = str(uuid.uuid4())
    spoilt = _spoilt(case)  # With a good name in place of these, what has to be refused would be right.
    if os.environ.get("AS_GUEST") and REMEMBERED and "Appointment-Proof" in case.headers and next(TURNS):
        code, proof = REMEMBERED[-1 - next(TURNS) % len(REMEMBERED)]
        if "{code}" in case.path and "code" not in spoilt:
            case.path_parameters["code"] = code
        case.headers["Appointment-Proof"] = proof
    if next(TURNS):
        case.path_parameters |= {name: OURS[name] for name in (case.path_parameters.keys() & OURS.keys()) - spoilt}


def _spoilt(case: Case[Any]) -> set[str | None]:
    """The names in the path for which this case has something that cannot be one."""
    mutations = case.meta.phase.data.mutations if case.meta else ()
    return {one.parameter for one in mutations if one.parameter_location == "path"}


@schemathesis.hook
def after_call(context: HookContext, case: Case[Any], response: Response) -> None:
    if response.status_code == 201 and "proof" in response.json():
        made = response.json()
        REMEMBERED.append((made["code"], made["proof"]))
