"""The Web API: tokens, scopes, limits, faults, and one answer per call."""

import asyncio
from json import dumps

from aiohttp import web

# The methods register themselves.
from tests.fakes.slack import chat_methods, directory_methods, reading_methods, stream_methods, view_methods
from tests.fakes.slack.arguments import Call, read
from tests.fakes.slack.faults import ratelimited
from tests.fakes.slack.platform import METHODS, Method, Platform
from tests.fakes.slack.refusals import Json, Refused

ROOMS = (chat_methods, directory_methods, reading_methods, stream_methods, view_methods)
_APP_LEVEL = {"apps.connections.open"}


async def answer(slack: Platform, request: web.Request) -> web.StreamResponse:
    """Serve one call as Slack would."""
    name = request.match_info["method"]
    fault = slack.faults.take(name)
    match fault.kind if fault else "":
        case "storm" if fault:
            return _refused(slack, ratelimited(fault.value))
        case "broken" if fault:
            return web.Response(status=int(fault.value), text="upstream error", content_type="text/html")
        case "garbled":
            return web.Response(text='{"ok": tr', content_type="application/json")
        case "refused" if fault:
            return _refused(slack, Refused(fault.error))
        case "slow" if fault:
            await asyncio.sleep(fault.value)
    try:
        body = await _run(slack, request, name)
    except Refused as refusal:
        return _refused(slack, refusal)
    if fault and fault.kind == "lost_answer" and request.transport:
        request.transport.close()
    return _json(slack, {"ok": True, **body})


async def _run(slack: Platform, request: web.Request, name: str) -> Json:
    method = METHODS.get(name)
    if method is None:
        raise Refused("unknown_method", req_method=name)
    given = await read(request)
    check_token(slack, token_of(request, given), app_level=name in _APP_LEVEL)
    call = Call(slack.world, name, given)
    for scope in method.scopes:
        call.need(scope)
    return _counted(slack, method, call)


def _counted(slack: Platform, method: Method, call: Call) -> Json:
    slack.limits.count(call.method, method.tier)
    slack.calls.append((call.method, call.given))
    slack.world.bell.ring()
    return method.run(slack, call)


def token_of(request: web.Request, given: Json) -> str:
    """The bearer token, or the one among the arguments."""
    return request.headers.get("Authorization", "").removeprefix("Bearer ").strip() or str(given.pop("token", ""))


def check_token(slack: Platform, token: str, *, app_level: bool = False) -> None:
    """Refuse a token that is missing, unknown, of the wrong kind, or dead."""
    app = slack.world.app
    if not token:
        raise Refused("not_authed")
    if token.startswith("xapp-") is not app_level:
        raise Refused("not_allowed_token_type")
    if token != (app.app_token if app_level else app.bot_token):
        raise Refused("invalid_auth")
    if app.token_error and not app_level:
        raise Refused(app.token_error)


def _refused(slack: Platform, refusal: Refused) -> web.Response:
    return _json(slack, refusal.body, refusal.status, refusal.headers)


def _json(slack: Platform, body: Json, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    scopes = {"x-oauth-scopes": ",".join(sorted(slack.world.app.scopes))}
    return web.Response(
        text=dumps(body), status=status, headers={**scopes, **(headers or {})}, content_type="application/json"
    )
