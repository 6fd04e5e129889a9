"""The providers' calls: read, store, thank – all else happens afterwards."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from fastapi import APIRouter, HTTPException, Request, Response
from starlette.concurrency import run_in_threadpool

from app.crash_points import CrashPoint
from app.http.limiter import Limiter
from app.http.site import Site
from app.http.turnstile import caller
from bot.messages import InboundMessage
from channels import CHANNELS
from channels.channel import Channel, Forged, News, WebhookCall

log = logging.getLogger(__name__)


async def incoming(request: Request) -> WebhookCall:
    """The call as it is on the wire."""
    body = await request.body()
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw]
    path = request.scope.get("raw_path") or request.scope["path"].encode()
    return WebhookCall(path.decode("latin-1"), body, headers, request.scope["query_string"].decode("latin-1"))


def webhooks(
    channels: Mapping[str, Channel], receive: Callable[[list[News]], None], *, site: Site, limiter: Limiter
) -> APIRouter:
    """A route for each path on which a provider of these channels calls; of two that share one, either may read it.

    The routes are Starlette's: a call has nothing that FastAPI would have to find out or to check.
    """
    bouncer = Bouncer(site, limiter)
    router = APIRouter()
    serving = {path: channel for name, channel in channels.items() for path in CHANNELS[name].paths}
    for path, channel in serving.items():
        endpoint = _endpoint(channel, receive, bouncer)
        router.add_route(f"/webhooks/{path}", endpoint, methods=["POST"], include_in_schema=False)
    return router


@dataclass(frozen=True)
class Bouncer:
    """Turns forgers away, after a while without a word, and keeps one chat from flooding us.

    Whoever shows the right signature is not counted by address: all chats of a provider come from the same few.
    """

    site: Site
    limiter: Limiter

    def turn_away(self, request: Request, channel: Channel) -> HTTPException:
        standing = self.limiter.hit(self.site.rates.forged, caller(request.scope, self.site.trusted_proxies))
        if not standing.allowed:
            return HTTPException(429, headers=standing.headers)
        log.warning("a forged call", extra={"channel": channel.name})
        return HTTPException(403)

    def lets_in(self, news: News) -> bool:
        """The provider is thanked all the same, or it would bring the flood again and again."""
        if not isinstance(news, InboundMessage):
            return True
        who = f"{news.sender.channel}:{news.sender.id}"
        allowed = self.limiter.hit(self.site.rates.chat, who).allowed
        if not allowed:
            log.warning(
                "somebody writes more than we read", extra={"channel": news.sender.channel, "who": news.sender.id}
            )
        return allowed


def _endpoint(
    channel: Channel, receive: Callable[[list[News]], None], bouncer: Bouncer
) -> Callable[[Request], Awaitable[Response]]:
    def take(request: Request, call: WebhookCall) -> Response:
        try:
            news = channel.read(call)
        except Forged:
            raise bouncer.turn_away(request, channel) from None
        CrashPoint.CALL_READ.passed()
        receive([one for one in news if bouncer.lets_in(one)])
        CrashPoint.NEWS_STORED.passed()
        thanks = channel.thanks(call)
        return Response(thanks.body, thanks.status, media_type=thanks.media_type)

    async def hear(request: Request) -> Response:
        return await run_in_threadpool(take, request, await incoming(request))

    return hear
