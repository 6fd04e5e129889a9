"""What each operation needs: the lowest role that may do it. Whatever is not on this page nobody may do."""

from collections.abc import Mapping

from app.access.caller import Caller, Role

NEEDS: Mapping[str, Role] = {}


def may(caller: Caller, operation: str) -> bool:
    needed = NEEDS.get(operation)
    return needed is not None and caller.role.reaches(needed)
