"""The ways in which an answer goes over the wire, whole or not."""

import json

from aiohttp import web

from tests.fakes.claude.faults import Fault
from tests.fakes.claude.refusals import Json, Refused, error_body
from tests.fakes.claude.streaming import event, events_of

_PAGE = "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>"


def hang_up(request: web.Request) -> web.Response:
    """End the connection; what is returned goes nowhere."""
    if request.transport:
        request.transport.abort()
    return web.Response()


def without_content(request: web.Request, fault: Fault) -> web.Response:
    """The answers of faults for which nothing is said."""
    match fault.kind:
        case "proxy_page":
            return web.Response(status=502, text=_PAGE, content_type="text/html")
        case "answered":
            return web.Response(text=fault.body, content_type="application/json")
        case "garbled":
            return web.Response(text='{"id": "msg_01", "content": [{"ty', content_type="application/json")
    return hang_up(request)


def refused(refusal: Refused, request_id: str) -> web.Response:
    """An error answer."""
    body = error_body(refusal.status, refusal.message, request_id)
    return web.json_response(body, status=refusal.status, headers={"request-id": request_id, **refusal.headers})


async def deliver(request: web.Request, message: Json, fault: Fault | None, request_id: str) -> web.StreamResponse:
    """An answer, streamed if it was asked for so, spoilt if a fault wants it."""
    kind, streams = fault.kind if fault else "", bool((await request.json()).get("stream"))
    if kind == "overloaded_midway" and not streams:
        return refused(Refused("Overloaded", status=529), request_id)
    if kind == "emptied":
        message |= {"content": []}
    if kind == "stripped":
        message = {name: message[name] for name in ("id", "type", "role", "model")}
        return web.json_response(message, headers={"request-id": request_id})
    pieces = list(events_of(message)) if streams else _halves(message)
    response = web.StreamResponse(headers={"request-id": request_id})
    response.content_type = "text/event-stream" if streams else "application/json"
    await response.prepare(request)
    if kind in {"overloaded_midway", "dropped_midway"}:
        # Up to the middle of what is said: half of the JSON, or some of the text.
        pieces = pieces[: len(pieces) // 2]
    for piece in pieces:
        await response.write(piece)
    if kind == "overloaded_midway":
        await response.write(event("error", error=error_body(529, "Overloaded", request_id)["error"]))
    if kind == "dropped_midway" and request.transport:
        request.transport.close()
    return response


def _halves(message: Json) -> list[bytes]:
    text = json.dumps(message).encode()
    return [text[: len(text) // 2], text[len(text) // 2 :]]
