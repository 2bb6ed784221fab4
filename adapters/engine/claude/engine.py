"""The Claude engine: performs tasks by the Messages API, any server that speaks it."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import structlog
from anthropic import AsyncAnthropic
from anthropic.types import Message

from adapters.engine.claude.answers import Unusable, read_answer
from adapters.engine.claude.breaker import Breaker
from adapters.engine.claude.citations import read_cited
from adapters.engine.claude.failures import failures_told
from adapters.engine.claude.models import price_usd
from adapters.engine.claude.pictures import read_pictures
from adapters.engine.claude.received import sound, text_of, usage_of
from adapters.engine.claude.schemas import schema_of
from adapters.engine.claude.wire import Payload, estimated_tokens, payload_of, with_repair
from adapters.retry import retrying
from core.domain.costs import Call, CallOutcome
from core.domain.errors import FinalError, TransientError, UnusableAnswerError
from core.domain.tasks import Reply, Request, Tier, Usage
from core.ports.meter import Meter

log = structlog.get_logger(__name__)

In = TypeVar("In")
Out = TypeVar("Out")

DECLINED = "The model declined to answer."
NOT_USABLE = "The model's answer cannot be used."
TOO_SLOW = "The model did not answer in time."
UNKNOWN_TASK = "The Claude engine does not know the task {task}."
WRONG_INPUTS = "The task {task} was given what it does not take."
_STOPS = {
    "refusal": CallOutcome.REFUSED,
    "max_tokens": CallOutcome.CUT,
    "model_context_window_exceeded": CallOutcome.CUT,
}
_CUT = "it was cut at the longest length allowed: be much shorter"


class ClaudeEngine:
    """Performs every task. ``models`` names one per tier; ``home`` is where pictures are kept; at most ``calls_at_once`` calls
    are under way, the others wait within their own time."""

    name = "claude"
    quotes = False
    remote = True

    def __init__(
        self, client: AsyncAnthropic, models: Mapping[Tier, str], meter: Meter, home: Path, calls_at_once: int = 8,
        monotonic_s: Callable[[], float] = time.monotonic, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:  # fmt: skip
        self._client, self._models, self._meter, self._home = client, dict(models), meter, home
        self._places = asyncio.Semaphore(calls_at_once)
        self._breakers = {model: Breaker(monotonic_s) for model in self._models.values()}
        self._sleep = sleep
        self._counting: set[asyncio.Task[None]] = set()

    async def perform(self, request: Request[In, Out]) -> Reply[Out]:
        """See ``Engine.perform``. A round never takes longer than the task's ``timeout_s``, however often it tries; only tasks
        with repairs have more than one."""
        task = request.task
        if task.name != "generate" and schema_of(task.name) is None:
            raise FinalError(UNKNOWN_TASK.format(task=task.name))
        if not isinstance(request.inputs, task.input_type):
            raise FinalError(WRONG_INPUTS.format(task=task.name))
        begun = time.perf_counter()
        output, usage = await self._performed(request)
        if not isinstance(output, task.output_type):
            raise FinalError(UNKNOWN_TASK.format(task=task.name))
        return Reply(output, self._models[task.tier], usage, (time.perf_counter() - begun) * 1000)

    async def _performed(self, request: Request[Any, Any]) -> tuple[object, Usage]:
        """The output and what all calls for it used. An answer that cannot be used is given back to be put right as often as
        the task allows."""
        pictures = await read_pictures(request.pictures, self._home)
        payload = payload_of(request, self._models[request.task.tier], secrets.token_hex(8), pictures)
        used = Usage()
        for left in range(request.task.repairs, -1, -1):
            message, ms = await self._in_time(payload, request)
            usage = usage_of(message)
            used += usage
            try:
                output: object = _read(message, request)
            except Unusable as error:
                outcome = _STOPS.get(message.stop_reason or "", CallOutcome.UNUSABLE)
                await self._count(request, usage, ms, outcome)
                log.warning("model_answer_unusable", task=request.task.name, why=str(error), stop=message.stop_reason)
                if not left or outcome is CallOutcome.REFUSED:
                    raise UnusableAnswerError(DECLINED if outcome is CallOutcome.REFUSED else NOT_USABLE) from None
                payload = with_repair(payload, text_of(message), str(error))
            else:
                await self._count(request, usage, ms, CallOutcome.OK)
                return output, used
        raise AssertionError("the last round returns or raises")

    async def _in_time(self, payload: Payload, request: Request[Any, Any]) -> tuple[Message, float]:
        try:
            async with asyncio.timeout(request.task.timeout_s):
                return await self._answer(payload, request)
        except TimeoutError:
            raise TransientError(TOO_SLOW) from None

    async def _answer(self, payload: Payload, request: Request[Any, Any]) -> tuple[Message, float]:
        """One answer of the provider and how long it took in milliseconds; tried again where that may help. A call
        that is broken off is paid for all the same and counted by estimate, unless nothing was sent yet."""
        task, breaker = request.task, self._breakers[payload["model"]]
        await self._meter.admit(hot=not task.repairs)
        probe, sent = breaker.check(), asyncio.Event()
        begun = time.perf_counter()
        try:
            found = await retrying(
                lambda: self._asked(payload, sent), patience_s=task.timeout_s, first_s=0.5, sleep=self._sleep
            )
            breaker.succeeded()
            return found
        except (FinalError, UnusableAnswerError):
            breaker.succeeded()  # the provider is there, it only takes not this
            raise
        except TransientError as error:
            breaker.failed(probe=probe, why=error.sentence)
            raise
        except asyncio.CancelledError:
            if sent.is_set():
                breaker.failed(probe=probe)
                ms = (time.perf_counter() - begun) * 1000
                self._counted(request, Usage(estimated_tokens(payload)), ms, CallOutcome.BROKEN_OFF)
            raise
        finally:
            breaker.ended(probe=probe)

    async def _asked(self, payload: Payload, sent: asyncio.Event) -> tuple[Message, float]:
        async with self._places:
            sent.set()
            begun = time.perf_counter()
            with failures_told(payload["model"]):
                message = await self._client.messages.create(**payload)
            return sound(message), (time.perf_counter() - begun) * 1000

    async def _count(self, request: Request[Any, Any], usage: Usage, ms: float, outcome: CallOutcome) -> None:
        await asyncio.shield(self._counted(request, usage, ms, outcome))  # it was paid, whether or not it came in time

    def _counted(
        self, request: Request[Any, Any], usage: Usage, ms: float, outcome: CallOutcome
    ) -> "asyncio.Task[None]":
        """Count a call, whatever becomes of whoever asked for it."""
        model = self._models[request.task.tier]
        usd = price_usd(model, usage)
        call = Call(datetime.now(UTC), request.task.name, model, request.about, usage, usd, ms, outcome)
        task = asyncio.create_task(self._meter.spent(call))
        self._counting.add(task)
        task.add_done_callback(self._counting.discard)
        return task


def _read(message: Message, request: Request[Any, Any]) -> object:
    if message.stop_reason == "refusal":
        raise Unusable("it was declined")
    if message.stop_reason in _STOPS:
        raise Unusable(_CUT)
    if not text_of(message).strip():
        raise Unusable("it is empty")
    if request.task.name == "generate":
        return read_cited(message.content)
    return read_answer(request.task.name, text_of(message), request.inputs)
