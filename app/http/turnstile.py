"""The turnstile: lets each network address through so many times a minute, and says how many are left."""

from collections.abc import Sequence
from ipaddress import IPv6Address, IPv6Network, ip_address

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.limiter import Limiter, Standing
from app.http.problems import ProblemResponse
from app.http.rates import Rate
from app.http.site import Site

UNCOUNTED = ("/webhooks/", "/static/", "/healthz", "/readyz", "/metrics")
"""Providers are counted per chat once their signature is seen, and whoever watches over us may look."""

FOR_STAFF = ("/api/admin", "/staff")


class Turnstile:
    """ASGI middleware; counts before anything is read."""

    def __init__(self, app: ASGIApp, site: Site, limiter: Limiter) -> None:
        self._app, self._site, self._limiter = app, site, limiter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(UNCOUNTED):
            await self._app(scope, receive, send)
            return
        who = caller(scope, self._site.trusted_proxies)
        standing = await run_in_threadpool(self._limiter.hit, self._rate(scope["path"]), who)

        async def send_counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in standing.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        if standing.allowed:
            await self._app(scope, receive, send_counted)
        else:
            await too_many(Request(scope), standing)(scope, receive, send)

    def _rate(self, path: str) -> Rate:
        return self._site.rates.staff if path.startswith(FOR_STAFF) else self._site.rates.default


def too_many(request: Request, standing: Standing) -> ProblemResponse:
    return ProblemResponse(request, "too_many_requests", headers=standing.headers)


def caller(scope: Scope, trusted_proxies: int) -> str:
    """The network that calls: what the outermost of our own proxies saw, whatever else the caller claims.

    A household has 2^64 IPv6 addresses, so they count as one.
    """
    claimed = Headers(scope=scope).getlist("x-forwarded-for")
    hops = [hop.strip() for line in claimed for hop in line.split(",")]
    peer = scope["client"][0] if scope.get("client") else "unknown"
    return _network(_outermost([*hops, peer], trusted_proxies))


def _outermost(hops: Sequence[str], trusted_proxies: int) -> str:
    return hops[max(0, len(hops) - 1 - trusted_proxies)]


def _network(address: str) -> str:
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, IPv6Address):
        return str(ip.ipv4_mapped or IPv6Network((ip, 64), strict=False))
    return str(ip)
