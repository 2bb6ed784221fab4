"""The one policy for trying again: exponential with jitter, never past a caller's patience."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception_type,
    stop_after_attempt,
    stop_before_delay,
    wait_random_exponential,
)

from core.domain.errors import TransientError

T = TypeVar("T")


async def retrying(
    call: Callable[[], Awaitable[T]],
    *,
    attempts: int = 4,
    first_s: float = 0.2,
    patience_s: float = 30.0,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> T:
    """Give what ``call`` gives, calling it again after a ``TransientError``, at most ``attempts`` times in all.

    Waits a random time up to ``first_s``, then twice that, and so on; never shorter than the error's ``retry_after_s``. When
    the next call would start later than ``patience_s`` after the first, or the attempts are used up, the last error is
    raised as it is. Any other error passes at once.
    """
    policy = AsyncRetrying(
        retry=retry_if_exception_type(TransientError),
        stop=stop_after_attempt(attempts) | stop_before_delay(patience_s),
        wait=_wait(first_s, patience_s),
        sleep=sleep,
        reraise=True,
    )

    async def once() -> T:
        return await call()  # tenacity awaits coroutine functions only, and a lambda is none

    return await policy(once)


def _wait(first_s: float, longest_s: float) -> Callable[[RetryCallState], float]:
    jittered = wait_random_exponential(multiplier=first_s, max=longest_s)
    return lambda state: max(jittered(state), _named_by_error(state))


def _named_by_error(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    return (error.retry_after_s or 0.0) if isinstance(error, TransientError) else 0.0
