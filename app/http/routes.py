"""By what template a request found its endpoint."""

from fastapi.routing import iter_route_contexts
from starlette.routing import Mount
from starlette.types import Scope

UNKNOWN = "none"
"""For all paths that nothing answers to, or anybody could make up names without end."""


def template(scope: Scope) -> str:
    """The whole path as the routers put it together, as in /api/appointments/{code}."""
    route = scope.get("route")
    if route is None:
        return _mounted(scope)
    known: dict[int, str] = getattr(scope["app"].state, "templates", {})
    if id(route) not in known:
        known = {id(one.original_route): one.path or UNKNOWN for one in iter_route_contexts(scope["app"].routes)}
        scope["app"].state.templates = known
    return known.get(id(route), UNKNOWN)


def _mounted(scope: Scope) -> str:
    prefix = scope.get("root_path", "")
    mounts = {one.path for one in scope["app"].routes if isinstance(one, Mount)}
    return prefix if prefix in mounts else UNKNOWN
