"""Service while a remote engine cannot answer (DESIGN 9): the one on this machine in its place, and words for why."""

import asyncio
from dataclasses import dataclass, replace

import structlog

from core.domain.errors import BudgetSpentError, FinalError, TransientError, UnusableAnswerError, VigilError
from core.ports.engine import Engine
from core.respond.pipeline import respond
from core.respond.situation import Response, Situation, Tools

log = structlog.get_logger(__name__)

LEAST_S = 2.0
"""What the engine on this machine is given at least, where the other has used up the time for the whole answer."""
TIMED_OUT = "no answer within the time allowed"
ENGINE_FAILED = "the engine could not be reached"
BUDGET_SPENT = "the day's budget for models is spent"
NO_USABLE_ANSWER = "the model gave no usable answer"


@dataclass(frozen=True, slots=True)
class Served:
    """A response and the engine that made it. ``reduced`` tells why it was the one on this machine in place of a remote one; it
    is empty where all went as it should."""

    response: Response
    engine: Engine
    reduced: str = ""


async def respond_anyhow(situation: Situation, tools: Tools, fallback: Engine | None, budget_s: float | None) -> Served:
    """Respond within ``budget_s`` of real time (``None``: however long it takes); where that fails and there is a ``fallback``,
    once more with that engine in what is left of the time, at least two seconds.

    Raises what the last try raised: ``TimeoutError``, ``TransientError``, ``FinalError``, ``Superseded``.
    """
    begun = tools.clock.monotonic_s()
    try:
        return Served(await _within(budget_s, situation, tools), tools.engine)
    except (TimeoutError, TransientError, FinalError) as error:
        if fallback is None:
            raise
        why = reason_of(error)
        log.warning("reduced_service", session=situation.session, error=type(error).__name__)
    used_s = tools.clock.monotonic_s() - begun
    left_s = None if budget_s is None else max(LEAST_S, budget_s - used_s)
    response = await _within(left_s, situation, replace(tools, engine=fallback, first_look=None))
    return Served(_marked(response, why), fallback, why)


def reason_of(error: TimeoutError | VigilError) -> str:
    """Why there is no answer, as it is recorded and told."""
    match error:
        case TimeoutError():
            return TIMED_OUT
        case BudgetSpentError():
            return BUDGET_SPENT
        case UnusableAnswerError():
            return NO_USABLE_ANSWER
        case TransientError():
            return ENGINE_FAILED
        case _:
            return error.sentence


async def _within(budget_s: float | None, situation: Situation, tools: Tools) -> Response:
    async with asyncio.timeout(budget_s):
        return await respond(situation, tools)


def _marked(response: Response, why: str) -> Response:
    resolved = (replace(one, reason=f"{one.reason}; reduced service: {why}") for one in response.resolved)
    return replace(response, resolved=tuple(resolved))
