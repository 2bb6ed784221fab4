"""The fake as tests use it: start it, tell the model what to say, and see what it was asked."""

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from aiohttp import web

from tests.fakes.claude.answers import deliver, hang_up, refused, without_content
from tests.fakes.claude.faults import Faults
from tests.fakes.claude.models import MODELS
from tests.fakes.claude.refusals import Json, Refused
from tests.fakes.claude.request_rules import FIRST, LATEST, check_request
from tests.fakes.claude.said import Said, ScriptError, content_of
from tests.fakes.claude.usage import Counted, PromptCache, tokens
from tests.fakes.slack.clock import Bell, Clock

MOST_BYTES = 32 * 2**20


@dataclass(frozen=True)
class Asked:
    """A request as it came, without the key: ``at`` in seconds of the fake's clock; an unreadable body is {}."""

    body: Json
    headers: dict[str, str]
    at: float


class FakeClaude:
    """One API with one key. ``answers`` are said first, in order; then ``model`` is asked."""

    def __init__(self) -> None:
        self.api_key = "test-key"
        self.base_url = ""
        self.clock = Clock()
        self.faults = Faults()
        self.answers: deque[Said] = deque()
        self.model: Callable[[Json], Said] = _unscripted
        self.requests: list[Asked] = []
        self.violations: list[str] = []
        self.mistakes: list[str] = []
        self.busiest = 0
        self._bell = Bell()
        self._under_way = 0
        self._numbers = 0
        self._cache = PromptCache(self.clock)
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None

    async def until(self, holds: Callable[[], bool], within_s: float = 10.0) -> None:
        """Wait until something holds of the requests; ``TimeoutError`` where it does not within real seconds."""
        await self._bell.until(holds, within_s)

    async def open_port(self) -> None:
        """Begin to take connections, always on the same port."""
        if self._runner is None:
            served = web.Application(client_max_size=2 * MOST_BYTES)
            served.router.add_route("*", "/{path:.*}", self._answer)
            self._runner = web.AppRunner(served, access_log=None, shutdown_timeout=1.0)
            await self._runner.setup()
        port = int(self.base_url.rpartition(":")[2] or 0)
        self._site = web.TCPSite(self._runner, "127.0.0.1", port)
        await self._site.start()
        self.base_url = "http://{}:{}".format(*self._runner.addresses[0][:2])

    async def close_port(self) -> None:
        """Refuse connections until ``open_port``; those that are kept open end with their next request."""
        if self._site:
            await self._site.stop()
            self._site = None

    async def stop(self) -> None:
        """End for good."""
        if self._runner:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self._under_way += 1
        self.busiest = max(self.busiest, self._under_way)
        try:
            if self._site is None or self.faults.take_unread():
                return hang_up(request)
            if (request.method, request.path.rpartition("/")[0]) == ("GET", "/v1/models"):
                return self._model_info(request, self._mint("req"))
            return await self._serve(request, self._mint("req"))
        finally:
            self._under_way -= 1
            self._bell.ring()

    def _model_info(self, request: web.Request, request_id: str) -> web.Response:
        model = request.path.rpartition("/")[2]
        try:
            self._check_key(request)
            if model not in MODELS:
                raise Refused(f"model: {model}", status=404)
        except Refused as error:
            return refused(error, request_id)
        told = {"id": model, "type": "model", "display_name": model, "created_at": "2026-10-07T00:00:00Z"}
        return web.json_response(told, headers={"request-id": request_id})

    async def _serve(self, request: web.Request, request_id: str) -> web.StreamResponse:
        text = await request.read()
        body, refusal = self._read(request, text)
        counted = None if refusal else self._cache.count(body)
        fault = self.faults.take(body)
        if fault and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        elif fault and fault.kind in {"answered", "dropped", "proxy_page", "garbled"}:
            return without_content(request, fault)
        if refusal := (fault.refusal if fault else None) or refusal:
            return refused(refusal, request_id)
        assert counted is not None
        try:
            message = self._message(body, counted)
        # Whatever a test's model raises would otherwise be lost in the server's log.
        except Exception as error:
            self.mistakes.append(str(error) if isinstance(error, ScriptError) else repr(error))
            return refused(Refused(f"the script of this test is wrong: {error}", status=500), request_id)
        self._cache.keep(counted)
        return await deliver(request, message, fault, request_id)

    def _read(self, request: web.Request, text: bytes) -> tuple[Json, Refused | None]:
        body: object = None
        refusal = None
        with contextlib.suppress(ValueError):
            body = json.loads(text)
        try:
            self._check_headers(request, len(text))
            if body is None:
                raise Refused("The request body is not valid JSON")
            check_request(body, request.headers["anthropic-version"])
        except Refused as error:
            refusal = error
            # A wrong key is the configuration's mistake, anything else the program's.
            if error.status != 401:
                self.violations.append(error.message)
        given = body if isinstance(body, dict) else {}
        headers = {name.lower(): value for name, value in request.headers.items()}
        told = {name: value for name, value in headers.items() if name not in {"authorization", "x-api-key"}}
        self.requests.append(Asked(given, told, self.clock.now()))
        self._bell.ring()
        return given, refusal

    def _check_key(self, request: web.Request) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        key = request.headers.get("x-api-key") or (token if scheme == "Bearer" else "")
        if key != self.api_key:
            raise Refused("invalid x-api-key" if key else "x-api-key header is required", status=401)

    def _check_headers(self, request: web.Request, size: int) -> None:
        headers = request.headers
        self._check_key(request)
        if (request.method, request.path) != ("POST", "/v1/messages"):
            raise Refused("Not found", status=404)
        if size > MOST_BYTES:
            raise Refused("Request exceeds the maximum size", status=413)
        if headers.get("anthropic-version", "") not in {LATEST, FIRST}:
            raise Refused(f"anthropic-version: {headers.get('anthropic-version', 'header is required')!r}")
        if request.content_type != "application/json":
            raise Refused("content-type: must be application/json")

    def _message(self, body: Json, counted: Counted) -> Json:
        said = self.answers.popleft() if self.answers else self.model(body)
        content = content_of(said, body)
        thought = said.thought if any(block["type"] == "thinking" for block in content) else 0
        output = thought + sum(tokens(block["text"]) for block in content if block["type"] == "text")
        if said.stop_reason == "max_tokens":
            output = body["max_tokens"]
        elif output > body["max_tokens"]:
            raise ScriptError(f"{output} tokens are said, {body['max_tokens']} were asked for")
        return {
            "id": self._mint("msg"),
            "type": "message",
            "role": "assistant",
            "model": body["model"],
            "content": content,
            "stop_reason": said.stop_reason,
            "stop_sequence": None,
            "stop_details": said.stop_details,
            "usage": counted.usage(output, thought),
        }

    def _mint(self, kind: str) -> str:
        self._numbers += 1
        return f"{kind}_01{self._numbers:022}"


def _unscripted(body: Json) -> Said:
    raise ScriptError("nothing was scripted for this request")


@contextlib.asynccontextmanager
async def fake_claude() -> AsyncIterator[FakeClaude]:
    """Serve a new API on a free port of this machine; ``AssertionError`` at the end if a script was wrong."""
    claude = FakeClaude()
    try:
        await claude.open_port()
        yield claude
    finally:
        await claude.stop()
    assert claude.mistakes == []
