"""What each model takes, as its pages in the documentation tell."""

from dataclasses import dataclass

ADAPTIVE, DISABLED, BETWEEN_TOOLS = "adaptive", "disabled", "between_tools"
EFFORTS = ("low", "medium", "high", "xhigh", "max")


@dataclass(frozen=True)
class Model:
    """``cache_minimum`` and ``longest_answer`` in tokens; ``thinks`` where the request does not mention thinking; ``samples``:
    takes a temperature, with the API version of 2023 only."""

    cache_minimum: int
    thinking: tuple[str, ...]
    efforts: tuple[str, ...] = EFFORTS
    longest_answer: int = 128_000
    thinks: bool = False
    samples: bool = False


_HAIKU_4_5 = Model(4096, (DISABLED,), (), 64_000, samples=True)
_SONNET_4_5 = Model(1024, (DISABLED,), (), 64_000, samples=True)
_OPUS_4_5 = Model(4096, (DISABLED,), EFFORTS[:3], 64_000, samples=True)
_ALWAYS = Model(512, (ADAPTIVE,), thinks=True)
_FREE = Model(512, (ADAPTIVE, DISABLED), thinks=True)

# Manual budgets (`enabled`) are refused everywhere, although the 4.5 models still take them: nothing new should send them.
MODELS = {
    "claude-haiku-4-5": _HAIKU_4_5,
    "claude-haiku-4-5-20251001": _HAIKU_4_5,
    "claude-sonnet-4-5": _SONNET_4_5,
    "claude-sonnet-4-5-20250929": _SONNET_4_5,
    "claude-opus-4-5": _OPUS_4_5,
    "claude-opus-4-5-20251101": _OPUS_4_5,
    "claude-sonnet-4-6": Model(1024, (ADAPTIVE, DISABLED), (*EFFORTS[:3], "max"), 64_000, samples=True),
    "claude-opus-4-6": Model(4096, (ADAPTIVE, DISABLED), (*EFFORTS[:3], "max"), samples=True),
    "claude-opus-4-7": Model(2048, (ADAPTIVE, DISABLED)),
    "claude-opus-4-8": Model(1024, (ADAPTIVE, DISABLED)),
    "claude-sonnet-5": Model(1024, (ADAPTIVE, DISABLED), thinks=True),
    "claude-opus-5": _FREE,
    "claude-fable-5": _ALWAYS,
    "claude-fable-5-1": _ALWAYS,
    "claude-fable-5-2": _ALWAYS,
    "claude-opus-5-5": _ALWAYS,
    "claude-sonnet-5-5": Model(512, (ADAPTIVE, BETWEEN_TOOLS), thinks=True),
    "claude-haiku-5-5": _FREE,
}
