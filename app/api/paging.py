"""The way to the next page: the last entry of this one, in a link."""

from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import Request, Response


def link_next(request: Request, response: Response, **changed: object) -> str:
    """The address of this question with other parameters; it also goes into the header Link (RFC 8288)."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in changed]
    address = f"{request.app.state.site.public_url}{request.url.path}?{urlencode([*kept, *_written(changed)])}"
    response.headers["Link"] = f'<{address}>; rel="next"'
    return address


def _written(parameters: Mapping[str, object]) -> list[tuple[str, str]]:
    return [(name, str(value)) for name, value in parameters.items()]
