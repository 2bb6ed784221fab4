"""What a request and its answer cost in tokens, and the prompt cache."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from tests.fakes.claude.models import MODELS
from tests.fakes.claude.prompt import Part, parts_of
from tests.fakes.claude.refusals import Json
from tests.fakes.slack.clock import Clock

LASTS_S = {"5m": 300.0, "1h": 3600.0}
# How many blocks before a breakpoint the cache is searched for something that was written earlier.
LOOKS_BACK = 20
# All images count alike: the real price goes by their size, up to about this.
IMAGE_TOKENS = 1600


def tokens(text: str) -> int:
    """Roughly the tokens of a text; none for an empty one."""
    return ceil(len(text) / 4)


@dataclass(frozen=True)
class Step:
    """The prompt up to and with one block: its ``key``, its length in tokens, how long a breakpoint there lasts or ""."""

    key: str
    tokens: int
    ttl: str


@dataclass(frozen=True)
class Counted:
    """Tokens read from the cache, written to it by lifetime, and beside it; ``kept`` are the steps to write."""

    read: int
    written: dict[str, int]
    rest: int
    kept: tuple[Step, ...] = ()

    def usage(self, output: int, thought: int) -> Json:
        """The ``usage`` of an answer."""
        return {
            "input_tokens": self.rest,
            "cache_creation_input_tokens": sum(self.written.values()),
            "cache_read_input_tokens": self.read,
            "cache_creation": {f"ephemeral_{ttl}_input_tokens": self.written.get(ttl, 0) for ttl in LASTS_S},
            "output_tokens": output,
            "output_tokens_details": {"thinking_tokens": thought},
            "service_tier": "standard",
        }


class PromptCache:
    """What was written, until when."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}

    def count(self, body: Json) -> Counted:
        """What a request reads now and will have written."""
        steps = list(_steps(body))
        minimum = MODELS[body["model"]].cache_minimum
        marked = [n for n, step in enumerate(steps) if step.ttl and step.tokens >= minimum]
        if not marked:
            return Counted(0, {}, steps[-1].tokens)
        seen = [n for mark in marked for n in range(max(0, mark - LOOKS_BACK), mark + 1) if self._has(steps[n].key)]
        read = at = steps[max(seen)].tokens if seen else 0
        written: dict[str, int] = {}
        for step in (steps[n] for n in marked if steps[n].tokens > read):
            written[step.ttl] = written.get(step.ttl, 0) + step.tokens - at
            at = step.tokens
        return Counted(read, written, steps[-1].tokens - at, tuple(steps[n] for n in marked))

    def keep(self, counted: Counted) -> None:
        """Write what was counted, as happens when the answer begins; what was read lasts anew."""
        for step in counted.kept:
            self._until[step.key] = max(self._until.get(step.key, 0.0), self._clock.now() + LASTS_S[step.ttl])

    def _has(self, key: str) -> bool:
        return self._until.get(key, 0.0) > self._clock.now()


def _steps(body: Json) -> Iterator[Step]:
    wanted = (body.get("output_config") or {}).get("format") or {}
    head = json.dumps([body["model"], wanted], sort_keys=True)
    digest, count = hashlib.sha256(head.encode()), tokens(json.dumps(wanted)) if wanted else 0
    parts = list(parts_of(body))
    for part in parts:
        said = {name: value for name, value in part.block.items() if name != "cache_control"}
        # Another kind of thinking leaves what is cached of the system prompt alone, and nothing after it.
        mode = body.get("thinking") if part.role != "system" else None
        digest.update(json.dumps([part.role, said, mode], sort_keys=True).encode())
        count += _tokens_of(part.block)
        yield Step(digest.hexdigest(), count, _ttl(part, body if part is parts[-1] else {}))


def _ttl(part: Part, automatic: Json) -> str:
    inside = part.block["content"] if part.block["type"] == "search_result" else []
    marks = [each.get("cache_control") for each in (part.block, automatic, *inside)]
    return next((mark.get("ttl", "5m") for mark in marks if mark), "")


def _tokens_of(block: Json) -> int:
    match block["type"]:
        case "image":
            return IMAGE_TOKENS
        case "search_result":
            return tokens(block["source"] + block["title"] + "".join(text["text"] for text in block["content"]))
        case "text":
            return tokens(block["text"])
    return tokens(str(block.get("thinking", "")))
