"""Whether a function's time grows with its text no faster than the text: a ratio within one run, so that neither a slow machine
nor coverage's tracing makes a difference."""

import time
from collections.abc import Callable

SMALL = 16_000
TIMES_LONGER = 8
MOST_TIMES_SLOWER = 28
"""Half-way, in factors, between the 8 of linear and the 64 of quadratic time, with room for caches and collections."""

TOO_SHORT_TO_MEASURE_S = 0.02


def grows_like_its_text(work: Callable[[str], object], text_of: Callable[[int], str]) -> bool:
    """Give whether work on a text eight times as long takes no more than about eight times as long; tried three times."""
    return any(_ratio(work, text_of) <= MOST_TIMES_SLOWER for _ in range(3))


def _ratio(work: Callable[[str], object], text_of: Callable[[int], str]) -> float:
    long_s = _cpu_s(work, text_of(SMALL * TIMES_LONGER))
    if long_s < TOO_SHORT_TO_MEASURE_S:
        return 0.0
    small = text_of(SMALL)
    return long_s / min(_cpu_s(work, small) for _ in range(3))


def _cpu_s(work: Callable[[str], object], text: str) -> float:
    started = time.process_time()
    work(text)
    return max(time.process_time() - started, 1e-9)
