"""By what template a request found its endpoint."""

from starlette.routing import Mount
from starlette.types import Scope

UNKNOWN = "none"
"""For all paths that nothing answers to, or anybody could make up names without end."""


def template(scope: Scope) -> str:
    """The whole path as the routers put it together, as in /api/appointments/{code}; of a mount only where it is.

    A route knows its path but not its router's prefix. FastAPI keeps the whole in the scope, for its own traces; of a
    route of Starlette's, which has no prefix, only the route itself.
    """
    route = scope.get("fastapi", {}).get("effective_route_context") or scope.get("route")
    if route is not None:
        plain = getattr(route, "starlette_route", None) or route
        return getattr(route, "path", None) or getattr(plain, "path", None) or UNKNOWN
    mounts = {one.path for one in scope["app"].routes if isinstance(one, Mount)} if "app" in scope else set()
    prefix: str = scope.get("root_path", "")
    return prefix if prefix in mounts else UNKNOWN
