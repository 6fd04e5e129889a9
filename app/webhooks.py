"""The providers' calls: read, store, thank – all else happens afterwards."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from channels import CHANNELS
from channels.channel import Channel, Forged, News, WebhookCall

log = logging.getLogger(__name__)

LARGEST = 256 * 1024
"""Bytes of a call; no provider sends more."""

PATIENCE = 10
"""Seconds a call may take to come in."""


async def incoming(request: Request) -> WebhookCall:
    """The call as it is on the wire, read no further than it may be long."""
    try:
        body = await asyncio.wait_for(_body(request), PATIENCE)
    except TimeoutError:
        raise HTTPException(408) from None
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw]
    path = request.scope.get("raw_path") or request.scope["path"].encode()
    return WebhookCall(path.decode("latin-1"), body, headers, request.scope["query_string"].decode("latin-1"))


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise HTTPException(413)
    return bytes(body)


def webhooks(channels: Mapping[str, Channel], receive: Callable[[list[News]], None]) -> APIRouter:
    """A route for each path on which a provider of these channels calls; of two that share one, either may read it."""
    router = APIRouter(prefix="/webhooks", include_in_schema=False)
    serving = {path: channel for name, channel in channels.items() for path in CHANNELS[name][1]}
    for path, channel in serving.items():
        router.add_api_route(f"/{path}", _endpoint(channel, receive), methods=["POST"])
    return router


def _endpoint(channel: Channel, receive: Callable[[list[News]], None]) -> Callable[[WebhookCall], Response]:
    def hear(call: Annotated[WebhookCall, Depends(incoming)]) -> Response:
        try:
            news = channel.read(call)
        except Forged:
            log.warning("a forged call for %s", channel.name)
            raise HTTPException(403) from None
        receive(news)
        thanks = channel.thanks(call)
        return Response(thanks.body, thanks.status, media_type=thanks.media_type)

    return hear
