"""What goes wrong on demand."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.fakes.claude.refusals import Json, Refused

When = Callable[[Json], bool]
_SENTENCES = {
    401: "invalid x-api-key",
    403: "Your API key does not have permission to use the specified resource.",
    404: "model: not found",
    413: "Request exceeds the maximum size",
    429: "This request would exceed your organization's rate limit.",
    500: "Internal server error",
    529: "Overloaded",
}


@dataclass
class Fault:
    """``kind`` names it; ``seconds`` is for slow ones, ``refusal`` for those that are an error answer, ``body`` for those that
    are some other answer."""

    kind: str
    times: int
    when: When | None = None
    seconds: float = 0.0
    refusal: Refused | None = None
    body: str = ""


@dataclass
class Faults:
    """The faults that wait to happen; each request meets the first that is meant for it. ``outage`` makes all of them 529."""

    outage: bool = False
    waiting: list[Fault] = field(default_factory=list)
    met: list[str] = field(default_factory=list)

    def status(
        self,
        times: int,
        status: int,
        *,
        retry_after_s: float | None = None,
        retry_after_ms: int | None = None,
        when: When | None = None,
        says: str = "",
    ) -> None:
        """The next requests are answered with this error status, 429 or 529 with the headers of a wait if one is given; its
        sentence is the usual one or what it ``says``."""
        waits = {"retry-after": retry_after_s, "retry-after-ms": retry_after_ms}
        headers = {name: f"{wait:g}" for name, wait in waits.items() if wait is not None}
        refusal = Refused(says or _SENTENCES.get(status, "error"), status=status, headers=headers)
        self.waiting.append(Fault("status", times, when, refusal=refusal))

    def slow(self, times: int, *, seconds: float, when: When | None = None) -> None:
        """The next answers begin so much later."""
        self.waiting.append(Fault("slow", times, when, seconds))

    def dropped_unread(self, times: int = 1) -> None:
        """The next connections end before the request was read."""
        self.waiting.append(Fault("dropped_unread", times))

    def dropped(self, times: int = 1, *, when: When | None = None) -> None:
        """The next connections end after the request was read, without an answer."""
        self.waiting.append(Fault("dropped", times, when))

    def dropped_midway(self, times: int = 1, *, when: When | None = None) -> None:
        """The next connections end in the middle of the answer, streamed or not."""
        self.waiting.append(Fault("dropped_midway", times, when))

    def overloaded_midway(self, times: int = 1, *, when: When | None = None) -> None:
        """The next streams end in an error event; a request that does not stream is answered 529."""
        self.waiting.append(Fault("overloaded_midway", times, when))

    def garbled(self, times: int = 1, *, when: When | None = None) -> None:
        """The next answers claim to be JSON and are none."""
        self.waiting.append(Fault("garbled", times, when))

    def answered(self, body: str, times: int = 1) -> None:
        """The next answers are 200 with this JSON."""
        self.waiting.append(Fault("answered", times, body=body))

    def stripped(self, times: int = 1, *, when: When | None = None) -> None:
        """The next answers are JSON without content, stop reason and usage."""
        self.waiting.append(Fault("stripped", times, when))

    def emptied(self, times: int = 1, *, when: When | None = None) -> None:
        """The next answers have a content of no blocks."""
        self.waiting.append(Fault("emptied", times, when))

    def proxy_page(self, times: int = 1, *, when: When | None = None) -> None:
        """The next answers are a proxy's 502 in HTML."""
        self.waiting.append(Fault("proxy_page", times, when))

    def take_unread(self) -> bool:
        """Whether this request is not even to be read."""
        return bool(self.waiting and self.waiting[0].kind == "dropped_unread" and self._meet(self.waiting[0]))

    def take(self, body: Json) -> Fault | None:
        """The fault that a request with this body meets."""
        if self.outage:
            return Fault("status", 1, refusal=Refused(_SENTENCES[529], status=529))
        fitting = (
            each for each in self.waiting if each.kind != "dropped_unread" and (not each.when or each.when(body))
        )
        fault = next(fitting, None)
        return self._meet(fault) if fault else None

    def _meet(self, fault: Fault) -> Fault:
        fault.times -= 1
        if not fault.times:
            self.waiting.remove(fault)
        self.met.append(fault.kind)
        return fault
