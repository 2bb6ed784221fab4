"""What goes wrong on demand, and how often Slack lets itself be called."""

from collections import deque
from dataclasses import dataclass, field
from fnmatch import fnmatch

from tests.fakes.slack.clock import Clock
from tests.fakes.slack.refusals import Refused

# Calls per minute and method, by tier.
TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
# Messages per second and channel; Slack tolerates short bursts, of a length that it does not tell.
POSTS_PER_S = 1.0
POSTS_AT_ONCE = 3


@dataclass
class Fault:
    """``kind`` is storm, broken, garbled, refused, lost_answer or slow; for the next ``times`` calls of ``method`` (a
    pattern)."""

    kind: str
    method: str
    times: int
    value: float = 0.0
    error: str = ""


@dataclass
class Faults:
    """The faults that wait to happen; each call meets the first that is meant for it."""

    waiting: list[Fault] = field(default_factory=list)
    met: list[tuple[str, str]] = field(default_factory=list)

    def storm(self, times: int, *, retry_after_s: int = 1, method: str = "*") -> None:
        """The next calls answer 429 with Retry-After and do nothing."""
        self.waiting.append(Fault("storm", method, times, retry_after_s))

    def broken(self, times: int, *, status: int = 503, method: str = "*") -> None:
        """The next calls answer with this HTTP status and do nothing."""
        self.waiting.append(Fault("broken", method, times, status))

    def garbled(self, times: int, *, method: str = "*") -> None:
        """The next calls answer with what claims to be JSON and is none, and do nothing."""
        self.waiting.append(Fault("garbled", method, times))

    def refused(self, times: int, error: str, *, method: str = "*") -> None:
        """The next calls are refused with this error, such as ``restricted_action`` or ``internal_error``."""
        self.waiting.append(Fault("refused", method, times, error=error))

    def lost_answer(self, times: int = 1, *, method: str = "chat.postMessage") -> None:
        """The next calls are carried out, and the connection ends before the answer."""
        self.waiting.append(Fault("lost_answer", method, times))

    def slow(self, times: int, *, seconds: float, method: str = "*") -> None:
        """The next calls take so long."""
        self.waiting.append(Fault("slow", method, times, seconds))

    def take(self, method: str) -> Fault | None:
        """The fault that this call meets."""
        for fault in self.waiting:
            if fnmatch(method, fault.method):
                fault.times -= 1
                if not fault.times:
                    self.waiting.remove(fault)
                self.met.append((fault.kind, method))
                return fault
        return None


@dataclass
class Limits:
    """Slack's rate limits; ``enforced`` only where a test asks. ``outside_marketplace`` are those of 2025 for reading."""

    clock: Clock
    enforced: bool = False
    outside_marketplace: bool = False
    _calls: dict[str, deque[float]] = field(default_factory=dict)

    def count(self, method: str, tier: int) -> None:
        """Note a call; refused as ``ratelimited`` beyond its tier. ``tier`` 0 has no limit by the minute."""
        if self.outside_marketplace and method in {"conversations.history", "conversations.replies"}:
            self._allow(method, TIERS[1], 60.0)
        elif self.enforced and tier:
            self._allow(method, TIERS[tier], 60.0)

    def count_post(self, channel: str) -> None:
        """Note a message in a channel."""
        if self.enforced:
            self._allow(f"post {channel}", POSTS_AT_ONCE, POSTS_AT_ONCE / POSTS_PER_S)

    def most_objects(self, asked: int) -> int:
        """How many messages one reading call gives."""
        return min(asked, 15) if self.outside_marketplace else asked

    def _allow(self, key: str, most: int, within_s: float) -> None:
        now, calls = self.clock.now(), self._calls.setdefault(key, deque())
        while calls and calls[0] <= now - within_s:
            calls.popleft()
        if len(calls) >= most:
            raise ratelimited(max(1, round(calls[0] + within_s - now + 0.5)))
        calls.append(now)


def ratelimited(after_s: float) -> Refused:
    """HTTP 429 with Retry-After in whole seconds."""
    return Refused("ratelimited", status=429, headers={"Retry-After": str(int(after_s))})
